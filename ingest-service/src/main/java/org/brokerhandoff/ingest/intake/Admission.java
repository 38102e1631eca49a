package org.brokerhandoff.ingest.intake;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Admission control: how many signups may be in progress, and whether any may while Kafka does not acknowledge.
 *
 * <p>The scarce resource is the time of the event loops, measured by how long a task waits for its loop: if within a tenth of a second none
 * was served within twenty milliseconds, a queue has formed, and each further signup delays all others. The limit of signups in progress is
 * then lowered, by a tenth at a time, and raised again when the queue is gone. A slow Kafka or disk alone does not lower it.
 */
public final class Admission {
    private static final long WINDOW_NANOS = Duration.ofMillis(100).toNanos();
    private static final long STANDING_QUEUE_NANOS = Duration.ofMillis(20).toNanos();
    /** Fewer samples than this in a window do not count as a queue. */
    private static final int LEAST_WAITS = 8;

    /** Lower bound of the limit: enough to keep the loops and the disk busy. Refusals cost loop time too. */
    private static final int LEAST_LIMIT = 64;

    private final int mostUnderWay;
    private final LogGate gate = new LogGate();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile int limit;
    private long windowBegan; // this and the next two guarded by this object's monitor
    private long leastWait = Long.MAX_VALUE;
    private int waits;

    /** @param mostUnderWay limit of signups in progress when nothing is short; more are refused as overloaded */
    public Admission(int mostUnderWay) {
        this.mostUnderWay = mostUnderWay;
        this.limit = mostUnderWay;
    }

    /** Whether a signup that begins now would be refused as overloaded. */
    boolean overloaded() {
        return underWay.get() >= limit;
    }

    /** {@code loop}, with its queueing time measured. */
    Executor measured(Executor loop) {
        return task -> {
            long handedOver = System.nanoTime();
            loop.execute(() -> {
                long now = System.nanoTime();
                waited(now - handedOver, now);
                task.run();
            });
        };
    }

    /** A task waited for its loop. */
    synchronized void waited(long nanos, long nowNanos) {
        leastWait = Math.min(leastWait, nanos);
        waits++;
        if (nowNanos - windowBegan < WINDOW_NANOS) {
            return;
        }
        if (waits >= LEAST_WAITS || leastWait <= STANDING_QUEUE_NANOS) {
            limit = nextLimit(limit, mostUnderWay, underWay.get(), leastWait);
        }
        windowBegan = nowNanos;
        leastWait = Long.MAX_VALUE;
        waits = 0;
    }

    /** The limit after a window with {@code underWay} in progress, whose shortest wait was {@code leastWaitNanos}. */
    static int nextLimit(int limit, int most, int underWay, long leastWaitNanos) {
        if (leastWaitNanos > STANDING_QUEUE_NANOS) {
            return Math.max(Math.min(LEAST_LIMIT, most), Math.min(limit, underWay) * 4 / 5);
        }
        return Math.min(most, limit + 1 + limit / 10);
    }

    /** Why a signup may not continue; if it may, {@link #left} must follow. */
    Optional<Unavailability> refusal() {
        if (underWay.incrementAndGet() > limit) {
            underWay.decrementAndGet();
            return Optional.of(Unavailability.OVERLOADED);
        }
        if (!gate.enter()) {
            underWay.decrementAndGet();
            return Optional.of(Unavailability.LOG_UNAVAILABLE);
        }
        return Optional.empty();
    }

    /** An admitted signup has ended, with any outcome. */
    void left() {
        // A signup that did not reach Kafka says nothing about it.
        gate.abandoned();
        underWay.decrementAndGet();
    }

    /** Kafka acknowledged a signup. */
    void logAcknowledged() {
        gate.acknowledged();
    }

    /** Kafka did not acknowledge a signup. */
    void logFailed() {
        gate.failed();
    }

    int underWay() {
        return underWay.get();
    }
}
