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
 * How far Kafka has acknowledged what was published to the kept topics: a lower bound of their ends.
 *
 * <p>Kafka itself cannot be asked for that with certainty. A broker that was stopped, or that is cut off from the controllers, answers
 * as the leader that it was: with an end from before whatever its successor has acknowledged since. No read is protected against this,
 * only an acknowledged write.
 *
 * <p>The processes of a host share the bounds in a file beside the slot file, once {@link #keepBeside} was called: eight bytes for each
 * partition of each kept topic, in the machine's byte order, raised by compare-and-set. The page cache keeps them when a process is
 * killed. They are not synced: after a power cut they are lower, and bounds all the same. Thread-safe.
 */
public final class AcknowledgedEnds {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    /** In the order of their places in the file, which must not change: others are added at the end. */
    private static final List<Topic> TOPICS = List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES, Topic.PLACES);

    private final int partitions;
    /** What this process has had acknowledged. */
    private final ByteBuffer own;
    /** What all processes over the slot file have; the own one until there is a file. */
    private volatile ByteBuffer shared;

    /** Nothing is acknowledged so far; {@code partitions} is the number of partitions of each topic. */
    AcknowledgedEnds(int partitions) {
        this.partitions = partitions;
        this.own = ByteBuffer.allocateDirect(bytes());
        this.shared = own;
    }

    /** The least offset that {@code partition} of a kept topic can end at: after all that is known to be acknowledged; 0 if nothing is. */
    public long end(Topic topic, int partition) {
        int at = place(topic, partition);
        // The own one, too: while the shared one comes into use it may not have all of it yet.
        return at < 0 ? 0 : Math.max((long) LONG.getVolatile(own, at), (long) LONG.getVolatile(shared, at));
    }

    /** The record at {@code offset} is acknowledged. Called before the caller is told. */
    void acknowledged(Topic topic, int partition, long offset) {
        int at = place(topic, partition);
        if (at < 0) {
            return;
        }
        // In this order: what finds no shared table is in the own one before that is copied.
        raise(own, at, offset + 1);
        raise(shared, at, offset + 1);
    }

    /**
     * Shares the bounds, from now on, with the other processes that use {@code slotFile}.
     *
     * @param logId names the log, so that another one, or topics that were made again, begin with none
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

    /** Negative for a topic that is cut. */
    private int place(Topic topic, int partition) {
        int index = TOPICS.indexOf(topic);
        return index < 0 || partition >= partitions ? -1 : (index * partitions + partition) * Long.BYTES;
    }
}
