package org.brokerhandoff.router.deliver;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One circuit breaker for each broker. While a broker is down, its signups are parked without an attempt, which would take its
 * time-out and hold up the purges behind it. When the pause is over, a few attempts find out whether it is back, and only their
 * success lets the rest through: what has piled up does not come all at once.
 */
public final class BrokerBreakers {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerBreakers.class);
    /** A broker that fails every other time is still worth its attempts; one that fails four times in five is not. */
    private static final float FAILURE_PERCENTAGE = 80;

    private static final int WINDOW_ATTEMPTS = 20;
    private static final int FEWEST_ATTEMPTS = 5;
    private static final int PROBES = 3;

    private final CircuitBreakerRegistry breakers;

    /**
     * Breakers.
     *
     * @param pause how long a broker is left alone before it is tried again
     * @param slow an attempt that takes longer counts as a failure, whatever it comes to: it holds a place that others need
     */
    public BrokerBreakers(Duration pause, Duration slow) {
        breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(WINDOW_ATTEMPTS)
                .minimumNumberOfCalls(FEWEST_ATTEMPTS)
                .failureRateThreshold(FAILURE_PERCENTAGE)
                .permittedNumberOfCallsInHalfOpenState(PROBES)
                .slowCallDurationThreshold(slow)
                .slowCallRateThreshold(FAILURE_PERCENTAGE)
                .waitDurationInOpenState(pause)
                // A decision passes over a broker whose breaker is open, so nobody would ask it for permission.
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .build());
        breakers.getEventPublisher()
                .onEntryAdded(added -> added.getAddedEntry()
                        .getEventPublisher()
                        .onStateTransition(event ->
                                LOG.warn("broker {}: {}", event.getCircuitBreakerName(), event.getStateTransition())));
    }

    CircuitBreaker of(String broker) {
        return breakers.circuitBreaker(broker);
    }

    /** Whether the broker is left alone just now. */
    boolean open(String broker) {
        return of(broker).getState() == CircuitBreaker.State.OPEN;
    }
}
