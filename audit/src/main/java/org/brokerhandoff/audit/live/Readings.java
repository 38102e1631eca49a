package org.brokerhandoff.audit.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the followed partitions close together by append time, so that little is open between them: one that is far ahead of the others waits
 * for them. Not thread-safe.
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
     * The partitions that have to wait.
     *
     * @param unfinished those with unread records
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
