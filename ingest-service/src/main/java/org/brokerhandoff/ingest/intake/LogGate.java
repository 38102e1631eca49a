package org.brokerhandoff.ingest.intake;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Circuit breaker for Kafka: refuses signups while Kafka does not acknowledge. Without it each would hold a custody slot until its expiry and
 * wait for the producer's timeouts before the same refusal.
 *
 * <p>After a failure the gate is shut for a moment; then it admits one signup at a time, until one is acknowledged.
 */
final class LogGate {
    private static final Duration SHUT = Duration.ofSeconds(1);
    private static final int OPEN = 0;
    private static final int SHUT_STATE = 1;
    private static final int PROBING = 2;

    private final AtomicInteger state = new AtomicInteger(OPEN);
    private final AtomicLong shutUntilNanos = new AtomicLong();

    /** Whether a signup may continue; if so, {@link #acknowledged}, {@link #failed} or {@link #abandoned} must follow. */
    boolean enter() {
        if (state.get() == OPEN) {
            return true;
        }
        return System.nanoTime() - shutUntilNanos.get() >= 0 && state.compareAndSet(SHUT_STATE, PROBING);
    }

    /** Kafka acknowledged. */
    void acknowledged() {
        if (state.get() != OPEN) {
            state.set(OPEN);
        }
    }

    /** Kafka did not acknowledge. */
    void failed() {
        shutUntilNanos.set(System.nanoTime() + SHUT.toNanos());
        state.set(SHUT_STATE);
    }

    /** The signup ended before it reached Kafka. */
    void abandoned() {
        state.compareAndSet(PROBING, SHUT_STATE);
    }
}
