package org.brokerhandoff.operations.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources that a service has opened so far. They are closed in reverse order, by closing this or when the start fails. A part that
 * cannot be closed does not keep the others open. Thread-safe.
 */
public final class LifeCycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LifeCycle.class);
    private static final long END_LIMIT_SECONDS = 10;

    private final Deque<Part> open = new ArrayDeque<>();

    private record Part(String name, AutoCloseable end) {}

    /**
     * Registers a part that was just opened.
     *
     * @param name for the log, if closing fails
     */
    public <T extends AutoCloseable> T opened(String name, T part) {
        atEnd(name, part);
        return part;
    }

    /** Registers an executor, which is shut down in an orderly way: an interrupt would close the channels that its tasks use. */
    public <T extends ExecutorService> T executor(String name, T executor) {
        atEnd(name, () -> {
            executor.shutdown();
            if (!executor.awaitTermination(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{} has not ended", name);
            }
        });
        return executor;
    }

    /** Registers an action for the end, before resources opened earlier are closed. */
    public void atEnd(String name, AutoCloseable end) {
        synchronized (open) {
            open.push(new Part(name, end));
        }
    }

    /** Waits until this process is terminated, and delays its exit until everything is closed; for a service's main method. */
    public void closeWhenTold() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            close();
                            closed.countDown();
                        },
                        "stop"));
        closed.await();
    }

    @Override
    public void close() {
        for (Part part = next(); part != null; part = next()) {
            try {
                part.end().close();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                // Only the kind: exceptions of libraries may quote their input.
                LOG.warn("{} did not close: {}", part.name(), e.getClass().getSimpleName());
            }
        }
    }

    private @Nullable Part next() {
        synchronized (open) {
            return open.poll();
        }
    }
}
