package org.brokerhandoff.ingest.follow;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs one task on request: for any number of callers, one run is in progress and at most one waits. Thread-safe. */
public final class Refresher {
    /** For requests: a website waits for them. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private final Runnable task;
    private final Executor executor;

    private CompletableFuture<Void> running = CompletableFuture.completedFuture(null); // guarded by this
    private @Nullable CompletableFuture<Void> following; // guarded by this; not begun yet

    /** Runs {@code task} on {@code executor}. */
    public Refresher(Runnable task, Executor executor) {
        this.task = task;
        this.executor = executor;
    }

    /** Completes when a run that begins after the call has ended; fails as the run does. */
    public synchronized CompletionStage<Void> refreshed() {
        if (following == null) {
            CompletableFuture<Void> next = running.handle((done, failure) -> null)
                    .thenRunAsync(
                            () -> {
                                begun();
                                task.run();
                            },
                            executor);
            following = next;
            running = next;
            // Also when the executor rejected the task: otherwise it would never be refreshed again.
            var unused = next.whenComplete((done, failure) -> ended(next));
            return next;
        }
        return running;
    }

    /** As {@link #refreshed}, for a request: fails after a few seconds. */
    public CompletionStage<Void> refreshedSoon() {
        return refreshed().toCompletableFuture().copy().orTimeout(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void begun() {
        following = null;
    }

    private synchronized void ended(CompletableFuture<Void> refresh) {
        if (following == refresh) {
            following = null;
        }
    }
}
