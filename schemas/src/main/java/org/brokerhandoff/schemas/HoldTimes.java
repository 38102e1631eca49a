package org.brokerhandoff.schemas;

import java.time.Duration;
import java.time.Instant;

/**
 * The two instants that bound a hold: {@code eraseBy}, the promise, by which the purge is proven; and {@code keyExpiry}, before
 * it, at which custody destroys the key whatever else happens. The reserve between them is the time to cut the log, wait out the
 * brokers' checkpoint and publish the purge.
 *
 * @param keyExpiry when the key is destroyed and delivery ends, at the latest
 * @param eraseBy when the purge has to be proven, at the latest
 */
public record HoldTimes(Instant keyExpiry, Instant eraseBy) {
    /** The longest hold that any installation may promise. */
    public static final Duration LONGEST_HOLD = Duration.ofDays(7);

    private static final Duration MOST_RESERVE = Duration.ofMinutes(10);

    /** The times of a signup that was received at {@code receivedAt} and may be held for {@code maximumHold}. */
    public static HoldTimes of(Instant receivedAt, Duration maximumHold) {
        Duration quarter = maximumHold.dividedBy(4);
        Duration reserve = quarter.compareTo(MOST_RESERVE) < 0 ? quarter : MOST_RESERVE;
        Instant eraseBy = receivedAt.plus(maximumHold);
        return new HoldTimes(eraseBy.minus(reserve), eraseBy);
    }
}
