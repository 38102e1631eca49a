package org.brokerhandoff.router.deliver;

/** How brokers are, as far as this router knows from its attempts. Thread-safe. */
@FunctionalInterface
public interface BrokerConditions {
    /** The condition of the broker with this id. */
    Condition of(String broker);

    /**
     * A broker's condition.
     *
     * @param suspended whether it gets nothing for a while, after 410, 401 or 403
     * @param unavailable whether its circuit breaker is open
     */
    record Condition(boolean suspended, boolean unavailable) {
        /** Nothing is known against it. */
        public static final Condition FINE = new Condition(false, false);
    }
}
