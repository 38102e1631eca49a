package org.brokerhandoff.eventlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.brokerhandoff.schemas.Topic;

/**
 * How far Kafka has acknowledged publications to the kept topics: a lower bound of their ends.
 *
 * <p>Kafka itself cannot answer that reliably. A stale leader, which was suspended or is cut off from the controllers, answers with an end
 * from before whatever its successor has acknowledged since. No read is protected against this, only an acknowledged write.
 *
 * <p>The processes of a host share the bounds in a file beside the slot file, once {@link #keepBeside} was called: eight bytes for each
 * partition of each kept topic, in native byte order, raised by compare-and-set. The page cache keeps them when a process is killed. They are
 * not synced: after a power cut they are lower, and still valid bounds. Thread-safe.
 */
public final class AcknowledgedEnds {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    /** In the order of their positions in the file, which must not change: new ones are appended. */
    private static final List<Topic> TOPICS = List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES, Topic.PLACES);

    private final int partitions;
    /** The acknowledged ends of this process. */
    private final ByteBuffer own;
    /** The acknowledged ends of all processes with the slot file; this process's own until there is a file. */
    private volatile ByteBuffer shared;

    /** Nothing acknowledged so far; {@code partitions} is the number of partitions of each topic. */
    AcknowledgedEnds(int partitions) {
        this.partitions = partitions;
        this.own = ByteBuffer.allocateDirect(bytes());
        this.shared = own;
    }

    /** The lower bound of the end of {@code partition} of a kept topic: after everything known to be acknowledged; 0 if there is nothing. */
    public long end(Topic topic, int partition) {
        int at = place(topic, partition);
        // Including this process's own: while the shared one comes into use it may be incomplete.
        return at < 0 ? 0 : Math.max((long) LONG.getVolatile(own, at), (long) LONG.getVolatile(shared, at));
    }

    /** The record at {@code offset} is acknowledged. Called before the caller is notified. */
    void acknowledged(Topic topic, int partition, long offset) {
        int at = place(topic, partition);
        if (at < 0) {
            return;
        }
        // In this order: a writer that finds no shared table has written to the own one before that is copied.
        raise(own, at, offset + 1);
        raise(shared, at, offset + 1);
    }

    /**
     * Starts to share the bounds with the other processes that use {@code slotFile}.
     *
     * @param logId identifies the log, so that another one, or recreated topics, start without bounds
     * @throws UncheckedIOException if the file cannot be opened
     */
    public synchronized void keepBeside(Path slotFile, String logId) {
        Path absolute = slotFile.toAbsolutePath();
        Path file = absolute.resolveSibling(absolute.getFileName() + ".ends-" + logId);
        ByteBuffer table;
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            table = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("file of acknowledged offsets " + file, e);
        }
        shared = table;
        copy(own, table);
    }

    private void copy(ByteBuffer from, ByteBuffer to) {
        for (int at = 0; at < bytes(); at += Long.BYTES) {
            raise(to, at, (long) LONG.getVolatile(from, at));
        }
    }

    private static void raise(ByteBuffer table, int at, long end) {
        long known = (long) LONG.getVolatile(table, at);
        while (known < end && !LONG.compareAndSet(table, at, known, end)) {
            known = (long) LONG.getVolatile(table, at);
        }
    }

    private int bytes() {
        return TOPICS.size() * partitions * Long.BYTES;
    }

    /** Negative for a truncated topic. */
    private int place(Topic topic, int partition) {
        int index = TOPICS.indexOf(topic);
        return index < 0 || partition >= partitions ? -1 : (index * partitions + partition) * Long.BYTES;
    }
}
