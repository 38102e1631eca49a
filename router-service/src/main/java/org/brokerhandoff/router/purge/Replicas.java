package org.brokerhandoff.router.purge;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The Kafka brokers that have a partition, by their ids.
 *
 * @param assigned those that have to have it
 * @param inSync those that were in sync when looked at
 */
public record Replicas(Set<Integer> assigned, Set<Integer> inSync) {
    /** Copies the sets. */
    public Replicas {
        assigned = Set.copyOf(assigned);
        inSync = Set.copyOf(inSync);
    }

    /** Assigned replicas that are not in sync: a cut was not confirmed by them, and their disks hold what they held. */
    public SortedSet<Integer> away() {
        SortedSet<Integer> away = new TreeSet<>(assigned);
        away.removeAll(inSync);
        return away;
    }
}
