package org.brokerhandoff.custody.owners;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.brokerhandoff.custody.Ownership;

/**
 * That this process, and in it this holder, owns a partition. Close it only when everything has ended that was begun under it: requests to
 * brokers, acknowledgements of Kafka, cuts. Thread-safe.
 */
public final class PartitionLease implements Ownership, AutoCloseable {
    private final LeaseFile file;
    private final int partition;
    private final Consumer<PartitionLease> closed;
    private final AtomicBoolean open = new AtomicBoolean(true);

    PartitionLease(LeaseFile file, int partition, Consumer<PartitionLease> closed) {
        this.file = file;
        this.partition = partition;
        this.closed = closed;
    }

    /** The partition. */
    public int partition() {
        return partition;
    }

    /**
     * Whether it is held, as far as is known: false after {@link #close}, and when {@link PartitionLeases#look} has found that another
     * process may have it. Costs a read of memory.
     */
    @Override
    public boolean held() {
        return open.get() && file.problem().isEmpty();
    }

    /** Gives it back; another process may have it at once. Does nothing the second time. */
    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            closed.accept(this);
            file.unlock(partition);
        }
    }

    @Override
    public String toString() {
        return "PartitionLease[" + partition + (open.get() ? "" : ", closed") + "]";
    }
}
