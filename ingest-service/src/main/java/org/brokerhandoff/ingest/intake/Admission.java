package org.brokerhandoff.ingest.intake;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many signups may be on their way, and whether any may while Kafka does not acknowledge.
 *
 * <p>What runs out first is the time of the event loops. How long a task waits for its loop tells: if in a tenth of a second not one was
 * served within twenty milliseconds, a queue stands, and every signup that is let in makes all wait longer. The number that may be on their
 * way is lowered then, tenth by tenth, and raised again when the queue is gone. A slow Kafka or disk alone lowers nothing.
 */
public final class Admission {
    private static final long WINDOW_NANOS = Duration.ofMillis(100).toNanos();
    private static final long STANDING_QUEUE_NANOS = Duration.ofMillis(20).toNanos();
    /** Fewer waits than this in a window are no queue. */
    private static final int LEAST_WAITS = 8;

    /** So many are let in whatever the loops say: enough to keep them and the disk busy. Refusals cost loops time too. */
    private static final int LEAST_LIMIT = 64;

    private final int mostUnderWay;
    private final LogGate gate = new LogGate();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile int limit;
    private long windowBegan; // this and the next two guarded by this object's monitor
    private long leastWait = Long.MAX_VALUE;
    private int waits;

    /** @param mostUnderWay signups that may be on their way at the same time when nothing is short; more are refused as overloaded */
    public Admission(int mostUnderWay) {
        this.mostUnderWay = mostUnderWay;
        this.limit = mostUnderWay;
    }

    /** Whether a signup that begins now would be refused as overloaded. */
    boolean overloaded() {
        return underWay.get() >= limit;
    }

    /** {@code loop}, with the waits for it measured. */
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

    /** The limit after a window in which {@code underWay} were on their way, and none waited less than {@code leastWaitNanos}. */
    static int nextLimit(int limit, int most, int underWay, long leastWaitNanos) {
        if (leastWaitNanos > STANDING_QUEUE_NANOS) {
            return Math.max(Math.min(LEAST_LIMIT, most), Math.min(limit, underWay) * 4 / 5);
        }
        return Math.min(most, limit + 1 + limit / 10);
    }

    /** Why a signup may not continue; if it may, {@link #left} has to follow. */
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

    /** A signup that was let in has ended, however it did. */
    void left() {
        // Nothing was learnt of Kafka where the signup did not get that far.
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
