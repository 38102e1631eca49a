package org.brokerhandoff.router.kafka;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.owners.LeaseHolder;
import org.brokerhandoff.custody.owners.LeaseOutcome;
import org.brokerhandoff.custody.owners.PartitionLease;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.brokerhandoff.router.deliver.PartitionShare;

/** Leases, and the share of all partitions that they come to. A lease counts until just before it is given back. */
public final class CountedLeases implements PartitionLeases {
    private final PartitionLeases leases;
    private final int partitions;
    private final Set<Counted> acquired = ConcurrentHashMap.newKeySet();

    /** @param partitions how many there are */
    public CountedLeases(PartitionLeases leases, int partitions) {
        this.leases = leases;
        this.partitions = partitions;
    }

    /** The share at this moment. */
    public PartitionShare share() {
        return new PartitionShare(
                acquired.stream()
                        .filter(PartitionLease::held)
                        .map(lease -> new PartitionShare.Owned(lease.partition(), lease.sinceNanos))
                        .collect(Collectors.toSet()),
                partitions);
    }

    @Override
    public LeaseOutcome tryAcquire(int partition) {
        LeaseOutcome outcome = leases.tryAcquire(partition);
        if (outcome instanceof LeaseOutcome.Acquired given) {
            Counted lease = new Counted(given.lease());
            acquired.add(lease);
            return new LeaseOutcome.Acquired(lease);
        }
        return outcome;
    }

    @Override
    public void abandon(int partition) {
        leases.abandon(partition);
    }

    @Override
    public SortedMap<Integer, LeaseHolder> waiting() {
        return leases.waiting();
    }

    @Override
    public Optional<String> look() {
        return leases.look();
    }

    @Override
    public void close() {
        acquired.clear();
        leases.close();
    }

    private final class Counted implements PartitionLease {
        private final PartitionLease lease;
        private final long sinceNanos = System.nanoTime();

        Counted(PartitionLease lease) {
            this.lease = lease;
        }

        @Override
        public int partition() {
            return lease.partition();
        }

        @Override
        public boolean held() {
            return lease.held();
        }

        @Override
        public Optional<FencingToken> fence() {
            return lease.fence();
        }

        @Override
        public void close() {
            acquired.remove(this);
            lease.close();
        }
    }
}
