package org.brokerhandoff.custody.owners;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A lease that is a lock of the operating system. */
final class FileLease implements PartitionLease {
    private final LeaseFile file;
    private final int partition;
    private final Consumer<FileLease> closed;
    private final AtomicBoolean open = new AtomicBoolean(true);

    FileLease(LeaseFile file, int partition, Consumer<FileLease> closed) {
        this.file = file;
        this.partition = partition;
        this.closed = closed;
    }

    @Override
    public int partition() {
        return partition;
    }

    /** Costs a read of memory. */
    @Override
    public boolean held() {
        return open.get() && file.problem().isEmpty();
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            closed.accept(this);
            file.unlock(partition);
        }
    }

    @Override
    public String toString() {
        return "FileLease[" + partition + (open.get() ? "" : ", closed") + "]";
    }
}
