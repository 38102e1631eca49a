package org.brokerhandoff.router.lane;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * One thread with a mailbox. {@link #execute} puts a task into it, from any thread; tasks run one after the other, in the order in which
 * they were put in. They must not block.
 */
public interface Lane extends Executor {
    /** Runs {@code task} in this lane once {@code wait} is over; never, if the lane is closed before. */
    void after(Duration wait, Runnable task);

    /** What {@code elsewhere} completes with, in this lane: what depends on the returned stage runs here and not where it arrived. */
    default <T> CompletionStage<T> arriving(CompletionStage<T> elsewhere) {
        CompletableFuture<T> here = new CompletableFuture<>();
        var unused = elsewhere.whenComplete((result, failure) -> execute(() -> {
            if (failure == null) {
                here.complete(result);
            } else {
                here.completeExceptionally(failure);
            }
        }));
        return here;
    }

    /** As {@link #arriving}; a result that is already available is not put into the mailbox. To be called in this lane. */
    default <T> CompletionStage<T> resumedAfter(CompletionStage<T> elsewhere) {
        return elsewhere.toCompletableFuture().isDone() ? elsewhere : arriving(elsewhere);
    }
}
