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
 * A private folder in which records are sorted, removed when it is closed or the process is terminated. It contains only content of the kept
 * topics, so no personal data.
 */
public final class DiskPlace implements Sorted.Place, AutoCloseable {
    private static final long MOST_BUFFER_BYTES = 64 << 20;
    private static final long LEAST_BUFFER_BYTES = 1 << 20;
    /** Maximum share of the heap for the records that one thread sorts at a time. */
    private static final int PART_OF_HEAP = 16;

    private final Path folder;
    private final Directory files;
    private final Thread whenToldToEnd = new Thread(this::remove, "handoff-audit-spill");

    /**
     * A new folder in {@code parent}.
     *
     * @throws UncheckedIOException if it cannot be created
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

    /** Memory backed by a file of the folder: the system caches what fits, and the heap is not used. For one thread. */
    public IntFunction<ByteBuffer> memory() {
        return new MappedMemory(folder);
    }

    /** Its path. */
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
            // Remains are in a temporary folder, and contain nothing that the topics do not.
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
            // The process is ending, and the hook is already running.
            return;
        }
    }
}
