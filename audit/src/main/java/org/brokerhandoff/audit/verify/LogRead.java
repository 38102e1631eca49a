package org.brokerhandoff.audit.verify;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.Topic;

/**
 * Identifies the log of a verdict, for the files: every reader of the same offsets of the same topics gets the same digest.
 *
 * @param clusterId Kafka's name of the cluster
 * @param topicPrefix prefix of the topics' names; may be empty
 * @param version of the program that read it
 * @param partitions what was read of each partition
 * @param ledger over these records; empty if there is none
 */
public record LogRead(
        String clusterId, String topicPrefix, String version, List<Partition> partitions, Optional<LedgerRead> ledger) {
    /** Records without a check of the ledger. */
    public LogRead(String clusterId, String topicPrefix, String version, List<Partition> partitions) {
        this(clusterId, topicPrefix, version, partitions, Optional.empty());
    }

    /**
     * One partition, from offset 0.
     *
     * @param endOffset the offset after the last one
     * @param digest root over the records' leaves, in order ({@link LeavesDigest}); a leaf is the ledger's commitment to a record ({@link
     *     org.brokerhandoff.ledger.entry.Leaf})
     */
    public record Partition(Topic topic, int partition, long endOffset, String digest) {}

    /** Orders the partitions: by topic as the ledger does, then by number. */
    public LogRead {
        partitions = partitions.stream()
                .sorted(Comparator.comparing(
                                (Partition each) -> Topic.inLedger().indexOf(each.topic()))
                        .thenComparing(Partition::partition))
                .toList();
    }

    /** SHA-256, in hexadecimal digits, over a line for each partition: topic without prefix, partition, end offset and digest. */
    public String digest() {
        String lines = partitions.stream()
                .map(each -> each.topic().baseName() + " " + each.partition() + " " + each.endOffset() + " "
                        + each.digest() + "\n")
                .collect(Collectors.joining());
        return Digests.hex(Digests.sha256(lines.getBytes(StandardCharsets.UTF_8)));
    }

    /** The end offsets of a topic's partitions, in their order. */
    List<Long> ends(Topic topic) {
        return partitions.stream()
                .filter(each -> each.topic() == topic)
                .map(Partition::endOffset)
                .toList();
    }
}
