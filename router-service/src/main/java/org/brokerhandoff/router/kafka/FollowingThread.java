package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.brokerhandoff.eventlog.KafkaClients;

/**
 * A thread that follows topics until it is closed. After a failure, whatever it was, it begins again a second later with a client of its
 * own: a client that failed may have lost its place.
 */
final class FollowingThread implements AutoCloseable {
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final String clientId;
    private final Consumer<KafkaConsumer<byte[], byte[]>> follow;
    private final Consumer<RuntimeException> failed;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /**
     * A thread that is not started yet.
     *
     * @param follow reads with the client that it is given, and returns soon after this is no longer {@linkplain #isOpen open}
     * @param failed is told why following ended; the exception may show contents of records
     */
    FollowingThread(
            KafkaClients clients,
            String name,
            String clientId,
            Consumer<KafkaConsumer<byte[], byte[]>> follow,
            Consumer<RuntimeException> failed) {
        this.clients = clients;
        this.clientId = clientId;
        this.follow = follow;
        this.failed = failed;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts it; once only. */
    void start() {
        thread.start();
    }

    /** Whether it was not closed yet. */
    boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void run() {
        while (isOpen()) {
            try (KafkaConsumer<byte[], byte[]> consumer = clients.rangeConsumer(clientId)) {
                follow.accept(consumer);
            } catch (RuntimeException e) {
                failed.accept(e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            var unused = closed.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    /** Has it end, and waits for that. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(END_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
