package org.brokerhandoff.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit tail} and {@code audit export} over a log, and the reader of {@code docs/read_log.py} over the same records. */
class ListingIT {
    private static final int PARTITIONS = 2;
    private static final int SIGNUPS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestKafka kafka = TestKafka.shared();
    private final String prefix = kafka.randomTopicPrefix();
    private final KafkaClients clients = new KafkaClients(
            new EventLogSettings(kafka.bootstrapServers(), Map.of(), prefix, PARTITIONS, 1, Duration.ofHours(24)));
    private final EventPublisher ingest = new EventPublisher(clients, Life.CODEC, "/ingest", InstantSource.system());
    private final EventPublisher router = new EventPublisher(clients, Life.CODEC, "/router", InstantSource.system());
    private final Instant received =
            Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(10);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void provision() throws Exception {
        try (Admin admin = clients.admin("test")) {
            new TopicProvisioner(admin, clients.settings()).provision();
        }
        await(ingest.publishTo(Topic.CONSENTS, 1, Life.policy(received)));
        await(router.publishTo(Topic.HANDOFFS, 1, Life.directory(received)));
        for (int i = 0; i < SIGNUPS; i++) {
            Life life = life(i);
            await(ingest.publish(Topic.CONSENTS, life.id(), life.granted()));
            await(router.publish(Topic.HANDOFFS, life.id(), life.assigned(Life.FJORD, 0, 10)));
            await(router.publish(Topic.HANDOFFS, life.id(), life.delivered(Life.FJORD, 1, 20)));
            await(router.publish(Topic.PURGES, life.id(), life.purged(PurgeReason.DELIVERED, 50)));
        }
    }

    @AfterEach
    void close() {
        ingest.close();
        router.close();
    }

    private static void await(CompletionStage<?> published) throws Exception {
        published.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Life life(int number) {
        UUID id = new UUID(0x0199_0000_0000_7000L, number);
        return new Life(id, EventPartitions.of(id, PARTITIONS), received.plusMillis(number));
    }

    private void publishDamaged() throws Exception {
        try (var producer = clients.producer("test")) {
            producer.send(new ProducerRecord<>(
                            Topic.HANDOFFS.name(prefix),
                            0,
                            SignupIds.bytes(life(0).id()),
                            "kari@example.no".getBytes(StandardCharsets.UTF_8)))
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return AuditMain.run(arguments, environment(), new PrintWriter(out), new PrintWriter(err), false);
    }

    private Map<String, String> environment() {
        return Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "HANDOFF_TOPIC_PREFIX", prefix);
    }

    private List<JsonNode> lines() throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    @Test
    void an_export_has_every_record_in_order_and_what_cannot_be_read_by_its_place(@TempDir Path folder)
            throws Exception {
        publishDamaged();
        assertThat(run("export")).as(err::toString).isZero();
        assertThat(lines()).hasSize(2 + 4 * SIGNUPS + 1);
        assertThat(lines())
                .extracting(line -> line.get("topic").asText() + line.get("partition") + "@"
                        + String.format("%03d", line.get("offset").asInt()))
                .isSorted();
        assertThat(lines()).filteredOn(line -> line.has("unreadable")).hasSize(1);
        assertThat(out.toString()).doesNotContain("kari");
        assertThat(err.toString()).isEqualTo("15 of 15 records exported, 1 of them unreadable\n");
        Path file = folder.resolve("purges.csv");
        assertThat(run("export", "--type", "Purged", "--format", "csv", "-o", file.toString()))
                .isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(Files.readString(file))
                .startsWith("topic,partition,offset,appendedAt,id,type,source,time,subject,data.signupId,");
        assertThat(Files.readAllLines(file)).hasSize(1 + SIGNUPS);
        assertThat(folder.toFile().list()).containsExactly("purges.csv");
    }

    @Test
    void what_is_there_is_chosen_by_topic_signup_broker_and_time() throws Exception {
        UUID second = life(1).id();
        assertThat(run("tail", "--from-beginning", "--no-follow", "--json", "--signup", second.toString()))
                .isZero();
        assertThat(lines())
                .extracting(line -> line.get("type").asText().replace("org.brokerhandoff.event.", ""))
                .containsExactly("ConsentGranted", "Assigned", "Delivered", "Purged");
        assertThat(run("tail", "--since", "PT1H", "--no-follow", "--topic", "handoffs", "--broker", Life.FJORD))
                .isZero();
        assertThat(out.toString().lines()).hasSize(1 + 2 * SIGNUPS);
        assertThat(run("export", "--until", received.toString())).isZero();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void the_reader_in_another_language_finds_in_the_same_records_what_the_export_has(@TempDir Path folder)
            throws Exception {
        assumeTrue(new ProcessBuilder("python3", "--version").start().waitFor() == 0, "no python3");
        Path dump = folder.resolve("dump");
        try (OutputStream to = Files.newOutputStream(dump);
                KafkaConsumer<byte[], byte[]> consumer = clients.rangeConsumer("test-dump")) {
            for (Topic topic : Topic.inLedger()) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    dump(consumer, topic, partition, to);
                }
            }
        }
        Path decoded = folder.resolve("decoded");
        Path released =
                Path.of("..", "schemas", "src", "main", "resources", "org", "brokerhandoff", "schemas", "released");
        Process python = new ProcessBuilder(
                        "python3", Path.of("..", "docs", "read_log.py").toString(), released.toString())
                .redirectInput(dump.toFile())
                .redirectOutput(decoded.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(python.waitFor()).isZero();
        List<JsonNode> theirs = new ArrayList<>();
        for (String line : Files.readAllLines(decoded)) {
            theirs.add(JSON.readTree(line));
        }
        assertThat(run("export")).isZero();
        List<JsonNode> ours = lines();
        ours.forEach(line -> ((ObjectNode) line).remove(List.of("id", "source", "time", "subject")));
        assertThat(theirs).hasSize(2 + 4 * SIGNUPS).containsExactlyElementsOf(ours);
    }

    /** As {@code kcat -f '%t %p %o %T %S\n%s\n'} prints it. */
    private void dump(KafkaConsumer<byte[], byte[]> consumer, Topic topic, int partition, OutputStream to)
            throws IOException {
        TopicPartition place = new TopicPartition(topic.name(prefix), partition);
        consumer.assign(List.of(place));
        consumer.seekToBeginning(List.of(place));
        long end = Objects.requireNonNull(consumer.endOffsets(List.of(place)).get(place));
        while (consumer.position(place) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                String head = topic.baseName() + " " + partition + " " + record.offset() + " " + record.timestamp()
                        + " " + record.value().length + "\n";
                to.write(head.getBytes(StandardCharsets.UTF_8));
                to.write(record.value());
                to.write('\n');
            }
        }
    }

    @Test
    void what_was_not_meant_is_said() {
        assertThat(run("tail", "--no-follow")).isEqualTo(2);
        assertThat(err.toString()).contains("--no-follow shows existing events");
        assertThat(run("tail", "--topic", "signups")).isEqualTo(2);
        assertThat(err.toString()).contains("--topic is one of consents, handoffs, places, purges, checkpoints");
        assertThat(run("export", "--type", "SealedSignup")).isEqualTo(2);
        assertThat(run("export", "--since", "yesterday")).isEqualTo(2);
        assertThat(err.toString()).contains("--since is neither a time such as");
    }

    @Test
    void a_tail_shows_what_comes_and_ends_with_0_when_it_is_told_to_stop(@TempDir Path folder) throws Exception {
        Path printed = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                AuditMain.class.getName(),
                "tail",
                "--json",
                "--type",
                "ConsentGranted");
        builder.environment().putAll(environment());
        Process tail = builder.redirectOutput(printed.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try {
            // It starts at the end, wherever that is when it gets there.
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                Life next = life(100);
                await(ingest.publish(Topic.CONSENTS, next.id(), next.granted()));
                return Files.readString(printed).contains(next.id() + "/granted");
            });
            // As Ctrl-C; but children of a build in the background ignore SIGINT.
            new ProcessBuilder("kill", "-TERM", String.valueOf(tail.pid()))
                    .start()
                    .waitFor();
            assertThat(tail.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(tail.exitValue()).isZero();
        } finally {
            tail.destroyForcibly();
        }
        for (String line : Files.readAllLines(printed)) {
            assertThat(JSON.readTree(line).get("subject").asText())
                    .isEqualTo(life(100).id().toString());
        }
    }
}
