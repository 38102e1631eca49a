package org.brokerhandoff.ledgerservice.witness;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a thread does while it waits for witnesses. */
public interface Meanwhile {
    /** Nothing. */
    Meanwhile NOTHING = (answered, nanos) -> {
        try {
            answered.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException timeIsOver) {
            return;
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    };

    /** Returns when {@code answered} is complete, or {@code nanos} are over. */
    void await(CompletableFuture<?> answered, long nanos) throws InterruptedException;
}
