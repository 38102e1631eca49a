package org.brokerhandoff.custody;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Waits for custody, on threads that may block: not on an event loop, and not on a thread on which custody's stages complete. */
public final class Answers {
    private static final long LIMIT_SECONDS = 25;

    private Answers() {}

    /**
     * What {@code stage} completes with.
     *
     * @throws CustodyException if custody failed
     * @throws CompletionException if it did not answer within 25 s, or failed otherwise
     */
    public static <T> T awaited(CompletionStage<T> stage) {
        CompletableFuture<T> answer = stage.toCompletableFuture();
        try {
            return answer.isDone()
                    ? answer.join()
                    : answer.copy().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof CustodyException refused) {
                throw refused;
            }
            throw e;
        }
    }
}
