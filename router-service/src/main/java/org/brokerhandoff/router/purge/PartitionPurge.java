package org.brokerhandoff.router.purge;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Progress of cutting one partition. A value.
 *
 * @param cutTo offset before which a cut was confirmed, or 0
 * @param unverified confirmed cuts that were not verified yet, oldest first
 * @param verified the newest verified cut
 * @param markedTo offset of the newest cut after which a marker was appended
 * @param away replicas that were not in sync when a cut was last looked at
 */
public record PartitionPurge(
        long cutTo, List<Cut> unverified, Optional<VerifiedCut> verified, long markedTo, Set<Integer> away) {
    /** Nothing cut yet. */
    public static final PartitionPurge NONE = new PartitionPurge(0, List.of(), Optional.empty(), 0, Set.of());

    /** Copies the collections. */
    public PartitionPurge {
        unverified = List.copyOf(unverified);
        away = Set.copyOf(away);
    }

    /**
     * A cut that all replicas confirmed.
     *
     * @param offset first offset left
     * @param confirmedAt when it was confirmed
     */
    public record Cut(long offset, Instant confirmedAt) {}

    /**
     * A cut that was seen to hold after the brokers' checkpoint interval.
     *
     * @param cut the cut
     * @param startOffset first offset served, as seen
     * @param replicas the Kafka brokers that have the partition, all of them in sync
     */
    public record VerifiedCut(Cut cut, long startOffset, Set<Integer> replicas) {
        /** Copies the set. */
        public VerifiedCut {
            replicas = Set.copyOf(replicas);
        }
    }

    /** The newest confirmed cut. */
    public Optional<Cut> newestCut() {
        return unverified.isEmpty()
                ? verified.map(VerifiedCut::cut)
                : Optional.of(unverified.get(unverified.size() - 1));
    }

    /** With a confirmed cut. */
    public PartitionPurge cut(long offset, Instant at) {
        List<Cut> cuts = new ArrayList<>(unverified);
        cuts.add(new Cut(offset, at));
        return new PartitionPurge(Math.max(cutTo, offset), cuts, verified, markedTo, away);
    }

    /** With a marker appended after the newest cut. */
    public PartitionPurge marked() {
        return new PartitionPurge(cutTo, unverified, verified, cutTo, away);
    }

    /** With the finding that the brokers serve records again that were cut: the cut has to be made again. */
    public PartitionPurge undone(long startOffset) {
        return new PartitionPurge(startOffset, List.of(), Optional.empty(), Math.min(markedTo, startOffset), away);
    }

    /**
     * With a look at a partition of which no cut is old enough to be verified. While a replica is away none gets older: the newest
     * cut stands for those before it, however many are made until the replica is back.
     */
    public PartitionPurge lookedAt(long startOffset, Replicas replicas) {
        if (startOffset < cutTo) {
            return undone(startOffset);
        }
        boolean away = !replicas.away().isEmpty() && !unverified.isEmpty();
        List<Cut> waiting = away ? List.of(unverified.get(unverified.size() - 1)) : unverified;
        return new PartitionPurge(cutTo, waiting, verified, markedTo, replicas.away());
    }

    /**
     * With an observation of the partition.
     *
     * @param matured the newest cut that is old enough to be verified by this observation
     */
    public PartitionPurge observed(Cut matured, long startOffset, Replicas replicas) {
        if (startOffset < matured.offset()) {
            return undone(startOffset);
        }
        List<Cut> newer = unverified.stream()
                .filter(cut -> cut.offset() > matured.offset())
                .toList();
        if (!replicas.away().isEmpty()) {
            // A replica that is away may stay away for long: the newest matured cut stands for those before it.
            List<Cut> waiting = new ArrayList<>(newer.size() + 1);
            waiting.add(matured);
            waiting.addAll(newer);
            return new PartitionPurge(cutTo, waiting, verified, markedTo, replicas.away());
        }
        return new PartitionPurge(
                cutTo,
                newer,
                Optional.of(new VerifiedCut(matured, startOffset, replicas.assigned())),
                markedTo,
                Set.of());
    }
}
