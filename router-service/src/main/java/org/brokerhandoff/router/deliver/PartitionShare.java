package org.brokerhandoff.router.deliver;

import java.util.Set;

/**
 * Which partitions of the sealed topic this router owns at a moment, and so how much of what a broker takes of all routers is its own: leases
 * are exclusive, so the shares of all routers together are never more than the whole.
 *
 * @param owned what it owns
 * @param all how many partitions there are
 */
public record PartitionShare(Set<Owned> owned, int all) {
    /**
     * A partition under one lease. Under another lease it is another one: meanwhile another router may have had it.
     *
     * @param sinceNanos {@link System#nanoTime()} when the lease was acquired
     */
    public record Owned(int partition, long sinceNanos) {}

    /** Copies the set. */
    public PartitionShare {
        owned = Set.copyOf(owned);
    }
}
