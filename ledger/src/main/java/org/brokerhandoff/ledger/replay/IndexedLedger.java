package org.brokerhandoff.ledger.replay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.brokerhandoff.ledger.entry.LedgerChain;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.index.IndexProof;
import org.brokerhandoff.ledger.index.PrefixIndex;
import org.brokerhandoff.ledger.merkle.Hash;

/**
 * The entries of a ledger with the index of every partition, computed from leaves. A builder {@linkplain #draft drafts} the next entry and,
 * once the log has it, {@linkplain #commit commits} it; an entry already in the log is {@linkplain #adopt adopted} only if the leaves give
 * the same. Not thread-safe.
 *
 * <pre>
 *              draft                 commit
 *   settled ──────────▶ drafted ──────────────▶ settled, one entry longer
 *      ▲                   │ drop
 *      └───────────────────┘
 * </pre>
 */
public final class IndexedLedger {
    private final LedgerChain chain = new LedgerChain();
    private final List<Hash> entryHashes = new ArrayList<>();
    private final List<PrefixIndex> indexes = new ArrayList<>();
    private Optional<LedgerEntry> drafted = Optional.empty();

    /**
     * The content of an entry besides segments and index.
     *
     * @param timeSeconds the builder's clock, seconds
     * @param settledMillis append time before which no record is missing, milliseconds
     * @param genesis for entry 0
     * @param topics topics that the ledger covers from this entry on
     * @param keys the log's keys, if the set changes
     */
    public record Heading(
            long timeSeconds,
            long settledMillis,
            Optional<Genesis> genesis,
            List<TopicLine> topics,
            List<String> keys) {
        public Heading {
            topics = List.copyOf(topics);
            keys = List.copyOf(keys);
        }
    }

    /** The entries, folded. */
    public LedgerChain chain() {
        return chain;
    }

    /** Leaf hashes of the ledger's tree, one for each entry: a view that grows with the ledger. */
    public List<Hash> entryHashes() {
        return Collections.unmodifiableList(entryHashes);
    }

    /**
     * Drafts the next entry over {@code runs}, which must be in the order of topics and partitions. The ledger then waits for {@link #commit}
     * or {@link #drop}.
     */
    public LedgerEntry draft(Heading heading, List<Run> runs) {
        List<TopicLine> topics = new ArrayList<>(chain.topics());
        topics.addAll(heading.topics());
        int partitions =
                chain.genesis().or(heading::genesis).map(Genesis::partitions).orElse(0);
        List<IndexLine> lines = append(runs, topics, partitions);
        List<IndexLine> newest = new ArrayList<>(chain.indexes());
        for (int partition = newest.size(); partition < partitions; partition++) {
            newest.add(IndexLine.empty(partition));
        }
        lines.forEach(line -> newest.set(line.partition(), line));
        LedgerEntry entry = new LedgerEntry(
                chain.size(),
                chain.root(),
                heading.timeSeconds(),
                heading.settledMillis(),
                heading.genesis(),
                heading.topics(),
                heading.keys(),
                runs.stream().map(Run::segment).toList(),
                lines,
                LedgerChain.indexesRoot(newest));
        drafted = Optional.of(entry);
        return entry;
    }

    /** Adds the leaves to the index; returns the index lines of the affected partitions. */
    private List<IndexLine> append(List<Run> runs, List<TopicLine> topics, int partitions) {
        if (drafted.isPresent()) {
            throw new IllegalStateException("an entry is drafted already");
        }
        while (indexes.size() < partitions) {
            indexes.add(new PrefixIndex());
        }
        SortedSet<Integer> touched = new TreeSet<>();
        for (Run run : runs) {
            if (topics.stream().anyMatch(topic -> topic.topic().equals(run.topic()) && topic.indexed())) {
                PrefixIndex index = indexes.get(run.partition());
                if (touched.add(run.partition())) {
                    index.mark();
                }
                run.appendTo(index);
            }
        }
        return touched.stream()
                .map(partition -> new IndexLine(
                        partition,
                        indexes.get(partition).keys(),
                        indexes.get(partition).root()))
                .toList();
    }

    /** The drafted entry becomes the ledger's next. */
    public void commit() {
        LedgerEntry entry = drafted.orElseThrow(() -> new IllegalStateException("nothing is drafted"));
        chain.append(entry);
        entryHashes.add(entry.hash());
        drafted = Optional.empty();
    }

    /** Discards the drafted entry, if any; index and chain are restored. */
    public void drop() {
        drafted.ifPresent(entry ->
                entry.indexes().forEach(line -> indexes.get(line.partition()).undo()));
        drafted = Optional.empty();
    }

    /**
     * Appends {@code entry}, which is in the log, if it continues the ledger and matches {@code runs}.
     *
     * @param runs the leaves of each of its segments, in its order
     * @return the mismatch; nothing has changed then
     */
    public Optional<Mismatch> adopt(LedgerEntry entry, List<Run> runs) {
        Optional<String> objection = chain.objection(entry);
        if (objection.isPresent()) {
            return objection.map(Mismatch.Broken::new);
        }
        Heading heading =
                new Heading(entry.timeSeconds(), entry.settledMillis(), entry.genesis(), entry.topics(), entry.keys());
        LedgerEntry computed = draft(heading, runs);
        if (computed.equals(entry)) {
            commit();
            return Optional.empty();
        }
        drop();
        for (int i = 0; i < entry.segments().size(); i++) {
            if (!entry.segments().get(i).equals(computed.segments().get(i))) {
                return Optional.of(new Mismatch.Segment(entry.segments().get(i)));
            }
        }
        for (int i = 0; i < entry.indexes().size(); i++) {
            if (!entry.indexes().get(i).equals(computed.indexes().get(i))) {
                return Optional.of(new Mismatch.Index(entry.indexes().get(i)));
            }
        }
        return Optional.of(new Mismatch.Broken("the entry is not the one that its segments give"));
    }

    /** A mismatch between an entry in the log and the leaves. */
    public sealed interface Mismatch {
        /** The leaves of this segment have another root: the topic was changed, or the entry is wrong. */
        record Segment(LedgerEntry.Segment segment) implements Mismatch {}

        /** The segments match, the index after them does not. */
        record Index(IndexLine line) implements Mismatch {}

        /** It does not continue the ledger. */
        record Broken(String objection) implements Mismatch {}
    }

    /** The index proof for the key at {@code path} in {@code partition}, as of the newest entry. */
    public IndexProof prove(int partition, Hash path) {
        if (drafted.isPresent()) {
            throw new IllegalStateException("the index is ahead of the ledger");
        }
        return indexes.get(partition).prove(path);
    }
}
