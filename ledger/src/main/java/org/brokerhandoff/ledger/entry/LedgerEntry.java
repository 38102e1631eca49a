package org.brokerhandoff.ledger.entry;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;

/**
 * One entry of the ledger: the segments added since the previous entry, and the index after them. Its text is a leaf of the ledger's tree.
 * {@link LedgerChain} judges whether an entry is valid after others.
 *
 * @param number leaf index in the ledger
 * @param prior MTH of entries 0 to {@code number - 1}
 * @param timeSeconds the builder's clock, seconds since 1970
 * @param settledMillis append time before which no record is missing, milliseconds since 1970
 * @param genesis in entry 0 only: identity of the ledger
 * @param topics topics added by this entry, in the order that segments follow
 * @param keys the log's keys (vkeys), if the set changes
 * @param segments at most {@link #MAXIMUM_SEGMENTS}
 * @param indexes one for each partition with an indexed segment here, ascending
 * @param indexesRoot MTH over the newest index line of each partition
 */
public record LedgerEntry(
        long number,
        Hash prior,
        long timeSeconds,
        long settledMillis,
        Optional<Genesis> genesis,
        List<TopicLine> topics,
        List<String> keys,
        List<Segment> segments,
        List<IndexLine> indexes,
        Hash indexesRoot) {
    /** First line of every entry. */
    public static final String FORM = "handoff-ledger-entry/v1";

    /** Maximum size of an entry in bytes, so that a tile's entry bundle can hold it. */
    public static final int MAXIMUM_BYTES = 65_535;

    /** Maximum number of segments of an entry. */
    public static final int MAXIMUM_SEGMENTS = 256;

    /** Maximum number of leaves of a segment. */
    public static final int MAXIMUM_LEAVES = 16_384;

    public LedgerEntry {
        topics = List.copyOf(topics);
        keys = List.copyOf(keys);
        segments = List.copyOf(segments);
        indexes = List.copyOf(indexes);
    }

    /**
     * Identity of a ledger.
     *
     * @param origin as in every checkpoint
     * @param cluster Kafka's cluster id
     * @param partitions of every topic
     * @param succeeds the ledger that this one continues after a loss
     */
    public record Genesis(String origin, String cluster, int partitions, Optional<Predecessor> succeeds) {}

    /** The last head of an earlier generation. */
    public record Predecessor(String origin, long size, Hash root) {}

    /** A topic that the ledger covers from here on. */
    public record TopicLine(String topic, String topicId, boolean indexed) {}

    /** The tree over the leaves at offsets {@code [first, first + count)}. */
    public record Segment(String topic, int partition, long first, int count, Hash root) {
        /** The first offset after it. */
        public long end() {
            return first + count;
        }

        boolean covers(Leaf.Place place) {
            return place.topic().equals(topic)
                    && place.partition() == partition
                    && place.offset() >= first
                    && place.offset() < end();
        }
    }

    /** The index of one partition after an entry. */
    public record IndexLine(int partition, long keys, Hash root) {
        /** Before the first key of a partition. */
        public static IndexLine empty(int partition) {
            return new IndexLine(partition, 0, Hash.ZERO);
        }

        /** The line without its line feed, which is also the leaf that {@code indexes} commits to. */
        public String text() {
            return "index " + partition + " " + keys + " " + root;
        }

        /** Leaf hash of {@link #text}. */
        public Hash hash() {
            return MerkleTree.leafHash(text().getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** The segment of this entry that contains {@code place}. */
    public Optional<Segment> segmentOf(Leaf.Place place) {
        return segments.stream().filter(segment -> segment.covers(place)).findFirst();
    }

    /** The text, exact to the byte. */
    public String text() {
        StringBuilder text = new StringBuilder();
        line(text, FORM);
        line(text, "number " + number);
        line(text, "prior " + prior);
        line(text, "time " + timeSeconds);
        line(text, "settled " + settledMillis);
        genesis.ifPresent(start -> {
            line(text, "ledger " + start.origin());
            line(text, "cluster " + start.cluster());
            line(text, "partitions " + start.partitions());
            start.succeeds()
                    .ifPresent(earlier ->
                            line(text, "succeeds " + earlier.origin() + " " + earlier.size() + " " + earlier.root()));
        });
        topics.forEach(topic -> line(
                text, "topic " + topic.topic() + " " + topic.topicId() + (topic.indexed() ? " indexed" : " plain")));
        keys.forEach(key -> line(text, "key " + key));
        segments.forEach(segment -> line(
                text,
                "segment " + segment.topic() + " " + segment.partition() + " " + segment.first() + " " + segment.count()
                        + " " + segment.root()));
        indexes.forEach(index -> line(text, index.text()));
        line(text, "indexes " + indexesRoot);
        return text.toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    /** The text's bytes: a leaf of the ledger. */
    public byte[] bytes() {
        return text().getBytes(StandardCharsets.UTF_8);
    }

    /** Leaf hash in the ledger's tree. */
    public Hash hash() {
        return MerkleTree.leafHash(bytes());
    }
}
