package org.brokerhandoff.custody.owners;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.brokerhandoff.custody.CustodyException;

/**
 * Gives out one lease per partition among the processes of a host that share a slot file, and among the routers in one process: a lock of
 * the operating system on byte {@code p} of {@code <slot file>.owners}. Its holder alone works on the partition, offers
 * and erases its signups and cuts it.
 *
 * <p>{@code kill -9} frees it, since the kernel does. A process that is stopped keeps it, and continues as the owner when it is continued: a
 * take-over waits until then, or until the process is ended. A power cut leaves no leases. Nothing is ever written to the file.
 * docs/custody.md has the rest.
 */
public final class FileLeases implements PartitionLeases {
    private final LeaseFile file;
    private final int partitions;
    private final Set<FileLease> given = ConcurrentHashMap.newKeySet();
    private final SortedMap<Integer, LeaseHolder> waiting = new ConcurrentSkipListMap<>();
    private volatile boolean open = true;

    private FileLeases(LeaseFile file, int partitions) {
        this.file = file;
        this.partitions = partitions;
    }

    /** Where the leases of a slot file are. No other code of a process may open this file: closing it would drop the leases. */
    public static Path of(Path slotFile) {
        Path absolute = slotFile.toAbsolutePath();
        return absolute.resolveSibling(Objects.requireNonNull(absolute.getFileName()) + ".owners");
    }

    /**
     * Opens the leases beside a slot file; the file is created if need be, mode 0600.
     *
     * @param partitions how many there are
     * @throws CustodyException if the file is not a regular one, other users have access, or it was replaced while this process
     *     had it open
     * @throws UncheckedIOException if it cannot be opened: it belongs to another user, for one
     */
    public static FileLeases open(Path slotFile, int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("at least one partition, not " + partitions);
        }
        return new FileLeases(LeaseFile.open(of(slotFile)), partitions);
    }

    /**
     * Two system calls, three if it is refused.
     *
     * @throws CustodyException if leases mean nothing any more: the file was deleted or replaced, or a lock was lost
     * @throws UncheckedIOException if the file system refuses locks
     */
    @Override
    public LeaseOutcome tryAcquire(int partition) {
        if (partition < 0 || partition >= partitions) {
            throw new IllegalArgumentException("partition " + partition + " of " + partitions);
        }
        if (!open) {
            throw new CustodyException("the leases are closed");
        }
        Optional<LeaseHolder> holder = file.tryLock(partition);
        if (holder.isPresent()) {
            waiting.put(partition, holder.get());
            return new LeaseOutcome.Refused(holder.get());
        }
        waiting.remove(partition);
        FileLease lease = new FileLease(file, partition, given::remove);
        given.add(lease);
        return new LeaseOutcome.Acquired(lease);
    }

    @Override
    public void abandon(int partition) {
        waiting.remove(partition);
    }

    @Override
    public SortedMap<Integer, LeaseHolder> waiting() {
        return new TreeMap<>(waiting);
    }

    @Override
    public Optional<String> look() {
        return file.look();
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Set.copyOf(given).forEach(FileLease::close);
            file.leave();
        }
    }
}
