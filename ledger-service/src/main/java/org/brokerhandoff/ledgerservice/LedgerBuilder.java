package org.brokerhandoff.ledgerservice;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.KeptTopics;
import org.brokerhandoff.eventlog.LedgerTopic.Statement;
import org.brokerhandoff.ledger.entry.EntryText;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.entry.MalformedEntry;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledger.replay.IndexedLedger;
import org.brokerhandoff.ledger.replay.IndexedLedger.Heading;
import org.brokerhandoff.ledger.replay.IndexedLedger.Mismatch;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.ledgerservice.BuilderSettings.Start;
import org.brokerhandoff.ledgerservice.evidence.Standing;
import org.brokerhandoff.ledgerservice.folder.LedgerFolder;
import org.brokerhandoff.ledgerservice.folder.LedgerFolder.Signed;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.ledgerservice.round.Halt.Reason;
import org.brokerhandoff.ledgerservice.round.KeptTopicsCheck;
import org.brokerhandoff.ledgerservice.round.Round;
import org.brokerhandoff.ledgerservice.round.RoundPlanner;
import org.brokerhandoff.ledgerservice.witness.Meanwhile;
import org.brokerhandoff.schemas.EventCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ledger and its index in memory, caught up from the topics at the start and extended in rounds. A partially failed round is completed by
 * the next: an entry that may be in the topic is found there, and what is not in the folder yet is written later. Not thread-safe.
 *
 * <pre>
 * start ──▶ ready ──round──▶ ready      Kafka away, disk full: the round is tried again
 *   │         │
 *   └─────────┴── Halt: topics, folder and ledger contradict each other
 * </pre>
 */
final class LedgerBuilder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerBuilder.class);

    /** An empty entry after this much silence, so that a checkpoint attests that nothing is newer. */
    private static final long IDLE_SECONDS = 3600;

    private final BuilderSettings settings;
    private final LedgerKafka kafka;
    private final Publication publication;
    private final InstantSource clock;
    private final Step.Observer steps;
    private final IndexedLedger ledger = new IndexedLedger();
    private final OtherLedgers otherLedgers;
    private final Optional<Signed> signedBefore;

    /** Read from the topic and not processed yet: a failure in between must not skip an entry. */
    private final Deque<Statement> untaken = new ArrayDeque<>();

    private boolean started;
    private KeptTopics topics = KeptTopics.UNKNOWN;
    private Optional<KeptLeaves> leaves = Optional.empty();
    private Optional<Pending> pending = Optional.empty();

    /** A drafted entry, with its leaves. */
    private record Pending(LedgerEntry entry, List<Run> runs) {
        Pending {
            runs = List.copyOf(runs);
        }
    }

    /**
     * An idle builder, with its clients and the folder.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     * @throws java.io.UncheckedIOException if the folder cannot be used
     */
    static LedgerBuilder open(
            BuilderSettings settings,
            List<SigningKey> keys,
            Outside outside,
            InstantSource clock,
            Step.Observer steps) {
        KafkaClients clients = new KafkaClients(settings.eventLog());
        EventCodec codec = new EventCodec();
        LedgerFolder folder = LedgerFolder.open(settings.directory());
        try {
            Publication publication = new Publication(
                    settings.origin(),
                    folder,
                    new EventPublisher(clients, codec, "/ledger", clock),
                    keys,
                    outside,
                    steps);
            try {
                return new LedgerBuilder(settings, new LedgerKafka(clients, codec), publication, clock, steps);
            } catch (RuntimeException e) {
                publication.close();
                throw e;
            }
        } catch (RuntimeException e) {
            // Closing it twice has no effect.
            folder.close();
            throw e;
        }
    }

    private LedgerBuilder(
            BuilderSettings settings,
            LedgerKafka kafka,
            Publication publication,
            InstantSource clock,
            Step.Observer steps) {
        this.settings = settings;
        this.kafka = kafka;
        this.publication = publication;
        this.clock = clock;
        this.steps = steps;
        this.signedBefore = publication.folder().signed();
        this.otherLedgers = new OtherLedgers(settings.predecessor());
    }

    /**
     * Catches up: every entry of the topic is recomputed from the kept topics and compared, and those that the topic has lost are
     * republished.
     *
     * @throws Halt if something contradicts the ledger
     * @throws EventLogUnavailable if Kafka does not answer, or does not have the topics yet
     */
    void start() throws Halt {
        topics = kafka.topics();
        if (!topics.missing().isEmpty()) {
            throw new EventLogUnavailable(
                    "topics do not exist: " + String.join(", ", topics.missing()) + "; ingest and router create them",
                    new IllegalStateException());
        }
        if (topics.partitionCounts().size() > 1) {
            throw new Halt(
                    Reason.PARTITIONS_CHANGED,
                    "the kept topics have different numbers of partitions: " + topics.partitions());
        }
        LedgerAgreement.folder(publication.folder(), settings.origin());
        leaves = Optional.of(kafka.leaves(partitions()));
        takeStatements();
        if (publishAgain()) {
            LedgerAgreement.topic(kafka.checkpoints(), settings.origin(), ledger);
        }
        LedgerAgreement.notShorter(
                ledger.chain().size(), signedBefore.map(Signed::size).orElse(0L), publication.published());
        unlessBehind(() -> publication.compareOutside(ledger));
        if (ledger.chain().size() == 0) {
            otherLedgers.allowBeginning(settings.start() == Start.SUCCEED);
            publication.folder().begin();
        }
        started = true;
        LOG.info(
                "ledger {} has {} entries; its keys are {}",
                settings.origin(),
                ledger.chain().size(),
                publication.verifierKeys());
    }

    private interface Comparison {
        void make() throws Halt;
    }

    /** Another builder may be ahead of this one: what is known externally beyond this ledger may be in the topic by now. */
    private void unlessBehind(Comparison comparison) throws Halt {
        while (true) {
            try {
                comparison.make();
                return;
            } catch (Halt perhapsBehind) {
                long size = ledger.chain().size();
                takeStatements();
                if (ledger.chain().size() == size) {
                    throw perhapsBehind;
                }
            }
        }
    }

    private int partitions() {
        return topics.partitionCounts().iterator().next();
    }

    /** Processes new records of topic {@code checkpoints}, regardless of their author. */
    private void takeStatements() throws Halt {
        do {
            while (!untaken.isEmpty()) {
                take(untaken.getFirst());
                untaken.removeFirst();
            }
            untaken.addAll(kafka.checkpoints().next());
        } while (!untaken.isEmpty());
    }

    private void take(Statement statement) throws Halt {
        if (statement instanceof Statement.Checkpoint head) {
            takeCheckpoint(head);
        } else if (statement instanceof Statement.Entry entry && entry.origin().equals(settings.origin())) {
            Optional<LedgerEntry> next =
                    entry.next(ledger.chain().size(), ledger.chain().root());
            if (next.isPresent()) {
                takeEntry(next.get());
            }
        }
    }

    private void takeCheckpoint(Statement.Checkpoint head) {
        try {
            SignedNote note = SignedNote.parse(head.note().getBytes(StandardCharsets.UTF_8));
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            if (!checkpoint.origin().equals(settings.origin())) {
                otherLedgers.seen(checkpoint);
            } else if (publication.isSignedByUs(note)) {
                publication.seen(checkpoint.size());
            }
        } catch (MalformedNote e) {
            // Records of kept topics are validated when they are published; a foreign program's record is not a
            // checkpoint.
            LOG.warn("topic checkpoints has a record that is not a checkpoint");
        }
    }

    private void takeEntry(LedgerEntry entry) throws Halt {
        if (entry.number() == 0
                && settings.start() != Start.ADOPT
                && publication.folder().isFresh()) {
            throw new Halt(
                    Reason.FOLDER_MISSING,
                    "topic checkpoints has the ledger " + settings.origin()
                            + ", the folder does not; --adopt recomputes it from the topics");
        }
        LedgerFolder folder = publication.folder();
        if (entry.number() < folder.size() && !Arrays.equals(folder.entry(entry.number()), entry.bytes())) {
            throw new Halt(Reason.FOLDER_DISAGREES, "topic and folder have different entries " + entry.number());
        }
        if (pending.isPresent() && pending.get().entry().equals(entry)) {
            ledger.commit();
            committed(pending.get().entry(), pending.get().runs());
        } else {
            ledger.drop();
            adopt(entry);
        }
        pending = Optional.empty();
    }

    private void adopt(LedgerEntry entry) throws Halt {
        KeptTopicsCheck.identity(
                entry.genesis()
                        .or(() -> ledger.chain().genesis())
                        .map(Genesis::partitions)
                        .orElse(0),
                entry.topics(),
                topics);
        List<Run> runs = new ArrayList<>();
        for (Segment segment : entry.segments()) {
            runs.add(keptLeaves().run(segment));
        }
        Optional<Mismatch> mismatch = ledger.adopt(entry, runs);
        if (mismatch.isPresent()) {
            throw Halt.of(entry, mismatch.get());
        }
        committed(entry, runs);
    }

    private KeptLeaves keptLeaves() {
        return leaves.orElseThrow(() -> new IllegalStateException("not started"));
    }

    private void committed(LedgerEntry entry, List<Run> runs) throws Halt {
        runs.forEach(keptLeaves()::covered);
        if (signedBefore.isPresent()
                && signedBefore.get().size() == ledger.chain().size()
                && !signedBefore.get().root().equals(ledger.chain().root())) {
            throw new Halt(
                    Reason.LEDGER_RESTORED,
                    "another tree of size " + signedBefore.get().size() + " may have been signed here");
        }
        publication.committed(ledger, entry, runs);
    }

    /** Republishes what the folder has and the topic has not, byte for byte. */
    private boolean publishAgain() throws Halt {
        LedgerFolder folder = publication.folder();
        boolean again = ledger.chain().size() < folder.size();
        for (long number = ledger.chain().size(); number < folder.size(); number++) {
            LedgerEntry entry;
            try {
                entry = EntryText.parse(folder.entry(number));
            } catch (MalformedEntry e) {
                throw new Halt(Reason.FOLDER_DISAGREES, "entry " + number + " of the folder is not an entry");
            }
            LOG.warn("topic checkpoints has lost entry {}; publishing it again", number);
            adopt(entry);
            publication.publish(entry);
        }
        return again;
    }

    /**
     * Commits to new records, and publishes a checkpoint.
     *
     * @param meanwhile called repeatedly while waiting for witnesses; its queries refer to the checkpoint that they are to cosign
     * @throws Halt if something contradicts the ledger
     * @throws EventLogUnavailable if Kafka does not answer
     */
    void round(Meanwhile meanwhile) throws Halt {
        // Only the topic shows whether an earlier round's draft was published.
        takeStatements();
        ledger.drop();
        pending = Optional.empty();
        topics = kafka.topics();
        if (ledger.chain().genesis().isPresent()) {
            KeptTopicsCheck.identity(
                    ledger.chain().genesis().get().partitions(), ledger.chain().topics(), topics);
        }
        Instant roundStart = clock.instant();
        Instant cutoff = roundStart.minus(settings.settle(topics.replicas()));
        boolean more = true;
        while (more) {
            Round round = RoundPlanner.plan(
                    keptLeaves().tails(ledger.chain()), cutoff, ledger.chain().settledMillis());
            steps.passed(Step.READ);
            more = round.more();
            if (!isWorthAnEntry(round, roundStart)) {
                break;
            }
            entry(round, roundStart);
        }
        unlessBehind(() -> {
            publication.write(ledger);
            publication.sign(ledger, meanwhile);
        });
    }

    private boolean isWorthAnEntry(Round round, Instant now) {
        return !round.runs().isEmpty()
                || ledger.chain().size() == 0
                || !ledger.chain().keys().equals(publication.verifierKeys())
                || now.getEpochSecond() - ledger.chain().timeSeconds() >= IDLE_SECONDS;
    }

    private void entry(Round round, Instant now) throws Halt {
        boolean first = ledger.chain().size() == 0;
        List<String> keys = publication.verifierKeys();
        Heading heading = new Heading(
                Math.max(ledger.chain().timeSeconds(), now.getEpochSecond()),
                round.settledMillis(),
                first
                        ? Optional.of(new Genesis(
                                settings.origin(), topics.cluster(), partitions(), otherLedgers.predecessor()))
                        : Optional.empty(),
                first ? KeptTopicsCheck.lines(topics) : List.of(),
                ledger.chain().keys().equals(keys) ? List.of() : keys);
        LedgerEntry entry = ledger.draft(heading, round.runs());
        pending = Optional.of(new Pending(entry, round.runs()));
        steps.passed(Step.COMPUTED);
        publication.publish(entry);
        steps.passed(Step.PUBLISHED);
        takeStatements();
        if (ledger.chain().size() <= entry.number()) {
            throw new EventLogUnavailable(
                    "an entry was acknowledged and is not in the topic", new IllegalStateException());
        }
    }

    boolean isStarted() {
        return started;
    }

    Optional<Standing> standing(UUID id) {
        return publication.standing(ledger, id);
    }

    long size() {
        return ledger.chain().size();
    }

    @Override
    public void close() {
        leaves.ifPresent(KeptLeaves::close);
        kafka.close();
        publication.close();
    }
}
