package org.brokerhandoff.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.eventlog.LedgerTopic.Statement;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two builders of one ledger and their witness, in separate processes, killed at random moments. */
@Tag("faults")
class LedgerKilledIT {
    private static final String WITNESS = "witness.example.org/w1";
    private static final int PARTITIONS = 3;
    private static final int KILLS = 50;

    @TempDir
    private Path directory = Path.of("");

    private final TestKafka kafka = TestKafka.shared();
    private final String prefix = kafka.randomTopicPrefix();
    private final KafkaClients clients = new KafkaClients(
            new EventLogSettings(kafka.bootstrapServers(), Map.of(), prefix, PARTITIONS, 1, Duration.ofHours(24)));
    private final EventPublisher ingest = new EventPublisher(clients, Life.CODEC, "/ingest", InstantSource.system());
    private final StringWriter out = new StringWriter();
    private int signups;

    @AfterEach
    void close() {
        ingest.close();
    }

    private void consent() throws Exception {
        UUID id = new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L + signups++);
        Life life = new Life(id, EventPartitions.of(id, PARTITIONS), Instant.now());
        ingest.publish(Topic.CONSENTS, id, life.granted()).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        return AuditMain.run(
                arguments,
                Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "HANDOFF_TOPIC_PREFIX", prefix),
                new PrintWriter(out),
                new PrintWriter(out),
                false);
    }

    private SignedNote published(String folder) throws Exception {
        return SignedNote.parse(Files.readAllBytes(directory.resolve(folder).resolve("checkpoint")));
    }

    private boolean isCosigned(Policy policy, String folder) throws Exception {
        return Files.exists(directory.resolve(folder).resolve("checkpoint"))
                && policy.judge(published(folder)) instanceof Judgement.Accepted;
    }

    /** One tree of each size in everything ever published; returns the largest. */
    private Checkpoint theOneLedger() throws Exception {
        Map<Long, Checkpoint> bySize = new HashMap<>();
        List<Checkpoint> all = new ArrayList<>();
        try (LedgerTopic topic = new LedgerTopic(clients, Life.CODEC, "test")) {
            for (List<Statement> next = topic.next(); !next.isEmpty(); next = topic.next()) {
                for (Statement statement : next) {
                    if (statement instanceof Statement.Checkpoint head) {
                        Checkpoint said =
                                Checkpoint.parse(SignedNote.parse(head.note().getBytes(StandardCharsets.UTF_8))
                                        .text());
                        assertThat(bySize.getOrDefault(said.size(), said)).isEqualTo(said);
                        bySize.put(said.size(), said);
                        all.add(said);
                    }
                }
            }
        }
        return all.stream()
                .max((one, other) -> Long.compare(one.size(), other.size()))
                .orElseThrow();
    }

    @Test
    void after_fifty_kills_of_two_builders_and_their_witness_there_is_one_tree_of_each_size_and_nothing_is_lost()
            throws Exception {
        try (Admin admin = clients.admin("test");
                LedgerProcesses processes = new LedgerProcesses(() -> directory, kafka.bootstrapServers(), prefix)) {
            new TopicProvisioner(admin, clients.settings()).provision();
            consent();
            Process make = processes.ledger(
                    "ledger",
                    "--make-key",
                    directory.resolve("log.key").toString(),
                    "--origin",
                    LedgerProcesses.ORIGIN);
            String key = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(run("witness-key", directory.resolve("witness.key").toString(), "--name", WITNESS))
                    .isZero();
            int witnessPort = LoopbackPorts.free();
            Files.writeString(
                    directory.resolve("policy"),
                    "log " + key + "\nwitness one " + out.toString().strip() + " http://127.0.0.1:" + witnessPort
                            + "\nquorum one\n");
            Policy policy = Policy.parse(Files.readString(directory.resolve("policy")));
            Process[] running = {
                processes.witness(WITNESS, "events", witnessPort, key, "--init"), processes.ledger("ledger"), null
            };
            await().atMost(Duration.ofMinutes(3)).until(() -> isCosigned(policy, "ledger"));
            running[2] = processes.ledger("second", "--adopt");

            Random random = new Random(7);
            for (int kill = 0; kill < KILLS; kill++) {
                consent();
                int which = random.nextInt(running.length);
                // Usually long enough for a JVM to start working.
                Thread.sleep(random.nextInt(3_000));
                running[which].destroyForcibly().waitFor();
                running[which] = switch (which) {
                    case 0 -> processes.witness(WITNESS, "events", witnessPort, key);
                    case 1 -> processes.ledger("ledger");
                    default -> processes.ledger("second", "--adopt");
                };
            }

            await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
                assertThat(run("verify", "--policy", directory.resolve("policy").toString()))
                        .isLessThan(2);
                assertThat(out.toString()).contains("cosigned by one").doesNotContain("not yet committed");
                assertThat(isCosigned(policy, "ledger")).isTrue();
                assertThat(published("second").text())
                        .isEqualTo(published("ledger").text());
            });
            assertThat(out.toString()).doesNotContain("BROKEN  ledger");
            assertThat(Arrays.stream(running)).allMatch(Process::isAlive);
            assertThat(theOneLedger())
                    .isEqualTo(Checkpoint.parse(published("ledger").text()));
            try (Stream<Path> kept = Files.list(directory.resolve("witness"))) {
                assertThat(kept).noneMatch(file -> file.getFileName().toString().startsWith("contradiction"));
            }
        }
    }
}
