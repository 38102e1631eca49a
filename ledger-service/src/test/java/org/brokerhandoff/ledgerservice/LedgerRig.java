package org.brokerhandoff.ledgerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.eventlog.LedgerTopic.Statement;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.ledger.entry.EntryText;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.MalformedEntry;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.VerifierKey;
import org.brokerhandoff.ledger.replay.IndexedLedger;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.ledgerservice.BuilderSettings.Start;
import org.brokerhandoff.ledgerservice.outside.CheckpointCopies;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.ledgerservice.round.Halt.Reason;
import org.brokerhandoff.ledgerservice.witness.Meanwhile;
import org.brokerhandoff.ledgerservice.witness.Witnesses;
import org.brokerhandoff.operations.configuration.Setting;
import org.brokerhandoff.operations.process.JvmOptions;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/** Kept topics with events, builders over them, and an auditor who recomputes everything from the topics. */
final class LedgerRig implements AutoCloseable {
    static final String ORIGIN = "handoff.example.org/test/ledger/1";
    static final int PARTITIONS = 3;
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00Z");

    final EventLogSettings eventLog;
    final KafkaClients clients;
    final Path directory;
    final Path keyFile;
    private final EventCodec codec = new EventCodec();
    private final EventPublisher publisher;
    Witnesses witnesses = noWitness();
    private List<String> copies = List.of();
    private Optional<Path> policyFile = Optional.empty();

    LedgerRig(Path directory, String bootstrapServers, String prefix) {
        this.directory = directory;
        this.keyFile = directory.resolve("log.key");
        if (!Files.exists(keyFile)) {
            KeyFiles.make(ORIGIN, keyFile);
        }
        this.eventLog = new EventLogSettings(bootstrapServers, Map.of(), prefix, PARTITIONS, 1, Duration.ofHours(24));
        this.clients = new KafkaClients(eventLog);
        try (Admin admin = clients.admin("test-admin")) {
            new TopicProvisioner(admin, eventLog).provision();
        }
        this.publisher = new EventPublisher(clients, codec, "/test", InstantSource.system());
    }

    BuilderSettings settings(String origin, String folder, Start start, Path... keys) {
        return new BuilderSettings(
                eventLog,
                origin,
                keys.length == 0 ? List.of(keyFile) : List.of(keys),
                directory.resolve(folder),
                Duration.ofMillis(200),
                Optional.of(Duration.ZERO),
                start);
    }

    LedgerBuilder builder(BuilderSettings settings) {
        return LedgerBuilder.open(
                settings,
                KeyFiles.read(settings.origin(), settings.keyFiles()),
                outside(),
                InstantSource.system(),
                Step.Observer.NONE);
    }

    /** Makes builders maintain a copy from now on, in this JVM and in others. */
    Path copied() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        copies = List.of(copy.toString());
        return copy;
    }

    /** The external sources that builders currently query. */
    Outside outside() {
        return new Outside(witnesses, new CheckpointCopies(copies, new SimpleMeterRegistry()));
    }

    LedgerBuilder builder(String folder) {
        return builder(settings(ORIGIN, folder, Start.CONTINUE));
    }

    /** A witness that builders query from now on, in this JVM and in others. */
    RulesWitness witnessed() throws IOException, MalformedNote {
        List<VerifierKey> logs = KeyFiles.read(ORIGIN, List.of(keyFile)).stream()
                .map(key -> key.verifierKey(KeyType.ED25519))
                .toList();
        RulesWitness witness = new RulesWitness(logs);
        policyFile = Optional.of(Files.writeString(
                directory.resolve("policy"), "log " + logs.get(0) + "\n" + witness.policyLine() + "quorum rules\n"));
        witnesses = new Witnesses(policy(), new SimpleMeterRegistry());
        return witness;
    }

    /** What builders query if there is no witness. */
    static Witnesses noWitness() {
        return new Witnesses(Policy.ofLogs(List.of()), new SimpleMeterRegistry());
    }

    Policy policy() throws IOException, MalformedNote {
        return Policy.parse(Files.readString(policyFile.orElseThrow()));
    }

    /** Whether the witness has cosigned the published checkpoint. */
    boolean cosigned(String folder) throws IOException, MalformedNote {
        return policy().judge(note(folder)) instanceof Judgement.Accepted;
    }

    /** Events of {@code signups} signups in three topics; returns when a round finds them settled. */
    List<UUID> events(int signups) throws InterruptedException {
        List<UUID> ids = new ArrayList<>();
        List<CompletableFuture<?>> acknowledged = new ArrayList<>();
        for (int i = 0; i < signups; i++) {
            UUID id = UUID.randomUUID();
            ids.add(id);
            acknowledged.add(publisher
                    .publish(
                            Topic.CONSENTS,
                            id,
                            ConsentWithdrawn.newBuilder()
                                    .setSignupId(SignupIds.fixed(id))
                                    .setWithdrawnAt(AT)
                                    .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                                    .setOutcome(WithdrawalOutcome.ERASED_BEFORE_HANDOFF)
                                    .build())
                    .toCompletableFuture());
            acknowledged.add(publisher
                    .publish(
                            Topic.HANDOFFS,
                            id,
                            Delivered.newBuilder()
                                    .setSignupId(SignupIds.fixed(id))
                                    .setBroker("fjord")
                                    .setAttempt(1)
                                    .setStartedAt(AT)
                                    .setAcceptedAt(AT)
                                    .setDuplicate(false)
                                    .setStatus(200)
                                    .build())
                    .toCompletableFuture());
            acknowledged.add(publisher
                    .publishOf(Topic.PLACES, "fjord", new PlaceReleased(SignupIds.fixed(id), "fjord", AT, AT))
                    .toCompletableFuture());
        }
        acknowledged.forEach(CompletableFuture::join);
        // A record of this very millisecond is not older than a settle time of zero.
        Thread.sleep(2);
        return ids;
    }

    /** A builder in a separate JVM, which halts when it passes {@code step} for the {@code time}-th time. */
    Process fork(String folder, Step step, int time) throws IOException {
        List<String> command =
                JvmOptions.command(HaltingLedgerMain.class, "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.add(step.name());
        command.add(String.valueOf(time));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("builder-output.txt").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith(Setting.PREFIX));
        builder.environment()
                .putAll(Map.of(
                        "HANDOFF_KAFKA_BOOTSTRAP_SERVERS", eventLog.bootstrapServers(),
                        "HANDOFF_TOPIC_PREFIX", eventLog.topicPrefix(),
                        "HANDOFF_LEDGER_ORIGIN", ORIGIN,
                        "HANDOFF_LEDGER_KEY_FILES", keyFile.toString(),
                        "HANDOFF_LEDGER_DIR", directory.resolve(folder).toString(),
                        "HANDOFF_LEDGER_INTERVAL", "PT0.2S",
                        "HANDOFF_LEDGER_SETTLE", "PT0S"));
        if (!copies.isEmpty()) {
            builder.environment().put("HANDOFF_LEDGER_COPIES", String.join(",", copies));
        }
        policyFile.ifPresent(file -> builder.environment().put("HANDOFF_LEDGER_POLICY_FILE", file.toString()));
        return builder.start();
    }

    /** All statements of topic {@code checkpoints}. */
    List<Statement> statements() {
        try (LedgerTopic topic = new LedgerTopic(clients, codec, "test-auditor")) {
            List<Statement> all = new ArrayList<>();
            for (List<Statement> next = topic.next(); !next.isEmpty(); next = topic.next()) {
                all.addAll(next);
            }
            return all;
        }
    }

    /** What an auditor has verified. */
    record Audited(List<LedgerEntry> entries, long checkpointSize, long leaves) {
        Audited {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Recomputes the ledger of {@code origin} from the topics, and checks that every entry matches them, and that all signed checkpoints are
     * of this one tree.
     */
    Audited audit(String origin, Path... keys) throws MalformedEntry, MalformedNote {
        List<LedgerEntry> entries = new ArrayList<>();
        Map<Long, Checkpoint> signed = new TreeMap<>();
        Policy policy =
                Policy.ofLogs(KeyFiles.read(origin, keys.length == 0 ? List.of(keyFile) : List.of(keys)).stream()
                        .map(key -> key.verifierKey(KeyType.ED25519))
                        .toList());
        IndexedLedger ledger = new IndexedLedger();
        long leaves = 0;
        try (LeafReader reader = new LeafReader(
                clients,
                "test-leaves",
                Topic.inLedger(),
                IntStream.range(0, PARTITIONS).boxed().toList())) {
            for (Statement statement : statements()) {
                if (!statement.origin().equals(origin)) {
                    continue;
                }
                if (statement instanceof Statement.Entry said) {
                    LedgerEntry entry = EntryText.parse(said.text().getBytes(StandardCharsets.UTF_8));
                    if (entry.number() == ledger.chain().size()
                            && entry.prior().equals(ledger.chain().root())) {
                        List<Run> runs = new ArrayList<>();
                        for (LedgerEntry.Segment segment : entry.segments()) {
                            List<LeafDigest> digests = new ArrayList<>();
                            reader.read(
                                    segment.topic(),
                                    segment.partition(),
                                    segment.first(),
                                    segment.count(),
                                    leaf -> digests.add(LeafDigest.of(leaf)));
                            runs.add(new Run(segment.topic(), segment.partition(), segment.first(), digests));
                            leaves += segment.count();
                        }
                        assertThat(ledger.adopt(entry, runs))
                                .as("entry " + entry.number())
                                .isEmpty();
                        entries.add(entry);
                    }
                } else if (statement instanceof Statement.Checkpoint head) {
                    SignedNote note = SignedNote.parse(head.note().getBytes(StandardCharsets.UTF_8));
                    Judgement judgement = policy.judge(note);
                    assertThat(judgement).isInstanceOf(Judgement.Accepted.class);
                    Checkpoint checkpoint = Checkpoint.parse(note.text());
                    assertThat(checkpoint.size()).isEqualTo(head.size());
                    assertThat(signed.getOrDefault(checkpoint.size(), checkpoint))
                            .as("one root for each size")
                            .isEqualTo(checkpoint);
                    signed.put(checkpoint.size(), checkpoint);
                }
            }
        }
        signed.forEach((size, checkpoint) -> assertThat(checkpoint.root())
                .isEqualTo(MerkleTree.root(ledger.entryHashes().subList(0, size.intValue()))));
        return new Audited(entries, signed.keySet().stream().max(Long::compare).orElse(0L), leaves);
    }

    Audited audit() throws MalformedEntry, MalformedNote {
        return audit(ORIGIN);
    }

    /** The checkpoint in the folder. */
    Checkpoint published(String folder) throws IOException, MalformedNote {
        return Checkpoint.parse(note(folder).text());
    }

    private SignedNote note(String folder) throws IOException, MalformedNote {
        return SignedNote.parse(Files.readAllBytes(directory.resolve(folder).resolve("checkpoint")));
    }

    /** Recreates {@code topic}, with the same name and without its records. */
    void recreate(Topic topic) throws Exception {
        String name = topic.name(eventLog.topicPrefix());
        try (Admin admin = clients.admin("test-admin")) {
            admin.deleteTopics(List.of(name)).all().get();
            await().atMost(1, TimeUnit.MINUTES)
                    .until(() -> !admin.listTopics().names().get().contains(name));
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1)
                            .configs(Map.of("message.timestamp.type", "LogAppendTime"))))
                    .all()
                    .get();
            // A newly created topic may not be known yet.
            await().atMost(1, TimeUnit.MINUTES)
                    .until(() -> admin.listTopics().names().get().contains(name));
        }
    }

    /** Why a builder halts. */
    static Reason halts(LedgerBuilder builder) {
        try (builder) {
            builder.start();
            builder.round(Meanwhile.NOTHING);
            throw new AssertionError("did not halt");
        } catch (Halt halt) {
            return halt.reason();
        }
    }

    /** Copies a folder. */
    static void copy(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    @Override
    public void close() {
        publisher.close();
    }
}
