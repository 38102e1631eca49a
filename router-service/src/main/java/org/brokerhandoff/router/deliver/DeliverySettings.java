package org.brokerhandoff.router.deliver;

import java.time.Duration;

/**
 * Limits of delivery.
 *
 * @param attemptLimit longest time for one exchange
 * @param backoff waits between attempts
 * @param patience when a signup is parked
 * @param breakerPause how long a broker that is down is left alone
 * @param nonReceiptAfter time after the last attempt from which a broker's word that it does not know a signup is final; also how
 *     long a breaker has to be open before no signup waits for that broker any more
 * @param suspension how long a broker gets nothing that answered 410, or repeatedly 401 or 403
 * @param unauthorizedLimit answers of 401 or 403 in a row that suspend a broker
 */
public record DeliverySettings(
        Duration attemptLimit,
        Backoff backoff,
        Patience patience,
        Duration breakerPause,
        Duration nonReceiptAfter,
        Duration suspension,
        int unauthorizedLimit) {
    /**
     * With the longest that is usual for what is not said.
     *
     * @param attemptLimit longest time for one exchange
     * @param backoff waits between attempts
     * @param patience when a signup is parked
     * @param breakerPause how long a broker that is down is left alone
     */
    public DeliverySettings(Duration attemptLimit, Backoff backoff, Patience patience, Duration breakerPause) {
        this(attemptLimit, backoff, patience, breakerPause, Duration.ofMinutes(6), Duration.ofMinutes(15), 3);
    }

    /** When an attempt is slow: well after what a busy event loop adds to it, which is not the broker's slowness. */
    public Duration slow() {
        return attemptLimit.multipliedBy(3).dividedBy(4);
    }
}
