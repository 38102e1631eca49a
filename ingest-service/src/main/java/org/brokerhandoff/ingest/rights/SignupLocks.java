package org.brokerhandoff.ingest.rights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Serialises the work on one signup's requests, and on requests about it, across all processes of this host. A signup's restriction is one
 * bit for any number of requests: no other may arrive between the check that none is left and the lifting.
 *
 * <p>Each signup maps to one byte of a file, shared by one in 256. The operating system releases a lock when its process dies.
 */
public final class SignupLocks implements AutoCloseable {
    private static final int STRIPES = 256;
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final FileChannel file;
    /** A file lock belongs to the whole process, so its threads need separate locks. */
    private final ReentrantLock[] stripes =
            IntStream.range(0, STRIPES).mapToObj(stripe -> new ReentrantLock()).toArray(ReentrantLock[]::new);

    private SignupLocks(FileChannel file) {
        this.file = file;
    }

    /**
     * Opens the file, and creates it if needed.
     *
     * @throws UncheckedIOException if that fails
     */
    public static SignupLocks in(Path file) {
        try {
            return new SignupLocks(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new UncheckedIOException("the file of locks cannot be opened: " + file, e);
        }
    }

    /** Another request about the signup takes too long. */
    public static final class StillLocked extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Runs the work while no other does for this signup; waits three seconds at most. Blocks.
     *
     * @throws StillLocked if the others take longer
     */
    public <T> T alone(UUID signupId, Supplier<T> work) {
        int stripe = Math.floorMod(signupId.hashCode(), STRIPES);
        ReentrantLock own = stripes[stripe];
        long until = System.nanoTime() + LIMIT.toNanos();
        try {
            if (!own.tryLock(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StillLocked();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StillLocked();
        }
        try {
            FileLock lock = fileLock(stripe, until);
            try {
                return work.get();
            } finally {
                lock.release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a signup cannot be locked", e);
        } finally {
            own.unlock();
        }
    }

    /** Polls: a blocking lock could not be abandoned. */
    private FileLock fileLock(int stripe, long until) throws IOException {
        Optional<FileLock> lock = free(stripe);
        while (lock.isEmpty()) {
            if (System.nanoTime() - until >= 0 || Thread.currentThread().isInterrupted()) {
                throw new StillLocked();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            lock = free(stripe);
        }
        return lock.get();
    }

    private Optional<FileLock> free(int stripe) throws IOException {
        try {
            return Optional.ofNullable(file.tryLock(stripe, 1, false));
        } catch (OverlappingFileLockException otherService) {
            // Held by another ingest in this process.
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the file of locks cannot be closed", e);
        }
    }
}
