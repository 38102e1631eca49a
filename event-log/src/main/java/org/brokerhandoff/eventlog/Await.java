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

/** Waits for a response of Kafka, for callers that may block. */
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

    /** Whether Kafka has acknowledged the publication, with a timeout longer than the producer's own. */
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
     * Retries a publication until Kafka has acknowledged, for at least {@code limit}: a non-blocking publisher fails at once while another
     * process creates the topic, or its leader is unknown. For a start, which must have published before it continues.
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
