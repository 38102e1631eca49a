package org.brokerhandoff.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.audit.ledger.PartitionLedger.PublishedLeaves;
import org.brokerhandoff.audit.state.AuditState;
import org.brokerhandoff.audit.state.AuditState.Header;
import org.brokerhandoff.audit.state.AuditState.Log;
import org.brokerhandoff.audit.verify.AuditListener;
import org.brokerhandoff.audit.verify.LogRead;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.LedgerCheckpoint;
import org.brokerhandoff.event.LedgerEntry;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledger.replay.IndexedLedger;
import org.brokerhandoff.ledger.replay.IndexedLedger.Heading;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify --state} against a real Kafka, whose ledger this test makes and signs: it must find what a full verification finds. */
class AuditStateIT {
    private static final String ORIGIN = "handoff.example.org/test/ledger/1";
    private static final int PARTITIONS = 2;

    @TempDir
    private Path directory = Path.of("");

    private final TestKafka kafka = TestKafka.shared();
    private final String prefix = kafka.randomTopicPrefix();
    private final KafkaClients clients = clients(prefix);
    private final Admin admin = clients.admin("test");
    private final EventPublisher ingest = new EventPublisher(clients, Life.CODEC, "/ingest", InstantSource.system());
    private final EventPublisher router = new EventPublisher(clients, Life.CODEC, "/router", InstantSource.system());
    private final Instant received =
            Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(10);
    private final Map<String, Long> ends = new HashMap<>();
    private IndexedLedger ledger = new IndexedLedger();
    private int lives;
    private String anew = "";

    private KafkaClients clients(String topicPrefix) {
        return new KafkaClients(new EventLogSettings(
                kafka.bootstrapServers(), Map.of(), topicPrefix, PARTITIONS, 1, Duration.ofHours(24)));
    }

    @BeforeEach
    void provision() throws Exception {
        new TopicProvisioner(admin, clients.settings()).provision();
        acknowledged(ingest.publishTo(Topic.CONSENTS, 0, Life.policy(received)));
        acknowledged(router.publishTo(Topic.HANDOFFS, 1, Life.directory(received)));
        acknowledged(router.publishTo(Topic.PURGES, 1, Life.examined(received)));
    }

    @AfterEach
    void close() {
        ingest.close();
        router.close();
        admin.close();
    }

    private static void acknowledged(CompletionStage<?> published) throws Exception {
        published.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Life life() {
        UUID id = new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L + lives);
        return new Life(id, EventPartitions.of(id, PARTITIONS), received.plusMillis(lives++));
    }

    private void publish(Topic topic, Life life, SpecificRecord... events) throws Exception {
        for (SpecificRecord event : events) {
            acknowledged((topic == Topic.CONSENTS ? ingest : router).publish(topic, life.id(), event));
        }
    }

    private Life delivered() throws Exception {
        Life life = life();
        publish(Topic.CONSENTS, life, life.granted());
        publish(Topic.HANDOFFS, life, life.assigned(Life.FJORD, 0, 10), life.delivered(Life.FJORD, 1, 20));
        publish(Topic.PURGES, life, life.purged(PurgeReason.DELIVERED, 50));
        return life;
    }

    /** A false event: a broker got it without a consent. */
    private Life withoutConsent() throws Exception {
        Life life = life();
        publish(Topic.HANDOFFS, life, life.assigned(Life.FJORD, 0, 10), life.delivered(Life.FJORD, 1, 20));
        publish(Topic.PURGES, life, life.purged(PurgeReason.DELIVERED, 50));
        return life;
    }

    /** Commits to new records, as the builder does, and signs. */
    private void checkpoint() throws Exception {
        boolean first = ledger.chain().size() == 0;
        List<Run> runs = new ArrayList<>();
        try (LeafReader reader = new LeafReader(clients, "test", Topic.inLedger(), List.of(0, 1))) {
            Map<LeafReader.Place, LeafReader.Extent> extents = reader.extents();
            for (Topic topic : Topic.inLedger()) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    String place = topic + "-" + partition;
                    long from = ends.getOrDefault(place, 0L);
                    long end = Objects.requireNonNull(extents.get(new LeafReader.Place(topic.baseName(), partition)))
                            .end();
                    List<LeafDigest> leaves = new ArrayList<>();
                    reader.read(
                            topic.baseName(),
                            partition,
                            from,
                            (int) (end - from),
                            leaf -> leaves.add(LeafDigest.of(leaf)));
                    if (!leaves.isEmpty()) {
                        runs.add(new Run(topic.baseName(), partition, from, leaves));
                    }
                    ends.put(place, end);
                }
            }
        }
        long now = Instant.now().getEpochSecond() + 1;
        var entry = ledger.draft(
                new Heading(
                        now,
                        0,
                        first
                                ? Optional.of(new Genesis(ORIGIN, "cluster", PARTITIONS, Optional.empty()))
                                : Optional.empty(),
                        first
                                ? Topic.inLedger().stream()
                                        .map(topic -> new TopicLine(topic.baseName(), "id", topic != Topic.PLACES))
                                        .toList()
                                : List.of(),
                        first ? List.of("key+00000000+AA==") : List.of()),
                runs);
        ledger.commit();
        acknowledged(ingest.publishToLedger(ORIGIN, new LedgerEntry(ORIGIN, entry.number(), entry.text())));
        String text =
                new Checkpoint(ORIGIN, ledger.chain().size(), ledger.chain().root()).text();
        SigningKey key = SigningKey.parse(ORIGIN, SigningKey.newPem());
        acknowledged(ingest.publishToLedger(
                ORIGIN,
                new LedgerCheckpoint(
                        ORIGIN,
                        ledger.chain().size(),
                        new String(new SignedNote(text, List.of(key.sign(text))).bytes(), StandardCharsets.UTF_8))));
    }

    private Verdict verify(KafkaClients of, Optional<Path> state) {
        StringWriter said = new StringWriter();
        Verdict verdict = AuditVerifier.verify(
                of,
                Life.CODEC,
                new AuditVerifier.Task(
                        received.plusSeconds(60),
                        false,
                        HoldTimes.LONGEST_HOLD,
                        Duration.ofHours(24),
                        Optional.empty(),
                        Optional.empty(),
                        new AuditVerifier.Folders(directory, PublishedLeaves.NONE, state)),
                new SilentProgress(new PrintWriter(said)),
                AuditListener.NONE);
        anew = said.toString();
        return verdict;
    }

    private Path state() {
        return directory.resolve("state");
    }

    /** Changes the state, with a correct digest; the first bytes of the findings in partition 0 are of topic consents: start, end, last leaf. */
    private void rewritten(UnaryOperator<Header> header, UnaryOperator<ByteBuffer> part) throws Exception {
        AuditState state = AuditState.open(state()).orElseThrow();
        Path changed = directory.resolve("changed");
        List<Path> parts = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            parts.add(directory.resolve("part-" + partition));
            try (InputStream in = state.part(partition)) {
                byte[] bytes = in.readAllBytes();
                Files.write(
                        parts.get(partition),
                        partition == 0 ? part.apply(ByteBuffer.wrap(bytes)).array() : bytes);
            }
        }
        AuditState.write(changed, header.apply(state.header()), parts, state::records);
        Files.move(changed, state(), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Continues from the state, and compares with a full verification. */
    private Verdict asWhole(long from) {
        Verdict whole = verify(clients, Optional.empty());
        Verdict continued = verify(clients, Optional.of(state()));
        assertThat(continued.counts()).isEqualTo(whole.counts());
        assertThat(continued.violations()).containsExactlyInAnyOrderElementsOf(whole.violations());
        assertThat(continued.read().map(LogRead::digest)).isEqualTo(whole.read().map(LogRead::digest));
        assertThat(continued.read().orElseThrow().ledger().orElseThrow().verifiedBefore())
                .isEqualTo(from);
        return continued;
    }

    @Test
    void what_came_since_is_verified_and_what_a_whole_verification_finds_is_found_before_at_and_behind_its_end()
            throws Exception {
        Life early = withoutConsent();
        Life half = life();
        publish(Topic.CONSENTS, half, half.granted());
        publish(Topic.HANDOFFS, half, half.assigned(Life.FJORD, 0, 10));
        delivered();
        checkpoint();
        assertThat(asWhole(0).signupsBreaking("consent-before-handoff")).containsExactly(early.id());
        assertThat(Files.getPosixFilePermissions(state())).isEqualTo(PosixFilePermissions.fromString("rw-------"));

        // One that began before the state's end goes to two brokers behind it.
        publish(Topic.HANDOFFS, half, half.delivered(Life.FJORD, 1, 20), half.delivered(Life.NORDLYS, 2, 25));
        publish(Topic.PURGES, half, half.purged(PurgeReason.DELIVERED, 50));
        Life late = withoutConsent();
        checkpoint();
        delivered();
        Verdict second = asWhole(1);
        assertThat(second.signupsBreaking("consent-before-handoff")).containsExactlyInAnyOrder(early.id(), late.id());
        assertThat(second.violations()).anyMatch(each -> each.signupId().equals(Optional.of(half.id())));
        assertThat(anew).isEmpty();

        byte[] before = Files.readAllBytes(state());
        asWhole(2);
        assertThat(Files.readAllBytes(state())).as("nothing is new").isEqualTo(before);
        checkpoint();
        asWhole(2);
        asWhole(3);
    }

    @Test
    void a_state_that_does_not_fit_is_refused_or_leads_to_a_whole_verification_which_says_so() throws Exception {
        delivered();
        withoutConsent();
        checkpoint();
        verify(clients, Optional.of(state()));
        byte[] good = Files.readAllBytes(state());

        byte[] damaged = good.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(state(), damaged);
        assertThatThrownBy(() -> verify(clients, Optional.of(state())))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("it is damaged");
        Files.write(state(), ByteBuffer.allocate(3).array());
        assertThatThrownBy(() -> verify(clients, Optional.of(state()))).hasMessageContaining("not a usable state");
        Files.write(state(), good);
        Files.setPosixFilePermissions(state(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> verify(clients, Optional.of(state()))).hasMessageContaining("not a usable state");
        Files.setPosixFilePermissions(state(), PosixFilePermissions.fromString("rw-------"));

        // Kafka's content is compared with the state.
        rewritten(header -> header, part -> part.putLong(Long.BYTES, 1_000));
        assertThat(verify(clients, Optional.of(state())).brokenRules()).contains("consent-before-handoff");
        assertThat(anew).contains("consents, partition 0 ends before offset 1000, up to which it was verified");
        Files.write(state(), good);
        rewritten(header -> header, part -> part.put(2 * Long.BYTES, (byte) (part.get(2 * Long.BYTES) ^ 1)));
        verify(clients, Optional.of(state()));
        assertThat(anew).contains("consents, partition 0 has another record at offset");
        Files.write(state(), good);
        rewritten(header -> header, part -> part.putLong(0, 1));
        verify(clients, Optional.of(state()));
        assertThat(anew).contains("no longer begins at offset 1");
        Files.write(state(), good);
        rewritten(header -> new Header("0.0", header.log(), header.checkpoint()), part -> part);
        verify(clients, Optional.of(state()));
        assertThat(anew).contains("made by version 0.0");
        Log log = AuditState.open(state()).orElseThrow().header().log();
        Log recreated = new Log(log.cluster(), log.topicPrefix(), "others", log.installation(), log.partitions());
        rewritten(header -> new Header(header.version(), recreated, header.checkpoint()), part -> part);
        verify(clients, Optional.of(state()));
        assertThat(anew).contains("a topic was recreated since");
        Files.write(state(), good);

        String other = kafka.randomTopicPrefix();
        try (EventPublisher elsewhere =
                new EventPublisher(clients(other), Life.CODEC, "/ingest", InstantSource.system())) {
            new TopicProvisioner(admin, clients(other).settings()).provision();
            acknowledged(elsewhere.publishTo(Topic.CONSENTS, 0, Life.policy(received)));
            assertThatThrownBy(() -> verify(clients(other), Optional.of(state())))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("is not the log to verify");
        }

        // False: the ledger was recreated, with another first entry.
        admin.deleteTopics(Set.of(Topic.CHECKPOINTS.name(prefix))).all().get();
        await().atMost(1, TimeUnit.MINUTES)
                .until(() -> !admin.listTopics().names().get().contains(Topic.CHECKPOINTS.name(prefix)));
        new TopicProvisioner(admin, clients.settings()).provision();
        Checkpoint verified =
                new Checkpoint(ORIGIN, ledger.chain().size(), ledger.chain().root());
        ledger = new IndexedLedger();
        ends.clear();
        delivered();
        checkpoint();
        assertThat(verify(clients, Optional.of(state())).violations())
                .anySatisfy(found -> assertThat(found.sentence())
                        .contains(
                                "the earlier checkpoint, of size " + verified.size() + ", is not one of this ledger"));
        assertThat(anew).contains("the ledger does not extend the one");
        assertThat(Files.readAllBytes(state())).as("the proof is kept").isEqualTo(good);

        Files.delete(state());
        verify(clients, Optional.of(state()));
        admin.deleteRecords(Map.of(new TopicPartition(Topic.CONSENTS.name(prefix), 0), RecordsToDelete.beforeOffset(1)))
                .all()
                .get();
        assertThat(verify(clients, Optional.of(state())).brokenRules()).contains("log-complete", "ledger-recomputed");
        assertThat(anew).contains("no longer begins at offset 0");
    }
}
