package org.brokerhandoff.audit.verify;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.SealedTopic;

/** Reports of the erasure agents about one partition's files. Their number grows with that of the signups and with time. */
public final class ErasureReports {
    private static final long NOTHING_SAID = -1;

    private final Map<SealedTopic, Map<Integer, Looks>> looks = new EnumMap<>(SealedTopic.class);

    /** Reports about one broker's files of one topic, by start time. */
    private static final class Looks {
        private final NavigableMap<Long, Look> all = new TreeMap<>();
        /** The lowest offset that any inspection found from a moment on, inclusive; computed on demand. */
        private final NavigableMap<Long, Long> lowestFrom = new TreeMap<>();

        void add(long observedMillis, Look look) {
            all.merge(observedMillis, look, Look::and);
            lowestFrom.clear();
        }

        /** Whether an inspection after this moment found {@code offset} in a file. */
        boolean foundAfter(long moment, long offset) {
            if (lowestFrom.isEmpty()) {
                long lowest = Long.MAX_VALUE;
                for (Map.Entry<Long, Look> look : all.descendingMap().entrySet()) {
                    long of = look.getValue().lowestOffset();
                    lowest = of == NOTHING_SAID ? lowest : Math.min(lowest, of);
                    lowestFrom.put(look.getKey(), lowest);
                }
            }
            Map.Entry<Long, Long> next = lowestFrom.higherEntry(moment);
            return next != null && next.getValue() <= offset;
        }
    }

    /**
     * An inspection of one broker's files of the partition.
     *
     * @param lowestOffset lowest offset that a file may contain
     * @param reportedAt offset of the report in {@code purges}
     */
    private record Look(long lowestOffset, long reportedAt) {
        Look and(Look same) {
            return new Look(Math.min(lowestOffset, same.lowestOffset), Math.min(reportedAt, same.reportedAt));
        }
    }

    /**
     * A claim that a record is in no file.
     *
     * @param topic the record's topic
     * @param offset the last offset claimed to be in no file
     * @param cutMillis when the cut was confirmed
     * @param claimedMillis when the claim was made
     * @param claimedAt offset of the claim in {@code purges}
     */
    record Claim(SealedTopic topic, long offset, long cutMillis, long claimedMillis, long claimedAt) {}

    /** Adds a report, at {@code offset} of {@code purges}; repeats have no effect. */
    public void add(LogErased report, long offset) {
        // A broker without a file of the partition is not an inspected replica.
        long lowest = report.getLowestOffset() == null ? NOTHING_SAID : report.getLowestOffset();
        looks.computeIfAbsent(report.getTopic(), unused -> new HashMap<>())
                .computeIfAbsent(report.getBroker(), unused -> new Looks())
                .add(report.getObservedAt().toEpochMilli(), new Look(lowest, offset));
    }

    /** Brokers whose last inspection that began after the cut and not after the claim, and was reported before it, found the record in no file. */
    long brokersWithout(Claim claim) {
        return looks.getOrDefault(claim.topic(), Map.of()).values().stream()
                .filter(ofBroker -> restingOn(ofBroker.all, claim).isPresent())
                .count();
    }

    /** Brokers in whose files an inspection found the record again, after the one that supports the claim had found it in none. */
    Set<Integer> brokersWithAgain(Claim claim) {
        Set<Integer> found = new TreeSet<>();
        looks.getOrDefault(claim.topic(), Map.of())
                .forEach((broker, ofBroker) -> restingOn(ofBroker.all, claim)
                        .filter(moment -> ofBroker.foundAfter(moment, claim.offset()))
                        .ifPresent(moment -> found.add(broker)));
        return found;
    }

    /** When the inspection that supports a claim began; empty if none can. */
    private static Optional<Long> restingOn(NavigableMap<Long, Look> all, Claim claim) {
        if (claim.claimedMillis() <= claim.cutMillis()) {
            return Optional.empty();
        }
        // The router bases its claim on reports that it has read, so later ones are no evidence for it.
        return all.subMap(claim.cutMillis(), false, claim.claimedMillis(), true).descendingMap().entrySet().stream()
                .filter(look -> look.getValue().reportedAt() < claim.claimedAt())
                .findFirst()
                .filter(look -> look.getValue().lowestOffset() > claim.offset())
                .map(Map.Entry::getKey);
    }
}
