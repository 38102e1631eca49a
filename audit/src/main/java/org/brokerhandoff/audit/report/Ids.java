package org.brokerhandoff.audit.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.UUID;

/** A count, with the ids of the highest rank. Not thread-safe. */
final class Ids {
    /** Number of ids kept. */
    static final int MOST_NAMED = 12;

    private long count;
    private final PriorityQueue<Ranked> named = new PriorityQueue<>(Comparator.comparingLong(Ranked::rank));

    private record Ranked(UUID id, long rank) {}

    /** Counts one without a rank. */
    void add(UUID id) {
        add(id, 0);
    }

    /** Counts one. */
    void add(UUID id, long rank) {
        count++;
        if (named.size() < MOST_NAMED) {
            named.add(new Ranked(id, rank));
        } else if (named.element().rank() < rank) {
            named.remove();
            named.add(new Ranked(id, rank));
        }
    }

    /** The count. */
    static Ids together(List<Ids> parts) {
        Ids all = new Ids();
        for (Ids part : parts) {
            part.named.forEach(ranked -> all.add(ranked.id(), ranked.rank()));
            all.count += part.count - part.named.size();
        }
        return all;
    }

    long count() {
        return count;
    }

    /** The ids kept, the highest rank first. */
    List<UUID> named() {
        List<Ranked> sorted = new ArrayList<>(named);
        sorted.sort(Comparator.comparingLong(Ranked::rank).reversed().thenComparing(Ranked::id));
        return sorted.stream().map(Ranked::id).toList();
    }
}
