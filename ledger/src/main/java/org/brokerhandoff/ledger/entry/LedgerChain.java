package org.brokerhandoff.ledger.entry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.merkle.Frontier;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;

/**
 * Folds the entries of a ledger from the first on: what the next one must continue. This is all that can be checked from the ledger's text
 * alone; whether its segments and indexes match the topics needs the topics. Not thread-safe.
 */
public final class LedgerChain {
    private final Frontier tree = new Frontier();
    private final Map<String, TopicLine> topics = new LinkedHashMap<>();
    private final Map<String, Long> ends = new HashMap<>();
    private final List<IndexLine> indexes = new ArrayList<>();
    private List<String> keys = List.of();
    private Optional<Genesis> genesis = Optional.empty();
    private long timeSeconds;
    private long settledMillis;

    /**
     * Why {@code entry} does not continue the chain; empty if it does. Changes nothing.
     */
    public Optional<String> objection(LedgerEntry entry) {
        if (entry.number() != tree.size()) {
            return Optional.of("entry " + tree.size() + " follows, not " + entry.number());
        }
        if (!entry.prior().equals(tree.root())) {
            return Optional.of("prior is not the root of the entries before");
        }
        if (entry.timeSeconds() < timeSeconds || entry.settledMillis() < settledMillis) {
            return Optional.of("time and settled never decrease");
        }
        for (TopicLine topic : entry.topics()) {
            if (topics.containsKey(topic.topic())) {
                return Optional.of("topic " + topic.topic() + " is covered already");
            }
        }
        Map<String, TopicLine> known = new LinkedHashMap<>(topics);
        entry.topics().forEach(topic -> known.put(topic.topic(), topic));
        int partitions = genesis.or(entry::genesis).map(Genesis::partitions).orElse(0);
        return segmentObjection(entry, known, partitions).or(() -> indexObjection(entry, known, partitions));
    }

    private Optional<String> segmentObjection(LedgerEntry entry, Map<String, TopicLine> known, int partitions) {
        List<String> order = new ArrayList<>(known.keySet());
        long place = -1;
        for (Segment segment : entry.segments()) {
            int topic = order.indexOf(segment.topic());
            if (topic < 0 || segment.partition() >= partitions) {
                return Optional.of("no partition " + segment.topic() + "-" + segment.partition() + " in this ledger");
            }
            long next = (long) topic * partitions + segment.partition();
            if (next <= place) {
                return Optional.of("segments follow the order of topics and partitions, one for each partition");
            }
            place = next;
            long end = ends.getOrDefault(partition(segment), 0L);
            if (segment.first() != end) {
                return Optional.of("segment " + partition(segment) + " starts at " + segment.first()
                        + ", the one before ends at " + end);
            }
        }
        return Optional.empty();
    }

    private Optional<String> indexObjection(LedgerEntry entry, Map<String, TopicLine> known, int partitions) {
        TreeSet<Integer> touched = new TreeSet<>();
        for (Segment segment : entry.segments()) {
            TopicLine topic = known.get(segment.topic());
            if (topic != null && topic.indexed()) {
                touched.add(segment.partition());
            }
        }
        if (!entry.indexes().stream().map(IndexLine::partition).toList().equals(List.copyOf(touched))) {
            return Optional.of("index lines stand for exactly the partitions with an indexed segment");
        }
        List<IndexLine> after = carried(entry, partitions);
        for (IndexLine line : entry.indexes()) {
            long before = line.partition() < indexes.size()
                    ? indexes.get(line.partition()).keys()
                    : 0;
            if (line.keys() < before) {
                return Optional.of("the index of partition " + line.partition() + " has fewer keys than before");
            }
        }
        return indexesRoot(after).equals(entry.indexesRoot())
                ? Optional.empty()
                : Optional.of("indexes is not the root of the newest index lines");
    }

    /** The newest index line of each partition after {@code entry}. */
    private List<IndexLine> carried(LedgerEntry entry, int partitions) {
        List<IndexLine> after = new ArrayList<>(indexes);
        while (after.size() < partitions) {
            after.add(IndexLine.empty(after.size()));
        }
        entry.indexes().forEach(line -> after.set(line.partition(), line));
        return after;
    }

    /** MTH over {@code lines}, one for each partition in order. */
    public static Hash indexesRoot(List<IndexLine> lines) {
        return MerkleTree.root(lines.stream().map(IndexLine::hash).toList());
    }

    /**
     * Appends the next entry.
     *
     * @throws IllegalArgumentException if there is an {@link #objection}
     */
    public void append(LedgerEntry entry) {
        objection(entry).ifPresent(objection -> {
            throw new IllegalArgumentException(objection);
        });
        genesis = genesis.or(entry::genesis);
        entry.topics().forEach(topic -> topics.put(topic.topic(), topic));
        entry.segments().forEach(segment -> ends.put(partition(segment), segment.end()));
        List<IndexLine> after = carried(entry, genesis.orElseThrow().partitions());
        indexes.clear();
        indexes.addAll(after);
        keys = entry.keys().isEmpty() ? keys : entry.keys();
        timeSeconds = entry.timeSeconds();
        settledMillis = entry.settledMillis();
        tree.append(entry.hash());
    }

    private static String partition(Segment segment) {
        return segment.topic() + "-" + segment.partition();
    }

    /** Number of entries. */
    public long size() {
        return tree.size();
    }

    /** MTH over the entries so far. */
    public Hash root() {
        return tree.root();
    }

    /** The ledger's genesis; empty before entry 0. */
    public Optional<Genesis> genesis() {
        return genesis;
    }

    /** The topics covered so far, in the order that segments follow. */
    public List<TopicLine> topics() {
        return List.copyOf(topics.values());
    }

    /** The log's keys (vkeys), from the last entry that has any. */
    public List<String> keys() {
        return keys;
    }

    /** The builder's clock at the newest entry, 0 before the first. */
    public long timeSeconds() {
        return timeSeconds;
    }

    /** Append time before which no record is missing, in milliseconds; 0 before the first entry. */
    public long settledMillis() {
        return settledMillis;
    }

    /** The newest index line of each partition. */
    public List<IndexLine> indexes() {
        return List.copyOf(indexes);
    }

    /** The first offset of a partition that no segment covers yet. */
    public long end(String topic, int partition) {
        return ends.getOrDefault(topic + "-" + partition, 0L);
    }
}
