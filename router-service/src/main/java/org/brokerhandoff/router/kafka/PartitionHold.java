package org.brokerhandoff.router.kafka;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.owners.PartitionLease;

/**
 * That this router owns a partition number. Kept by each of its topics while they are consumed, and by each record while it is worked on; the
 * lease is given back when the last of them lets go. So the next owner never meets a request, or an acknowledgement, of this one.
 */
final class PartitionHold {
    private final PartitionLease lease;
    private final AtomicInteger users = new AtomicInteger(1);

    /** A hold with one user, the caller. */
    PartitionHold(PartitionLease lease) {
        this.lease = lease;
    }

    /** Whether another process cannot own it, as far as is known. */
    boolean held() {
        return lease.held();
    }

    /** The owner's token, where leases have one. */
    Optional<FencingToken> fence() {
        return lease.fence();
    }

    /** Takes part; false if the last user has let go. */
    boolean enter() {
        return users.getAndUpdate(before -> before == 0 ? 0 : before + 1) > 0;
    }

    /** Lets go. */
    void leave() {
        if (users.decrementAndGet() == 0) {
            lease.close();
        }
    }
}
