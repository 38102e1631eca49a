package org.brokerhandoff.router.lane;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A lane that is no event loop, for tests without a network. */
public final class SingleThreadLane implements Lane, AutoCloseable {
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "lane"));

    @Override
    public void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException closed) {
            // As an event loop that has ended: nothing is done any more.
        }
    }

    @Override
    public void after(Duration wait, Runnable task) {
        try {
            var unused = thread.schedule(task, Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // As an event loop that has ended: nothing is done any more.
        }
    }

    @Override
    public void close() {
        // Not interrupted: its tasks use custody, and that would close the slot file's channel.
        thread.shutdown();
    }
}
