package org.brokerhandoff.audit.spill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.store.NoLockFactory;
import org.brokerhandoff.audit.verify.Sorted;

/**
 * A folder of its own in which records are sorted, removed when it is closed or the process is told to end. What is laid down is what the kept
 * topics hold, so nothing of a person.
 */
public final class DiskPlace implements Sorted.Place, AutoCloseable {
    private static final long MOST_BUFFER_BYTES = 64 << 20;
    private static final long LEAST_BUFFER_BYTES = 1 << 20;
    /** Of the heap, at most this part is taken by the records that one thread sorts at a time. */
    private static final int PART_OF_HEAP = 16;

    private final Path folder;
    private final Directory files;
    private final Thread whenToldToEnd = new Thread(this::remove, "handoff-audit-spill");

    /**
     * A new folder in {@code parent}.
     *
     * @throws UncheckedIOException if it cannot be made
     */
    public DiskPlace(Path parent) {
        try {
            folder = Files.createTempDirectory(parent, "handoff-audit-");
            files = new NIOFSDirectory(folder, NoLockFactory.INSTANCE);
        } catch (IOException e) {
            throw new UncheckedIOException("no folder can be created in " + parent + " for sorting the log", e);
        }
        Runtime.getRuntime().addShutdownHook(whenToldToEnd);
    }

    @Override
    public Sorted sorted() {
        long heap = Runtime.getRuntime().maxMemory();
        return new DiskSorted(files, Math.max(LEAST_BUFFER_BYTES, Math.min(MOST_BUFFER_BYTES, heap / PART_OF_HEAP)));
    }

    /** Memory that is a file of the folder: the system keeps in memory of it what there is room for, and the heap nothing. For one thread. */
    public IntFunction<ByteBuffer> memory() {
        return new MappedMemory(folder);
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    private void remove() {
        try (Stream<Path> below = Files.walk(folder)) {
            List<Path> paths = below.sorted(Comparator.reverseOrder()).toList();
            for (Path path : paths) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // What is left is in a folder for what is temporary, and says nothing that the topics do not.
            return;
        }
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder in which the log was sorted cannot be closed", e);
        } finally {
            remove();
            forgetHook();
        }
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(whenToldToEnd);
        } catch (IllegalStateException ending) {
            // The process ends, and the hook runs already.
            return;
        }
    }
}
