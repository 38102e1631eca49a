package org.brokerhandoff.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.brokerhandoff.operations.configuration.Setting;
import org.brokerhandoff.operations.configuration.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** What the compose files say is what the services understand, and what the claims need. */
class ComposeFilesTest {
    private static final String ONE_HOST = "docker-compose.yml";
    private static final String CLUSTER = "docker-compose.cluster.yml";

    /** The members of each service, by its name. */
    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> services(String file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(500);
        Map<String, Object> whole = new Yaml(options).load(Files.readString(Path.of("..", file)));
        return (Map<String, Map<String, Object>>) requireNonNull(whole.get("services"));
    }

    private static Map<?, ?> environment(Map<String, Object> service) {
        return service.get("environment") instanceof Map<?, ?> environment ? environment : Map.of();
    }

    private static List<String> volumes(Map<String, Object> service) {
        return service.get("volumes") instanceof List<?> volumes
                ? volumes.stream().map(String::valueOf).toList()
                : List.of();
    }

    @ParameterizedTest
    @ValueSource(strings = {ONE_HOST, CLUSTER})
    void every_setting_that_is_named_exists(String file) throws IOException {
        Set<String> known = Settings.ALL.stream().map(Setting::name).collect(Collectors.toSet());
        assertThat(services(file).values().stream()
                        .flatMap(service -> environment(service).keySet().stream())
                        .map(String::valueOf)
                        .filter(name -> name.startsWith("HANDOFF_")))
                .isNotEmpty()
                .isSubsetOf(known);
    }

    @ParameterizedTest
    @ValueSource(strings = {ONE_HOST, CLUSTER})
    void no_memory_of_what_sees_people_or_keys_reaches_a_disk(String file) throws IOException {
        services(file).forEach((name, service) -> {
            String image = String.valueOf(service.get("image"));
            // Kafka has what is sealed, and PostgreSQL no person and no key.
            if (!image.startsWith("apache/kafka") && !image.startsWith("postgres")) {
                assertThat(service).as(name).containsEntry("ulimits", Map.of("core", 0));
                assertThat(service.get("memswap_limit")).as(name).isNotNull().isEqualTo(service.get("mem_limit"));
                assertThat(service).as(name).containsEntry("read_only", true);
            }
        });
    }

    @Test
    void each_kafka_broker_of_the_cluster_has_an_agent_that_may_only_look() throws IOException {
        Map<String, Map<String, Object>> services = services(CLUSTER);
        List<String> brokers = named(services, "kafka-");
        assertThat(brokers).hasSize(3);
        for (String broker : brokers) {
            assertThat(volumes(requireNonNull(services.get("erasure-agent-" + broker.substring("kafka-".length())))))
                    .contains(broker + ":/var/lib/kafka/data:ro");
        }
        for (String service : List.of("ingest-1", "router-1", "register-service-1")) {
            assertThat(environment(requireNonNull(services.get(service))).get("HANDOFF_REPLICATION_FACTOR"))
                    .isEqualTo(String.valueOf(brokers.size()));
        }
        Path shared = Path.of(
                "..", String.valueOf(requireNonNull(services.get("kafka-1")).get("env_file")));
        for (String topic : List.of("OFFSETS_TOPIC", "TRANSACTION_STATE_LOG")) {
            assertThat(Files.readAllLines(shared)).contains("KAFKA_" + topic + "_REPLICATION_FACTOR=" + brokers.size());
        }
    }

    @Test
    void each_cell_of_the_cluster_has_an_agent_that_sees_its_process() throws IOException {
        Map<String, Map<String, Object>> services = services(CLUSTER);
        for (int cell = 0; cell < 3; cell++) {
            assertThat(requireNonNull(services.get("cell-agent-" + cell)))
                    .containsEntry("pid", "service:cell-" + cell)
                    .containsEntry("command", List.of("--host", "cell-" + cell));
        }
    }

    @Test
    void hosts_of_the_cluster_share_no_files_of_their_own() throws IOException {
        Map<String, Map<String, Object>> services = services(CLUSTER);
        List<String> own = List.of("ingest-", "router-", "register-service-").stream()
                .flatMap(kind -> named(services, kind).stream())
                .flatMap(name -> volumes(requireNonNull(services.get(name))).stream())
                .filter(volume -> volume.contains(":/var/lib/handoff/"))
                .map(volume -> volume.substring(0, volume.indexOf(':')))
                .toList();
        assertThat(own).hasSizeGreaterThanOrEqualTo(6).doesNotHaveDuplicates();
    }

    private static List<String> named(Map<String, Map<String, Object>> services, String kind) {
        return services.keySet().stream()
                .filter(name -> name.matches(kind + "[0-9]"))
                .sorted()
                .toList();
    }
}
