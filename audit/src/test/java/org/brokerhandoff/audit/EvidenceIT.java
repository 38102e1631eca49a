package org.brokerhandoff.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.evidence.EvidenceText;
import org.brokerhandoff.ledger.evidence.LeafPromise;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger built by the production process, and evidence from it, verified by this program and by the script in docs/. */
class EvidenceIT {
    private static final String ORIGIN = "handoff.example.org/test/ledger/1";
    private static final String WITNESS = "witness.example.org/recomputing-1";
    private static final int PARTITIONS = 3;
    private static final int SIGNUPS = 6;

    @TempDir
    private Path directory = Path.of("");

    private final TestKafka kafka = TestKafka.shared();
    private final String prefix = kafka.randomTopicPrefix();
    private final KafkaClients clients = new KafkaClients(
            new EventLogSettings(kafka.bootstrapServers(), Map.of(), prefix, PARTITIONS, 1, Duration.ofHours(24)));
    private final Admin admin = clients.admin("test");
    private final EventPublisher ingest = new EventPublisher(clients, Life.CODEC, "/ingest", InstantSource.system());
    private final EventPublisher router = new EventPublisher(clients, Life.CODEC, "/router", InstantSource.system());
    private final Instant received =
            Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(10);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final LedgerProcesses processes = new LedgerProcesses(() -> directory, kafka.bootstrapServers(), prefix);

    @BeforeEach
    void provision() throws Exception {
        new TopicProvisioner(admin, clients.settings()).provision();
        acknowledged(ingest.publishTo(Topic.CONSENTS, 0, Life.policy(received)));
        acknowledged(router.publishTo(Topic.HANDOFFS, 1, Life.directory(received)));
        acknowledged(router.publishTo(Topic.PURGES, 2, Life.examined(received)));
        for (int i = 0; i < SIGNUPS; i++) {
            Life life = life(i);
            publish(Topic.CONSENTS, life, life.granted());
            publish(Topic.HANDOFFS, life, life.assigned(Life.FJORD, 0, 10));
            publish(Topic.HANDOFFS, life, life.delivered(Life.FJORD, 1, 20));
            publish(Topic.PURGES, life, life.purged(PurgeReason.DELIVERED, 50));
        }
    }

    @AfterEach
    void close() {
        processes.close();
        ingest.close();
        router.close();
        admin.close();
    }

    private Life life(int number) {
        UUID id = new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L + number);
        return new Life(id, EventPartitions.of(id, PARTITIONS), received.plusMillis(number));
    }

    private void publish(Topic topic, Life life, SpecificRecord event) throws Exception {
        acknowledged((topic == Topic.CONSENTS ? ingest : router).publish(topic, life.id(), event));
    }

    private static void acknowledged(CompletionStage<?> published) throws Exception {
        published.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private HttpResponse<String> http(String method, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + processes.port() + path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    }

    /** Everything that auditors fetch is public, and nothing else of the folder. */
    private void servesTheLedger() throws Exception {
        assertThat(http("GET", "/checkpoint").body()).startsWith(ORIGIN + "\n");
        assertThat(http("POST", "/checkpoints").body()).startsWith(ORIGIN + "\n");
        assertThat(http("GET", "/tile/entries/000.p/1").body()).contains("handoff-ledger-entry/v1\nnumber 0\n");
        assertThat(http("GET", "/health/ready").statusCode()).isEqualTo(200);
        assertThat(http("GET", "/metrics").body()).contains("handoff_ledger_halted");
        for (String path : List.of("/signed", "/lock", "/tile/0/999", "/tile/../signed", "/%2e%2e/log.key", "/")) {
            assertThat(http("GET", path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(http("DELETE", "/checkpoint").statusCode()).isEqualTo(405);
        assertThat(http("GET", "/checkpoints").statusCode()).isEqualTo(405);
    }

    /** Identical to the file that an auditor makes from the topics, if both are of one checkpoint. */
    private void servesEvidence(UUID id, String key) throws Exception {
        Path served = directory.resolve("served.evidence");
        HttpResponse<String> answer = http("GET", "/evidence/" + id);
        assertThat(answer.statusCode()).isEqualTo(200);
        Files.writeString(served, answer.body(), StandardCharsets.ISO_8859_1);
        assertThat(run("check", served.toString(), "--key", key))
                .as(this::output)
                .isZero();
        assertThat(out.toString())
                .contains("complete: 4 of 4 as of", id.toString(), "rules: those on a signup by itself hold");
        assertThat(EvidenceText.parse(Files.readAllBytes(served)).context())
                .extracting(record -> record.place().topic())
                .containsExactly("consents", "handoffs", "purges");

        UUID unknown = UUID.randomUUID();
        Files.writeString(served, http("GET", "/evidence/" + unknown).body(), StandardCharsets.ISO_8859_1);
        assertThat(run("check", served.toString(), "--key", key))
                .as(this::output)
                .isZero();
        assertThat(out.toString()).contains("complete: 0 of 0", unknown.toString());

        assertThat(http("GET", "/evidence/not-an-id").statusCode()).isEqualTo(404);
        assertThat(http("PUT", "/evidence/" + id).statusCode()).isEqualTo(405);
        assertThat(http("HEAD", "/evidence/" + id).statusCode()).isEqualTo(200);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return AuditMain.run(
                arguments,
                Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "HANDOFF_TOPIC_PREFIX", prefix),
                new PrintWriter(out),
                new PrintWriter(err),
                false);
    }

    private String output() {
        return out + "\n" + err;
    }

    /** The witness is killed and restarts behind the log: it catches up, and cosigns what was added meanwhile. */
    private void goesOnWithAKilledWitness(Process witness, int witnessPort, String key, Path policy, Path file)
            throws Exception {
        witness.destroyForcibly().waitFor();
        Life late = life(SIGNUPS);
        publish(Topic.CONSENTS, late, late.granted());
        await().atMost(Duration.ofMinutes(2))
                .until(() -> run("evidence", late.id().toString(), "-o", file.toString()) == 0
                        && out.toString().contains("1 event"));
        processes.witness(WITNESS, "events", witnessPort, key);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> run("evidence", late.id().toString(), "-o", file.toString()) == 0
                        && run("check", file.toString(), "--policy", policy.toString()) == 0);
        assertThat(run("evidence", life(1).id().toString(), "-o", file.toString()))
                .isZero();
    }

    /** An event promised by ingest is in its evidence; an omission convicts once it is due. */
    private void receipts(Path file, String key) throws Exception {
        Life life = life(1);
        Leaf.Present committed = (Leaf.Present)
                EvidenceText.parse(Files.readAllBytes(file)).events().get(0).leaf();
        LeafPromise kept = LeafPromise.of(ORIGIN, committed, Instant.now(), Duration.ofHours(24));
        assertThat(check(file, key, life.id(), kept)).as(this::output).isZero();
        assertThat(out.toString()).contains("receipt: its event at consents-", "is among these");

        Leaf.Present never = new Leaf.Present(
                new Leaf.Place("consents", life.partition(), 1_000_000),
                committed.appendedAt(),
                committed.key(),
                committed.headers(),
                committed.value());
        assertThat(check(file, key, life.id(), LeafPromise.of(ORIGIN, never, received, Duration.ZERO)))
                .as(this::output)
                .isEqualTo(1);
        assertThat(out.toString()).contains("PROMISE BROKEN");
        assertThat(check(file, key, life.id(), LeafPromise.of(ORIGIN, never, Instant.now(), Duration.ofHours(24))))
                .as(this::output)
                .isEqualTo(2);
        assertThat(err.toString()).contains("check evidence made later");
        assertThat(check(file, key, life(2).id(), kept)).as("of another signup").isEqualTo(2);
    }

    private int check(Path file, String key, UUID signupId, LeafPromise promise) throws Exception {
        Receipts receipts = new Receipts();
        String body = Receipts.body(signupId, promise);
        return run(
                "check",
                file.toString(),
                "--key",
                key,
                "--receipt",
                Files.writeString(directory.resolve("answer.json"), body).toString(),
                "--signature",
                Files.writeString(directory.resolve("answer.jws"), receipts.signature(body))
                        .toString(),
                "--keys",
                Files.writeString(directory.resolve("keys.json"), receipts.keySet())
                        .toString());
    }

    private static int python(Path file, String key) throws Exception {
        Process process = new ProcessBuilder(
                        "python3", Path.of("..", "docs", "check_evidence.py").toString(), file.toString(), key)
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static boolean pythonChecks() throws Exception {
        try {
            return new ProcessBuilder("python3", "-c", "import cryptography")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The ledger is recomputed, and contains a checkpoint kept earlier. */
    private void verifies(String key) throws IOException {
        run("verify");
        assertThat(out.toString()).contains("signature not checked").doesNotContain("BROKEN  ledger");
        Path kept = Files.copy(directory.resolve("ledger/checkpoint"), directory.resolve("kept"));
        run("verify", "--key", key, "--since", kept.toString());
        assertThat(out.toString())
                .contains(
                        ORIGIN
                                + ": signed by the log alone, NOT WITNESSED, recomputed; contains the earlier checkpoint of size")
                .doesNotContain("BROKEN  ledger");
        Path other = Files.writeString(
                directory.resolve("other"), Files.readString(kept).replaceFirst("\n[A-Za-z0-9+/]{4}", "\nAAAA"));
        assertThat(run("verify", "--since", other.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("BROKEN  ledger-consistent", "is not one of this ledger");
        assertThat(run("verify", "--key", key, "--since", other.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is not accepted by the policy");
    }

    @Test
    void evidence_from_a_running_ledger_holds_offline_and_no_changed_file_and_no_changed_topic_yields_any()
            throws Exception {
        assertThat(run("evidence", life(1).id().toString())).as(this::output).isEqualTo(2);
        assertThat(err.toString()).contains("no ledger");

        Process make = processes.ledger(
                "ledger", "--make-key", directory.resolve("log.key").toString(), "--origin", ORIGIN);
        assertThat(make.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String key = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(run("witness-key", directory.resolve("witness.key").toString(), "--name", WITNESS))
                .isZero();
        String witnessKey = out.toString().strip();
        int witnessPort = LoopbackPorts.free();
        Path policy = Files.writeString(
                directory.resolve("policy"),
                "log " + key + "\nwitness recomputing " + witnessKey + " http://127.0.0.1:" + witnessPort
                        + "\nquorum recomputing\n");
        assertThat(processes.witness(WITNESS, "events", witnessPort, key).waitFor())
                .as("a folder without state")
                .isEqualTo(2);
        Process witness = processes.witness(WITNESS, "events", witnessPort, key, "--init");
        Process builder = processes.ledger("ledger");
        builder.getInputStream().close();

        await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(directory.resolve("ledger/checkpoint")));
        servesTheLedger();

        UUID id = life(1).id();
        Path file = directory.resolve("a.evidence");
        await().atMost(Duration.ofMinutes(2))
                .until(() -> run("evidence", id.toString(), "-o", file.toString()) == 0
                        && out.toString().contains("4 events"));
        assertThat(run("check", file.toString(), "--key", key)).as(this::output).isZero();
        assertThat(out.toString())
                .startsWith("HOLDS, signed by the log alone, NOT WITNESSED")
                .contains("complete: 4 of 4 as of", ORIGIN, id.toString(), "rules: those on a signup by itself hold");
        assertThat(run("check", file.toString(), "--key", key, "--max-age", "PT1H"))
                .isZero();
        assertThat(run("check", file.toString(), "--key", key, "--max-age", "PT0S"))
                .isEqualTo(1);
        assertThat(run("check", file.toString())).as("no key is trusted").isEqualTo(2);
        servesEvidence(id, key);

        // The witness may have started after the first checkpoint; it cosigns the next, or the same one later.
        await().atMost(Duration.ofMinutes(2))
                .until(() -> run("evidence", id.toString(), "-o", file.toString()) == 0
                        && run("check", file.toString(), "--policy", policy.toString()) == 0);
        assertThat(out.toString()).startsWith("HOLDS, RECOMPUTED, cosigned by recomputing");
        assertThat(out.toString()).doesNotContain("operator's clock");
        Path unwitnessed = Files.writeString(directory.resolve("unwitnessed"), "log " + key + "\nquorum none\n");
        assertThat(run("check", file.toString(), "--policy", unwitnessed.toString()))
                .isZero();
        assertThat(out.toString()).startsWith("HOLDS, signed by the log alone, NOT WITNESSED");
        goesOnWithAKilledWitness(witness, witnessPort, key, policy, file);
        receipts(file, key);
        Path absent = directory.resolve("absent.evidence");
        assertThat(run("evidence", UUID.randomUUID().toString(), "-o", absent.toString()))
                .isZero();
        assertThat(run("check", absent.toString(), "--key", key))
                .as(this::output)
                .isZero();
        assertThat(out.toString()).contains("complete: 0 of 0", "no event");
        if (pythonChecks()) {
            assertThat(python(file, key)).isZero();
            assertThat(python(absent, key)).isZero();
        }

        verifies(key);

        byte[] changed = Files.readAllBytes(file);
        changed[changed.length / 2] ^= 1;
        Files.write(absent, changed);
        assertThat(run("check", absent.toString(), "--key", key)).isEqualTo(1);
        assertThat(out.toString()).startsWith("DOES NOT HOLD: ");

        admin.deleteRecords(Map.of(
                        new TopicPartition(Topic.HANDOFFS.name(prefix), EventPartitions.of(id, PARTITIONS)),
                        RecordsToDelete.beforeOffset(1)))
                .all()
                .get();
        assertThat(run("evidence", id.toString(), "-o", file.toString()))
                .as(this::output)
                .isEqualTo(1);
        assertThat(err.toString()).contains("the ledger does not hold", "handoffs");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(http("GET", "/evidence/" + id).statusCode())
                        .as("the builder has stopped")
                        .isEqualTo(503));

        String published = directory.resolve("ledger").toString();
        assertThat(run("verify", "--key", key, "--published", published)).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "BROKEN  log-complete",
                        "BROKEN  ledger-recomputed",
                        "handoffs-" + EventPartitions.of(id, PARTITIONS))
                .contains("namely at 0");
    }
}
