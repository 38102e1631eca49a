package org.brokerhandoff.ingest.intake;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** How many signups may be on their way, and whether any may while Kafka does not acknowledge. */
public final class Admission {
    private final int mostUnderWay;
    private final LogGate gate = new LogGate();
    private final AtomicInteger underWay = new AtomicInteger();

    /** @param mostUnderWay signups that may be on their way at the same time; more are refused as overloaded */
    public Admission(int mostUnderWay) {
        this.mostUnderWay = mostUnderWay;
    }

    /** Why a signup may not go on; if it may, {@link #left} has to follow. */
    Optional<Unavailability> refusal() {
        if (underWay.incrementAndGet() > mostUnderWay) {
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
