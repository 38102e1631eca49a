package org.brokerhandoff.eventlog;

import java.time.Instant;

/** Is told by a publisher when the brokers appended its records, by their clocks: all topics have {@code LogAppendTime}. */
@FunctionalInterface
public interface AppendWitness {
    /** Wants to know nothing. */
    AppendWitness NONE = () -> at -> {};

    /** A record that is being sent. */
    @FunctionalInterface
    interface Sending {
        /** The record was acknowledged; called on the producer's thread, so it must be short. */
        void appended(Instant at);
    }

    /** A record is about to be sent; must be short. */
    Sending sending();
}
