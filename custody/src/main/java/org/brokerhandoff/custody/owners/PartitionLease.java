package org.brokerhandoff.custody.owners;

import org.brokerhandoff.custody.Ownership;

/**
 * That this process, and in it this holder, owns a partition. Close it only when everything has ended that was begun under it: requests to
 * brokers, acknowledgements of Kafka, cuts. Thread-safe.
 */
public interface PartitionLease extends Ownership, AutoCloseable {
    /** The partition. */
    int partition();

    /**
     * Whether it is held, as far as is known: false after {@link #close}, and once another process may have it. It does not come back: what
     * was begun under it has to end, and the partition to be asked for again.
     */
    @Override
    boolean held();

    /** Gives it back; another process may have it at once. Does nothing the second time. Does not block. */
    @Override
    void close();
}
