package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaFuture;

/** Waits for an answer of Kafka, for callers that may block. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(100);

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

    /**
     * Publishes until Kafka has acknowledged, for {@code limit} at least: a publisher that never blocks refuses at once while another process
     * makes the topic, or its leader is not known. For a start, which has to have published before it continues.
     *
     * @param publishing publishes the same event each time
     * @throws EventLogUnavailable if Kafka has not acknowledged by then
     */
    public static void published(Supplier<? extends CompletionStage<?>> publishing, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!acknowledged(publishing.get().toCompletableFuture())) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw new EventLogUnavailable("an event of the startup is not acknowledged", new TimeoutException());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
