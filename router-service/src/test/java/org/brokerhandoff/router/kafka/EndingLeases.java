package org.brokerhandoff.router.kafka;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.brokerhandoff.custody.owners.LeaseHolder;
import org.brokerhandoff.custody.owners.LeaseOutcome;
import org.brokerhandoff.custody.owners.PartitionLease;
import org.brokerhandoff.custody.owners.PartitionLeases;

/** Leases that can end before they are given back, as those do that have to be prolonged. */
final class EndingLeases implements PartitionLeases {
    private final PartitionLeases leases;
    private final List<EndingLease> given = new CopyOnWriteArrayList<>();

    EndingLeases(PartitionLeases leases) {
        this.leases = leases;
    }

    /** All that were given until now have ended. */
    void end() {
        given.forEach(lease -> lease.ended = true);
    }

    /** How many were given until now. */
    int given() {
        return given.size();
    }

    @Override
    public LeaseOutcome tryAcquire(int partition) {
        LeaseOutcome outcome = leases.tryAcquire(partition);
        if (outcome instanceof LeaseOutcome.Acquired acquired) {
            EndingLease lease = new EndingLease(acquired.lease());
            given.add(lease);
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
        leases.close();
    }

    private static final class EndingLease implements PartitionLease {
        private final PartitionLease lease;
        private volatile boolean ended;

        EndingLease(PartitionLease lease) {
            this.lease = lease;
        }

        @Override
        public int partition() {
            return lease.partition();
        }

        @Override
        public boolean held() {
            return !ended && lease.held();
        }

        @Override
        public void close() {
            lease.close();
        }
    }
}
