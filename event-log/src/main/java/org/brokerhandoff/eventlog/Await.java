package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for an answer of Kafka, for callers that may block. */
public final class Await {
    private Await() {}

    /**
     * The result of {@code future}.
     *
     * @throws EventLogUnavailable if there is none within {@code limit}; the message starts with {@code failure}
     */
    public static <T> T result(KafkaFuture<T> future, Duration limit, String failure) {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw EventLogUnavailable.whileWaiting(failure, e);
        }
    }

    /** Whether Kafka has acknowledged what was published, for which longer than a producer's own limit is waited. */
    public static boolean acknowledged(CompletableFuture<?> published) {
        try {
            published.get(15, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
