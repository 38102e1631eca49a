package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Cuts partitions of a topic with sealed data and verifies the cuts. All methods block, and throw if Kafka cannot be reached or
 * refuses.
 */
public interface LogCutter {
    /**
     * The cluster's view of a partition.
     *
     * @param startOffset first offset served
     * @param replicas who has it; a broker that did not answer counts as not in sync
     * @param witness what would show that a broker has been away since an earlier look
     */
    record Observation(long startOffset, Replicas replicas, Witness witness) {}

    /**
     * What changes when a broker of a partition restarts, although both checks find it in sync.
     *
     * @param leaderEpoch the epoch of the partition's leader; Kafka raises it when the leader was away, also a single replica
     * @param lostBefore connections to brokers that this client had lost when the look began
     * @param lostAfter connections it had lost when all of the partition's brokers had answered. A broker that was restarted has lost
     *     its connection
     */
    record Witness(int leaderEpoch, long lostBefore, long lostAfter) {
        /** Whether no broker can have been away from the beginning of this look to the end of {@code later}. */
        public boolean unbrokenUntil(Witness later) {
            return leaderEpoch == later.leaderEpoch && lostBefore == later.lostAfter;
        }
    }

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
