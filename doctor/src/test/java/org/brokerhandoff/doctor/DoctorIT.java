package org.brokerhandoff.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configured installation beside a real Kafka, in order and with one thing wrong at a time. */
class DoctorIT {
    @TempDir
    Path directory;

    private final String prefix = TestKafka.shared().randomTopicPrefix();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void configure() throws IOException {
        secret("fjord.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        secret("api-keys.yaml", "keys: [{id: website-1, scopes: [website], sha256: \"" + "ab".repeat(32) + "\"}]\n");
        Files.writeString(directory.resolve("brokers.yaml"), """
                brokers:
                  - id: fjord-markets
                    name: Fjord Markets AS
                    countries: ["NO"]
                    transferBasis: {default: EEA}
                    privacyPolicy: https://fjord.example/privacy
                    endpoint: https://fjord.example/handoffs
                    secretFiles: [fjord.secret]
                """);
        environment.putAll(Map.of(
                "HANDOFF_KAFKA_BOOTSTRAP_SERVERS",
                TestKafka.shared().bootstrapServers(),
                "HANDOFF_TOPIC_PREFIX",
                prefix,
                "HANDOFF_PARTITIONS",
                "2",
                "HANDOFF_API_KEYS_FILE",
                directory.resolve("api-keys.yaml").toString(),
                "HANDOFF_BROKERS_FILE",
                directory.resolve("brokers.yaml").toString(),
                "HANDOFF_CUSTODY_FILE",
                directory.resolve("custody.slots").toString(),
                "HANDOFF_KEYSET_FILE",
                directory.resolve("custody.keyset").toString(),
                "HANDOFF_OPERATIONS_PORT",
                "0",
                "HANDOFF_ROUTER_HTTP_PORT",
                "0",
                "HANDOFF_REGISTER_HTTP_PORT",
                "0"));
    }

    private void secret(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private EventLogSettings log(int partitions) {
        return new EventLogSettings(
                TestKafka.shared().bootstrapServers(), Map.of(), prefix, partitions, 1, Duration.ofHours(24));
    }

    private void provision(int partitions) {
        try (Admin admin = new KafkaClients(log(partitions)).admin("test-admin")) {
            new TopicProvisioner(admin, log(partitions)).provision();
        }
    }

    /** What is wrong, as "check: found"; the exit code is held to it. */
    private List<String> wrong() throws IOException {
        StringWriter out = new StringWriter();
        int code = DoctorMain.run(
                new String[] {"--json"}, environment, new PrintWriter(out), new PrintWriter(StringWriter.nullWriter()));
        JsonNode json = new ObjectMapper().readTree(out.toString());
        List<String> wrong = StreamSupport.stream(json.path("findings").spliterator(), false)
                .filter(finding -> "WRONG".equals(finding.path("severity").asText()))
                .peek(finding -> assertThat(finding.path("remedy").asText()).isNotBlank())
                // The machine that the test runs on may be no place for keys.
                .filter(finding -> !"custody".equals(finding.path("check").asText()))
                .map(finding -> finding.path("check").asText() + ": "
                        + finding.path("found").asText())
                .toList();
        assertThat(code).isEqualTo(json.path("well").asBoolean() ? 0 : 1);
        return wrong;
    }

    @Test
    void committed_offsets_on_one_disk_are_named_where_the_log_is_to_be_on_three() throws Exception {
        provision(2);
        try (Admin admin = new KafkaClients(log(2)).admin("test-admin")) {
            // Kafka makes its topic of committed offsets when the first group commits.
            admin.alterConsumerGroupOffsets(
                            prefix + "group",
                            Map.of(new TopicPartition(prefix + "signups", 0), new OffsetAndMetadata(0)))
                    .all()
                    .get();
        }
        assertThat(wrong()).isEmpty();

        environment.put("HANDOFF_REPLICATION_FACTOR", "3");

        assertThat(wrong()).contains("topics: __consumer_offsets has 1");
    }

    @Test
    void nothing_is_wrong_with_an_installation_in_order_and_nothing_is_changed_by_looking() throws Exception {
        provision(2);
        assertThat(wrong()).isEmpty();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("api-keys.yaml", "brokers.yaml", "fjord.secret");
        }
    }

    @Test
    void before_the_first_start_missing_topics_are_advice_and_are_not_made() throws Exception {
        assertThat(wrong()).isEmpty();
        try (Admin admin = new KafkaClients(log(2)).admin("test-admin")) {
            assertThat(admin.listTopics().names().get()).noneMatch(name -> name.startsWith(prefix));
        }
    }

    @Test
    void topics_that_were_changed_are_named_with_what_they_need() throws Exception {
        provision(3);
        try (Admin admin = new KafkaClients(log(3)).admin("test-admin")) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, prefix + "consents"),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("retention.ms", "60000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        assertThat(wrong())
                .contains(
                        "topics: " + prefix + "signups has 3",
                        "topics: " + prefix + "consents has retention.ms 60000 instead of -1");
    }

    @Test
    void a_secret_that_others_may_read_and_a_directory_with_a_fault_are_named_without_their_contents()
            throws Exception {
        Files.setPosixFilePermissions(directory.resolve("api-keys.yaml"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(directory.resolve("fjord.secret"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(wrong())
                .anyMatch(found -> found.startsWith("api-keys: ") && found.contains("chmod 600"))
                .anyMatch(found -> found.startsWith("directory: ") && found.contains("/secretFiles"))
                .noneMatch(found -> found.contains("whsec_"));
    }

    @Test
    void settings_and_a_kafka_that_does_not_answer_are_all_told_at_once() throws Exception {
        environment.put("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
        environment.put("HANDOFF_PARTITION", "6");
        environment.remove("HANDOFF_BROKERS_FILE");
        assertThat(wrong())
                .anyMatch(found -> found.startsWith("settings: router: HANDOFF_BROKERS_FILE must"))
                .anyMatch(found -> found.startsWith("settings: ingest: HANDOFF_PARTITION must"));
        environment.remove("HANDOFF_PARTITION");
        assertThat(wrong()).anyMatch(found -> found.startsWith("kafka: 127.0.0.1:1: "));
    }

    @Test
    void a_service_that_does_not_exist_is_a_mistake_in_the_command() {
        StringWriter err = new StringWriter();
        int code = DoctorMain.run(
                new String[] {"--service", "ingest,rooter"},
                environment,
                new PrintWriter(StringWriter.nullWriter()),
                new PrintWriter(err));
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("no service has the name 'rooter'");
    }
}
