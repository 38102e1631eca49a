package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for an answer of Kafka's admin client, for callers that may block. */
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
}
