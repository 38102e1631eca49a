package org.brokerhandoff.audit.ledger;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.brokerhandoff.audit.verify.LedgerFinding;
import org.brokerhandoff.audit.verify.LedgerFinding.About;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.evidence.LedgerTimes;
import org.brokerhandoff.ledger.evidence.LedgerTimes.Existed;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.index.PrefixIndex;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.schemas.SignupIds;

/**
 * Recomputes the ledger's statements about one partition number: take the segments of each entry, leaf by leaf, then the entry. Holds one
 * segment and the partition's index in memory. Pure.
 */
public final class PartitionLedger {
    private static final int MOST_NAMED = 20;

    private final int partition;
    private final PublishedLeaves published;
    private final Consumer<LedgerFinding> findings;
    private final PrefixIndex index;
    private final Set<String> indexed = new LinkedHashSet<>();
    private final Set<UUID> signups = new LinkedHashSet<>();
    private List<LeafDigest> leaves = new ArrayList<>();
    private boolean differed;
    private boolean misdated;
    /** Until when, by the entries that ended, no record is missing. */
    private long settledMillis;

    private Existed entryMade = new Existed(Instant.MAX, true);
    private long notCommitted;
    private Optional<Instant> oldestNotCommitted = Optional.empty();

    /** The leaf hashes of a segment from the ledger's folder; unsigned, so useful only if their root is the segment's. */
    public interface PublishedLeaves {
        /** Nothing is published. */
        PublishedLeaves NONE = segment -> Optional.empty();

        /** The hashes, if available. */
        Optional<List<Hash>> of(Segment segment);
    }

    /**
     * The ledger's statements about {@code partition}, before its first entry.
     *
     * @param memory for the index: some 130 bytes per key, allocated in pieces
     */
    public PartitionLedger(
            int partition,
            PublishedLeaves published,
            IntFunction<ByteBuffer> memory,
            Consumer<LedgerFinding> findings) {
        this.index = new PrefixIndex(memory);
        this.partition = partition;
        this.published = published;
        this.findings = findings;
    }

    /** Writes the state after the ended entries: nothing of the next one has been taken. */
    public void save(DataOutputStream out) throws IOException {
        out.writeLong(settledMillis);
        out.writeInt(indexed.size());
        for (String topic : indexed) {
            out.writeUTF(topic);
        }
        out.writeLong(index.keys());
        index.forEach((path, history) -> {
            try {
                out.write(path.bytes());
                out.writeLong(history.count());
                out.write(history.chain().bytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Continues from a state that {@link #save} wrote.
     *
     * @param line line of the partition's index in the newest entry of that time; the state must match it
     * @throws IOException if it does not
     */
    public void restore(DataInputStream in, IndexLine line) throws IOException {
        settledMillis = in.readLong();
        for (int left = in.readInt(); left > 0; left--) {
            indexed.add(in.readUTF());
        }
        for (long left = in.readLong(); left > 0; left--) {
            Hash path = Hash.of(in.readNBytes(Hash.BYTES));
            long count = in.readLong();
            index.add(path, new History(count, Hash.of(in.readNBytes(Hash.BYTES))));
        }
        if (!line.equals(new IndexLine(partition, index.keys(), index.root()))) {
            throw new IOException("the index of partition " + partition + " is not the ledger's");
        }
    }

    /** Whether everything in the entries so far matches the records. */
    public boolean holds() {
        return !differed;
    }

    /** Begins an entry. */
    public void begin(LedgerEntry entry) {
        entry.topics().stream().filter(TopicLine::indexed).map(TopicLine::topic).forEach(indexed::add);
        entryMade = new Existed(Instant.ofEpochSecond(entry.timeSeconds()), true);
    }

    /** Takes the next leaf of the current segment. */
    public void take(Leaf leaf) {
        leaves.add(LeafDigest.of(leaf));
        dated(leaf, Optional.of(entryMade));
        if (signups.size() <= MOST_NAMED && leaf instanceof Leaf.Present record) {
            record.key()
                    .filter(key -> key.length == SignupIds.LENGTH_BYTES)
                    .map(SignupIds::uuid)
                    .ifPresent(signups::add);
        }
    }

    /** Compares {@code segment} with the leaves taken. */
    public void end(Segment segment) {
        Run run = new Run(segment.topic(), partition, segment.first(), leaves);
        if (leaves.size() < segment.count()) {
            differs(
                    segment,
                    "entry commits to offsets " + segment.first() + " to " + (segment.end() - 1)
                            + ", and the topic ends at " + (segment.first() + leaves.size()));
        } else if (!run.segment().equals(segment)) {
            differs(
                    segment,
                    "the records at offsets " + segment.first() + " to " + (segment.end() - 1)
                            + " are not those that the ledger commits to" + where(segment));
        }
        if (indexed.contains(segment.topic())) {
            run.appendTo(index);
        }
        leaves = new ArrayList<>();
        signups.clear();
        misdated = false;
    }

    /** Names the first backdated or postdated record of a segment. */
    private void dated(Leaf leaf, Optional<Existed> by) {
        if (!misdated && leaf instanceof Leaf.Present record) {
            LedgerTimes.datedBack(record, settledMillis)
                    .or(() -> by.flatMap(made -> LedgerTimes.datedAhead(record, made)))
                    .ifPresent(sentence -> {
                        misdated = true;
                        findings.accept(
                                new LedgerFinding(About.TIMES, record.place().topic() + "-" + partition, sentence));
                    });
        }
    }

    private void differs(Segment segment, String sentence) {
        differed = true;
        findings.accept(new LedgerFinding(
                About.RECORDS,
                segment.topic() + "-" + partition,
                sentence
                        + (signups.isEmpty()
                                ? ""
                                : "; signups or visitors among them: "
                                        + signups.stream()
                                                .limit(MOST_NAMED)
                                                .map(UUID::toString)
                                                .collect(Collectors.joining(" "))
                                        + (signups.size() > MOST_NAMED ? " and more" : ""))));
    }

    /** Which offsets differ, if the published hashes show that. */
    private String where(Segment segment) {
        Optional<List<Hash>> hashes = published
                .of(segment)
                .filter(all ->
                        all.size() == segment.count() && MerkleTree.root(all).equals(segment.root()));
        if (hashes.isEmpty()) {
            return "";
        }
        List<String> offsets = new ArrayList<>();
        for (int i = 0; i < segment.count(); i++) {
            if (!hashes.get().get(i).equals(leaves.get(i).hash())) {
                offsets.add(String.valueOf(segment.first() + i));
            }
        }
        return ", namely at "
                + offsets.stream().limit(MOST_NAMED).collect(Collectors.joining(" "))
                + (offsets.size() > MOST_NAMED ? " and " + (offsets.size() - MOST_NAMED) + " more" : "");
    }

    /** Compares the index after {@code entry}, whose segments have ended. */
    public void end(LedgerEntry entry) {
        for (IndexLine line : entry.indexes()) {
            // If records differ the index does too, at every later entry.
            if (line.partition() == partition
                    && !differed
                    && !line.equals(new IndexLine(partition, index.keys(), index.root()))) {
                differed = true;
                findings.accept(new LedgerFinding(
                        About.RECORDS,
                        "partition " + partition,
                        "entry " + entry.number()
                                + " states an index that its records do not yield: for some signup"
                                + " it lists more, fewer or other events"));
            }
        }
        settledMillis = Math.max(settledMillis, entry.settledMillis());
    }

    /** Takes a leaf behind the newest entry. */
    public void takeNotCommitted(Leaf leaf) {
        notCommitted++;
        dated(leaf, Optional.empty());
        if (oldestNotCommitted.isEmpty() && leaf instanceof Leaf.Present record) {
            oldestNotCommitted = Optional.of(record.appendedAt());
        }
    }

    /** Ends a topic: uncommitted records must not be older than {@code promise}. */
    public void end(String topic, Instant now, Duration promise) {
        oldestNotCommitted
                .filter(oldest -> oldest.plus(promise).isBefore(now))
                .ifPresent(oldest -> findings.accept(new LedgerFinding(
                        About.DELAY,
                        topic + "-" + partition,
                        "a record appended at " + oldest + " is not committed to within " + promise + "")));
        oldestNotCommitted = Optional.empty();
        misdated = false;
    }

    /** Records behind the newest entry so far. */
    public long notCommitted() {
        return notCommitted;
    }
}
