package org.brokerhandoff.audit.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the partitions that are followed close together, by the time of the append, so that what is open in between stays little: one that is
 * far ahead of the others waits for them. Not for several threads.
 *
 * @param <P> a partition
 */
final class Readings<P> {
    private final long mostAheadMillis;
    private final Map<P, Long> readTo = new HashMap<>();

    /** Partitions may be {@code mostAheadMillis} apart. */
    Readings(long mostAheadMillis) {
        this.mostAheadMillis = mostAheadMillis;
    }

    /** Notes the append time of the newest record that was read. */
    void read(P partition, long appendedAtMillis) {
        readTo.merge(partition, appendedAtMillis, Math::max);
    }

    /**
     * Which have to wait.
     *
     * @param unfinished those with records that are not read yet
     */
    List<P> ahead(List<P> unfinished) {
        long slowest = unfinished.stream()
                .mapToLong(partition -> readTo.getOrDefault(partition, Long.MIN_VALUE))
                .min()
                .orElse(Long.MAX_VALUE);
        List<P> ahead = new ArrayList<>();
        for (P partition : unfinished) {
            long at = readTo.getOrDefault(partition, Long.MIN_VALUE);
            if (at > slowest && (slowest == Long.MIN_VALUE || at - slowest > mostAheadMillis)) {
                ahead.add(partition);
            }
        }
        return ahead;
    }
}
