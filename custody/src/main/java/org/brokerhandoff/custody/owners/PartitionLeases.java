package org.brokerhandoff.custody.owners;

import java.util.Optional;
import java.util.SortedMap;
import org.brokerhandoff.custody.CustodyException;

/**
 * Gives out one lease per partition among all routers that share a custody. Its holder alone works on the partition, offers and erases its
 * signups and cuts it. On one host leases are locks of the operating system ({@link FileLeases}); over several, tokens in the database that
 * decides.
 *
 * <p>Thread-safe. No method waits for a lease.
 */
public interface PartitionLeases extends AutoCloseable {
    /**
     * Asks for the lease of a partition. While it is refused, {@link #waiting} may say so, until it is acquired or {@link #abandon abandoned}.
     * One that this process has is refused until it is closed, also where it is not {@linkplain PartitionLease#held held} any more.
     *
     * @throws CustodyException if leases mean nothing any more
     */
    LeaseOutcome tryAcquire(int partition);

    /** A lease that was refused is no longer wanted. */
    void abandon(int partition);

    /** The partitions that wait for their leases, and who had each when it was last asked for. */
    SortedMap<Integer, LeaseHolder> waiting();

    /**
     * Looks whether the leases are still what they were; to be called once a second, not on an event loop. After a problem no lease is
     * {@linkplain PartitionLease#held held} any more and none is given, until this process is started again.
     *
     * @return what is wrong, for an operator; empty if all is well
     */
    Optional<String> look();

    /** Gives back what was not given back. What was begun under a lease has to have ended before. */
    @Override
    void close();
}
