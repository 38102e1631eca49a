package org.brokerhandoff.router.deliver;

import java.time.Instant;
import java.util.Optional;

/** How brokers are, as far as this router knows from its attempts. Thread-safe. */
@FunctionalInterface
public interface BrokerConditions {
    /** The condition of the broker with this id. */
    Condition of(String broker);

    /** Since when the broker's circuit breaker has not been closed; empty if it is. */
    default Optional<Instant> unavailableSince(String broker) {
        return Optional.empty();
    }

    /**
     * A broker's condition.
     *
     * @param suspended whether it is suspended, after 410, 401 or 403
     * @param unavailable whether its circuit breaker is open
     */
    record Condition(boolean suspended, boolean unavailable) {
        /** Nothing is known against it. */
        public static final Condition FINE = new Condition(false, false);
    }
}
