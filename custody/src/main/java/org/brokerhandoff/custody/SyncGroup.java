package org.brokerhandoff.custody;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes changes durable: one thread, one sync for all changes that wait when it starts. The first change waits a moment for
 * others, since what is synced together also comes back together, and shares all that follows: wake-ups, and requests to Kafka. While a sync
 * runs, the next group gathers.
 *
 * <p>After a failed sync the kernel may have dropped the dirty pages and report success the next time, so nothing is
 * tried again: every change, then and later, fails.
 */
final class SyncGroup implements AutoCloseable {
    /** {@code fdatasync}, or a failure in a test. */
    interface Target {
        void sync() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(SyncGroup.class);
    private static final int NO_READ_BACK = -1;
    private static final long CLOSE_WAIT_SECONDS = 30;

    private final Target target;
    private final ZeroCheck zeroCheck;
    private final long gatheringNanos;
    private final LinkedBlockingQueue<Change<?>> waiting = new LinkedBlockingQueue<>();
    private final Change<ReadBack> stop = new Change<>(NO_READ_BACK, slot -> false, readBack -> readBack);
    private final ExecutorService completionThread;
    private final Thread thread;
    private volatile Executor completions;
    private volatile Runnable companion = () -> {};
    private volatile @Nullable CustodyException failure;
    private volatile boolean stopped;
    private volatile long syncs;
    private volatile long changesSynced;

    /** A change already made in the mapping, waiting for its sync. */
    private static final class Change<T> {
        final int readBackSlot;
        final IntPredicate mustBeZero;
        final Function<ReadBack, T> finish;
        final CompletableFuture<T> done = new CompletableFuture<>();
        private @Nullable T result;

        Change(int readBackSlot, IntPredicate mustBeZero, Function<ReadBack, T> finish) {
            this.readBackSlot = readBackSlot;
            this.mustBeZero = mustBeZero;
            this.finish = finish;
        }

        void finish(ReadBack readBack) {
            result = finish.apply(readBack);
        }

        void complete() {
            done.complete(result);
        }
    }

    /** @param gathering how long the first change of a group waits for others */
    SyncGroup(Target target, ZeroCheck zeroCheck, Duration gathering) {
        this.target = target;
        this.zeroCheck = zeroCheck;
        this.gatheringNanos = gathering.toNanos();
        // Its thread starts with its first task, that is, never where completeOn names another executor.
        this.completionThread = Executors.newSingleThreadExecutor(task -> daemon(task, "custody-completions"));
        this.completions = completionThread;
        this.thread = daemon(this::run, "custody-sync");
        thread.start();
    }

    /** Has the stages of changes completed by {@code executor}. */
    void completeOn(Executor executor) {
        completions = executor;
    }

    /** Has {@code other} called before each sync; it must not throw. */
    void syncWith(Runnable other) {
        companion = other;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Completes after the next sync; {@code finish} runs on the sync thread and must be short. */
    <T> CompletableFuture<T> synced(Function<ReadBack, T> finish) {
        return submit(new Change<>(NO_READ_BACK, slot -> false, finish));
    }

    /**
     * Completes after the next sync, once the slot's key area was read back as zero.
     *
     * @param mustBeZero asked when it is not: false if the slot has been given to someone else meanwhile
     */
    <T> CompletableFuture<T> syncedAndReadBack(int slot, IntPredicate mustBeZero, Function<ReadBack, T> finish) {
        return submit(new Change<>(slot, mustBeZero, finish));
    }

    private <T> CompletableFuture<T> submit(Change<T> change) {
        waiting.add(change);
        if (stopped && waiting.remove(change)) {
            change.done.completeExceptionally(closed());
        }
        return change.done;
    }

    /** Whether a sync or a read-back failed. */
    boolean failed() {
        return failure != null;
    }

    /** Why no change is accepted; null if one is. */
    @Nullable
    CustodyException refusal() {
        CustodyException failed = failure;
        if (failed != null) {
            return new CustodyException("custody failed earlier, it accepts no change: " + failed.getMessage(), failed);
        }
        return stopped ? closed() : null;
    }

    /** What made it fail; null if nothing did. */
    @Nullable
    CustodyException failure() {
        return failure;
    }

    /** Accepts no further change: the file's content cannot be relied on. The first cause is kept. */
    synchronized CustodyException fail(CustodyException cause) {
        CustodyException first = failure;
        if (first == null) {
            first = cause;
            failure = cause;
            LOG.error("custody failed, it accepts no change until the process is restarted", cause);
        }
        return first;
    }

    long syncs() {
        return syncs;
    }

    long changesSynced() {
        return changesSynced;
    }

    private void run() {
        List<Change<?>> group = new ArrayList<>();
        boolean last = false;
        while (!last) {
            group.clear();
            try {
                Change<?> first = waiting.take();
                group.add(first);
                if (first != stop && gatheringNanos > 0) {
                    LockSupport.parkNanos(gatheringNanos);
                }
            } catch (InterruptedException e) {
                LOG.warn("custody-sync was interrupted; it stops by close() only");
                continue;
            }
            waiting.drainTo(group);
            last = group.remove(stop);
            if (!group.isEmpty()) {
                makeDurable(group);
            }
        }
        stopped = true;
        for (Change<?> late = waiting.poll(); late != null; late = waiting.poll()) {
            late.done.completeExceptionally(closed());
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread only
    private void makeDurable(List<Change<?>> group) {
        List<Change<?>> changes = List.copyOf(group);
        CustodyException failed = failure;
        if (failed == null) {
            try {
                companion.run();
                target.sync();
                readBack(changes);
                ReadBack readBack = zeroCheck.readBack();
                changes.forEach(change -> change.finish(readBack));
                syncs++;
                changesSynced += changes.size();
            } catch (CustodyException e) {
                failed = fail(e);
            } catch (IOException | RuntimeException | Error e) {
                failed = fail(new CustodyException("a change could not be made durable", e));
            }
        }
        CustodyException outcome = failed;
        completions.execute(() -> {
            for (Change<?> change : changes) {
                if (outcome == null) {
                    change.complete();
                } else {
                    change.done.completeExceptionally(outcome);
                }
            }
        });
    }

    private void readBack(List<Change<?>> changes) throws IOException {
        int[] slots = changes.stream()
                .mapToInt(change -> change.readBackSlot)
                .filter(slot -> slot != NO_READ_BACK)
                .toArray();
        if (slots.length == 0) {
            return;
        }
        for (int slot : zeroCheck.notZero(slots)) {
            for (Change<?> change : changes) {
                if (change.readBackSlot == slot && change.mustBeZero.test(slot)) {
                    throw new IOException("slot " + slot + " was overwritten and synced, but does not read as zero");
                }
            }
        }
    }

    private static CustodyException closed() {
        return new CustodyException("custody is closed");
    }

    @Override
    public void close() {
        waiting.add(stop);
        boolean interrupted = false;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CLOSE_WAIT_SECONDS));
        } catch (InterruptedException e) {
            interrupted = true;
        }
        completionThread.shutdown();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
