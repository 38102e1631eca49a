package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Cuts partitions of a topic with sealed data and looks whether the cut holds. All methods block, and throw if Kafka cannot be reached or
 * refuses.
 */
public interface LogCutter {
    /**
     * What the cluster says of a partition.
     *
     * @param startOffset first offset served
     * @param replicas who has it
     */
    record Observation(long startOffset, Replicas replicas) {}

    /**
     * Deletes the records before the given offset of each partition; returns when all in-sync replicas have confirmed, or a
     * partition's leader has refused.
     *
     * @return the partitions whose cut was confirmed: one without a leader must not hold up the others
     */
    Set<Integer> cut(Map<Integer, Long> offsets);

    /** Looks at partitions as they are now; leaves out those that cannot be seen. */
    Map<Integer, Observation> observe(Collection<Integer> partitions);

    /** The offset after the last record of a partition. */
    long endOffset(int partition);

    /** Appends a segment marker; returns when it is acknowledged. */
    void appendMarker(int partition);

    /** The longest start-offset checkpoint interval of any broker. */
    Duration checkpointInterval();
}
