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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.brokerhandoff.custody.Ownership;

/** Locks across all processes of this host: each signup maps to one byte of a file. The operating system releases a lock when its process dies. */
public final class FileSignupLocks implements SignupLocks {
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final FileChannel file;
    private final ThreadLocks threads = new ThreadLocks();

    private FileSignupLocks(FileChannel file) {
        this.file = file;
    }

    /**
     * Opens the file, and creates it if needed.
     *
     * @throws UncheckedIOException if that fails
     */
    public static SignupLocks in(Path file) {
        try {
            return new FileSignupLocks(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new UncheckedIOException("the file of locks cannot be opened: " + file, e);
        }
    }

    @Override
    public <T> T alone(UUID signupId, Function<Ownership, T> work) {
        int stripe = SignupLocks.stripe(signupId);
        long until = System.nanoTime() + LIMIT.toNanos();
        return threads.alone(stripe, () -> locked(stripe, until, work));
    }

    private <T> T locked(int stripe, long until, Function<Ownership, T> work) {
        try {
            FileLock lock = fileLock(stripe, until);
            try {
                return work.apply(() -> true);
            } finally {
                lock.release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a signup cannot be locked", e);
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
