package org.brokerhandoff.schemas;

import java.time.Duration;
import java.time.Instant;

/**
 * The two instants that bound a hold: {@code eraseBy}, the promise, by which the purge is proven; and {@code keyExpiry}, before
 * it, at which custody destroys the key in any case. The reserve between them is the time to cut the log, wait out the
 * brokers' checkpoint and publish the purge.
 *
 * @param keyExpiry when the key is destroyed and delivery ends, at the latest
 * @param eraseBy when the purge has to be proven, at the latest
 */
public record HoldTimes(Instant keyExpiry, Instant eraseBy) {
    /** The longest hold that any installation may promise. */
    public static final Duration LONGEST_HOLD = Duration.ofDays(7);

    /**
     * The longest time for which an order may preserve a signup, from when it was entered: Art. 16 (2) of the Convention on Cybercrime (ETS 185). A new order
     * may renew it.
     */
    public static final Duration LONGEST_PRESERVATION = Duration.ofDays(90);

    /** The longest reserve. */
    public static final Duration MOST_RESERVE = Duration.ofMinutes(10);

    /** The times of a signup that was received at {@code receivedAt} and may be held for {@code maximumHold}. */
    public static HoldTimes of(Instant receivedAt, Duration maximumHold) {
        Duration quarter = maximumHold.dividedBy(4);
        Duration reserve = quarter.compareTo(MOST_RESERVE) < 0 ? quarter : MOST_RESERVE;
        Instant eraseBy = receivedAt.plus(maximumHold);
        return new HoldTimes(eraseBy.minus(reserve), eraseBy);
    }

    /** The times of a signup that was received at {@code receivedAt}, and promised to be erased by {@code eraseBy}. */
    public static HoldTimes promised(Instant receivedAt, Instant eraseBy) {
        return of(receivedAt, Duration.between(receivedAt, eraseBy));
    }

    /** With another end, and the same reserve before it. */
    public HoldTimes until(Instant end) {
        return new HoldTimes(end.minus(reserve()), end);
    }

    /** The time from the key's end to that of the promise. */
    public Duration reserve() {
        return Duration.between(keyExpiry, eraseBy);
    }
}
