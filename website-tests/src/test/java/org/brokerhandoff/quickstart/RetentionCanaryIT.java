package org.brokerhandoff.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.brokerhandoff.audit.AuditMain;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.schemas.EventCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Retention canaries through a running installation: one that is found, one that is killed, and what is said where nothing can be. */
@Tag("faults")
@ExtendWith(RunningSite.Provider.class)
class RetentionCanaryIT {
    private static final String BROKER = "canary-broker";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final RunningSite site;

    @TempDir
    Path directory;

    RetentionCanaryIT(RunningSite site) {
        this.site = site;
    }

    private record Ended(int code, String said) {}

    private List<String> arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "canary",
                "--api-key-file",
                site.canaryApiKeyFile().toString(),
                "--signing-key-file",
                site.canarySigningKeyFile().toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private Map<String, String> environment() {
        return Map.of(
                "HANDOFF_KAFKA_BOOTSTRAP_SERVERS", site.clients().settings().bootstrapServers());
    }

    /** Tried again where this machine was too busy to answer within the command's own limits, which is no fault of what is tested. */
    private Ended canary(String... more) throws Exception {
        Ended ended = ended(arguments(more));
        for (int again = 0; again < 3 && ended.said().contains("TimeoutException"); again++) {
            ended = ended(arguments(more));
        }
        return ended;
    }

    /** The command as a separate process. */
    private Ended ended(List<String> arguments) throws Exception {
        return ended(arguments, environment());
    }

    private Ended ended(List<String> arguments, Map<String, String> environment) throws Exception {
        Path out = Files.createTempFile(directory, "audit", ".out");
        Process process = started(out, arguments, environment);
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(out));
    }

    private Process started(Path out, List<String> arguments) throws IOException {
        return started(out, arguments, environment());
    }

    private static Process started(Path out, List<String> arguments, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AuditMain.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void brokerBehaves(String handoffs) {
        new Visitor(site.brokerPage(BROKER))
                .send(HttpRequest.newBuilder(URI.create(site.brokerPage(BROKER) + "/handoffs"))
                        .PUT(HttpRequest.BodyPublishers.ofString(handoffs)));
    }

    @AfterEach
    void brokerAccepts() {
        brokerBehaves("accept");
    }

    private Set<UUID> known() {
        return site.lives().stream().map(Life::signupId).collect(Collectors.toSet());
    }

    private Verdict verdict() {
        return AuditVerifier.verify(site.clients(), new EventCodec(), Instant.now(), false);
    }

    /** A proxy before ingest keeps what a website sends: in a file, and as a record of bytes. */
    @Test
    void what_a_leaking_part_keeps_of_it_is_found_named_signed_and_shown() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("access-log"));
        String topic = "raw-requests-" + UUID.randomUUID();
        AtomicReference<String> person = new AtomicReference<>("");
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (Admin admin = site.clients().admin("test")) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(1, TimeUnit.MINUTES);
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        site.clients().settings().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            proxy.createContext(
                    "/",
                    exchange -> forward(exchange, body -> {
                        person.set(new ObjectMapper()
                                .readTree(body)
                                .at("/person/fullName")
                                .asText());
                        Files.write(folder.resolve("access.log"), body);
                        var unused = producer.send(
                                new ProducerRecord<>(topic, "request".getBytes(StandardCharsets.UTF_8), body));
                        producer.flush();
                    }));
            proxy.start();
            Ended ended = canary(
                    "--ingest",
                    "http://127.0.0.1:" + proxy.getAddress().getPort(),
                    "--search",
                    folder.toString(),
                    "--json");
            assertThat(ended.code()).as(ended.said()).isEqualTo(1);
            JsonNode said = new ObjectMapper()
                    .readTree(ended.said()
                            .lines()
                            .filter(line -> line.startsWith("{"))
                            .findFirst()
                            .orElseThrow());
            assertThat(said.path("verdict").asText()).isEqualTo("FOUND");
            assertThat(said.path("findings").asLong()).isGreaterThan(1);
            assertThat(said.path("found").toString())
                    .containsPattern("topic " + topic + " 0 at offset \\d+, value")
                    .contains(folder.toRealPath() + "/access.log at byte ");
            String leaked = String.valueOf(person.get());
            assertThat(leaked).hasSizeGreaterThan(20);
            assertThat(ended.said()).doesNotContain(leaked, leaked.split(" ", 2)[1]);
            Verdict verdict = verdict();
            assertThat(verdict.holds()).as(verdict.render(Verdict.Style.PLAIN)).isTrue();
            assertThat(verdict.counts().canaries()).containsKey(CanaryVerdict.FOUND);
            assertThat(verdict.render(Verdict.Style.PLAIN)).containsPattern("canaries .* FOUND");
            Ended trace = ended(List.of("trace", said.path("signupId").asText()));
            assertThat(trace.code()).isZero();
            assertThat(trace.said()).contains("CanaryChecked", "verdict FOUND");
        } finally {
            proxy.stop(0);
        }
    }

    private interface Leak {
        void take(byte[] body) throws IOException;
    }

    private void forward(HttpExchange exchange, Leak leak) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(site.ingest() + exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : List.of("Authorization", "Content-Type", "Idempotency-Key")) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))
                    .ifPresent(value -> request.header(name, value));
        }
        if (body.length > 0) {
            leak.take(body);
        }
        try {
            HttpResponse<byte[]> answer =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
            exchange.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void one_that_is_killed_is_purged_like_any_signup_and_the_next_run_goes_on() throws Exception {
        Path first = directory.resolve("first.out");
        Set<UUID> before = known();
        brokerBehaves("503:1");
        Process killed = started(first, arguments("--ingest", site.ingest(), "--every", "PT1S"));
        try {
            await().atMost(PATIENCE).until(() -> canaries(before).size() == 1);
        } finally {
            killed.destroyForcibly();
        }
        assertThat(killed.waitFor(1, TimeUnit.MINUTES)).isTrue();
        UUID orphan = canaries(before).iterator().next();
        brokerAccepts();
        await().atMost(PATIENCE)
                .until(() -> site.lives().stream()
                        .anyMatch(life ->
                                life.signupId().equals(orphan) && life.purged().isPresent()));
        assertThat(Files.readString(first)).doesNotContain("CLEAN");
        long claimed = checked();
        Path second = directory.resolve("second.out");
        Process again = started(second, arguments("--ingest", site.ingest(), "--every", "PT1S"));
        try {
            await().atMost(PATIENCE)
                    .until(() -> Files.readString(second)
                                    .lines()
                                    .filter(line -> line.startsWith("CLEAN"))
                                    .count()
                            >= 2);
            again.destroy();
            assertThat(again.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(again.exitValue()).isZero();
        } finally {
            again.destroyForcibly();
        }
        Verdict verdict = verdict();
        assertThat(verdict.holds()).as(verdict.render(Verdict.Style.PLAIN)).isTrue();
        assertThat(checked()).isGreaterThan(claimed);
        assertThat(Files.readString(second)).doesNotContain(orphan.toString());
    }

    private Set<UUID> canaries(Set<UUID> before) {
        Set<UUID> all = known();
        all.removeAll(before);
        return site.lives().stream()
                .filter(life -> all.contains(life.signupId())
                        && life.assignedTo().filter(BROKER::equals).isPresent())
                .map(Life::signupId)
                .collect(Collectors.toSet());
    }

    private long checked() {
        return verdict().counts().canaries().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Test
    void where_nothing_can_be_said_that_is_said() throws Exception {
        Ended away = canary("--ingest", "http://127.0.0.1:1");
        assertThat(away.code()).as(away.said()).isEqualTo(2);
        assertThat(away.said()).contains("could not run: ingest at http://127.0.0.1:1 cannot be reached");
        Ended other = canary("--ingest", site.address());
        assertThat(other.code()).as(other.said()).isEqualTo(2);
        assertThat(other.said()).contains("could not run: ").doesNotContain("\tat ");
        Ended log = ended(arguments(), Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"));
        assertThat(log.code()).as(log.said()).isEqualTo(2);
        assertThat(log.said()).contains("could not run: ", "127.0.0.1:1").doesNotContain("\tat ");
    }
}
