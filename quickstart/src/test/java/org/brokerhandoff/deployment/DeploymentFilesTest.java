package org.brokerhandoff.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.operations.configuration.Setting;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.process.JvmOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** What the files for systemd and Kubernetes say is what the services understand, and what Kubernetes does. */
class DeploymentFilesTest {
    private static final Path DEPLOYMENT = Path.of("..", "deployment");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What Kubernetes' own description of its interface says of each kind that is used. */
    private static final Map<String, Schema> KINDS = Map.of(
            "apps/v1 StatefulSet", V1StatefulSet::validateJsonElement,
            "apps/v1 DaemonSet", V1DaemonSet::validateJsonElement,
            "v1 Service", V1Service::validateJsonElement,
            "v1 Namespace", V1Namespace::validateJsonElement,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement);

    private interface Schema {
        void validate(JsonElement object) throws IOException;
    }

    /** A document of a manifest. */
    record Manifest(Path file, String kind, String json) {
        @Override
        public String toString() {
            return file.getFileName() + " " + kind;
        }
    }

    static List<Manifest> manifests() throws IOException {
        List<Manifest> found = new ArrayList<>();
        for (Path file : files("kubernetes", ".yaml")) {
            if (file.endsWith("kustomization.yaml")) {
                continue;
            }
            for (Object document : new Yaml().loadAll(Files.readString(file))) {
                Map<?, ?> object = (Map<?, ?>) document;
                found.add(new Manifest(
                        file, object.get("apiVersion") + " " + object.get("kind"), JSON.writeValueAsString(object)));
            }
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void kubernetes_knows_every_member_of_a_manifest(Manifest manifest) throws IOException {
        validate(manifest.kind(), manifest.json());
    }

    @Test
    void a_member_that_kubernetes_does_not_know_is_found_however_deep_it_stands() throws IOException {
        Manifest services = manifests().stream()
                .filter(manifest -> manifest.kind().endsWith("StatefulSet"))
                .findFirst()
                .orElseThrow();
        String misspelt = services.json().replace("readOnlyRootFilesystem", "readOnlyRootFileSystem");

        assertThatThrownBy(() -> validate(services.kind(), misspelt)).hasMessageContaining("readOnlyRootFileSystem");
    }

    @Test
    void every_setting_that_is_named_exists() throws IOException {
        Set<String> known = Settings.ALL.stream().map(Setting::name).collect(Collectors.toSet());
        for (Path file : files("", "")) {
            Set<String> named = Pattern.compile("HANDOFF_[A-Z_]+[A-Z]")
                    .matcher(Files.readString(file))
                    .results()
                    .map(match -> match.group())
                    .collect(Collectors.toSet());
            assertThat(known).as(file.toString()).containsAll(named);
        }
    }

    @Test
    void every_program_that_is_started_exists() throws Exception {
        Set<String> programs = files("", "").stream()
                .flatMap(file -> {
                    try {
                        return Pattern.compile("org\\.brokerhandoff\\.[a-z.]+[A-Z][A-Za-z]+")
                                .matcher(Files.readString(file))
                                .results();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .map(match -> match.group())
                .collect(Collectors.toSet());

        assertThat(programs).hasSize(6);
        for (String program : programs) {
            assertThat(Class.forName(program).getMethod("main", String[].class)).isNotNull();
        }
    }

    @Test
    void no_jvm_lacks_an_option() throws IOException {
        assertThat(options(DEPLOYMENT.resolve("systemd").resolve("jvm.options")))
                .containsExactlyElementsOf(JvmOptions.all());
        String launcher = Files.readString(Path.of("..", "handoff"));
        for (String option : options(DEPLOYMENT.resolve("systemd").resolve("jvm-personal-data.options"))) {
            assertThat(launcher).contains(option);
        }
        String kustomization = Files.readString(
                DEPLOYMENT.resolve("kubernetes").resolve("base").resolve("kustomization.yaml"));
        List<String> words = Arrays.asList(kustomization
                .substring(kustomization.indexOf("JDK_JAVA_OPTIONS=") + "JDK_JAVA_OPTIONS=".length())
                .split("\\s+"));
        assertThat(words).containsAll(JvmOptions.all());
    }

    @Test
    void no_unit_lets_memory_reach_a_disk() throws IOException {
        assertThat(Files.readAllLines(
                        DEPLOYMENT.resolve("systemd").resolve("broker-handoff-.service.d/10-hardening.conf")))
                .contains("LimitCORE=0", "MemorySwapMax=0", "NoNewPrivileges=yes", "ProtectSystem=strict");
    }

    private static void validate(String kind, String json) throws IOException {
        requireNonNull(KINDS.get(kind), kind).validate(JsonParser.parseString(json));
    }

    private static List<String> options(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.startsWith("#")).toList();
        }
    }

    private static List<Path> files(String folder, String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(DEPLOYMENT.resolve(folder))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
