package org.brokerhandoff.ingest.rights;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Has the threads of this process wait for each other: a lock of a file, or a lease, belongs to the process as a whole. */
final class ThreadLocks {
    private final ReentrantLock[] stripes = IntStream.range(0, SignupLocks.STRIPES)
            .mapToObj(stripe -> new ReentrantLock())
            .toArray(ReentrantLock[]::new);

    /**
     * Runs the work while no other thread does for this stripe; waits {@link SignupLocks#LIMIT} at most.
     *
     * @throws SignupLocks.StillLocked if that is not enough, or the thread is interrupted
     */
    <T> T alone(int stripe, Supplier<T> work) {
        ReentrantLock lock = stripes[stripe];
        try {
            if (!lock.tryLock(SignupLocks.LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SignupLocks.StillLocked();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SignupLocks.StillLocked();
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
