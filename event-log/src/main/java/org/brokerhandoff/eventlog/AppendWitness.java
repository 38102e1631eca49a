package org.brokerhandoff.eventlog;

import java.time.Instant;

/** Receives from a publisher when the brokers appended its records, by their clocks: all topics have {@code LogAppendTime}. */
@FunctionalInterface
public interface AppendWitness {
    /** Ignores everything. */
    AppendWitness NONE = () -> at -> {};

    /** A record being sent. */
    @FunctionalInterface
    interface Sending {
        /** The record was acknowledged; called on the producer's thread, so it must return quickly. */
        void appended(Instant at);
    }

    /** A record is about to be sent; must return quickly. */
    Sending sending();
}
