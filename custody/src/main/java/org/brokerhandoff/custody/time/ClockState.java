package org.brokerhandoff.custody.time;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of the time at a reading.
 *
 * @param reading the reading
 * @param trusted true time then; a lower bound while the clock is unconfirmed
 * @param verdict what is thought of the wall clock
 * @param resolved what ended the last doubt, if it was ended at this reading
 * @param confirmedBy the operating system's user who ended it, if an operator did
 * @param logDifference how far Kafka's clock was last seen ahead of the wall clock; zero if they agree; empty before it was seen
 * @param logDissentedAt when, on the boot clock, Kafka's clock was last seen to differ from the wall clock: then it is another clock
 */
public record ClockState(
        ClockReading reading,
        Instant trusted,
        ClockVerdict verdict,
        Optional<ClockResolution> resolved,
        OptionalLong confirmedBy,
        Optional<Duration> logDifference,
        Optional<Duration> logDissentedAt) {

    /** Whether the wall clock is not in doubt. */
    public boolean agrees() {
        return verdict instanceof ClockVerdict.Agrees;
    }

    /** Whether {@link #trusted} is true time, and not a lower bound only. */
    public boolean confirmed() {
        return !(verdict instanceof ClockVerdict.Unconfirmed);
    }

    /** Nothing may be destroyed for its age that is due after this. */
    public Instant expiryBound() {
        return verdict instanceof ClockVerdict.Unconfirmed unconfirmed
                        && unconfirmed.reason() == ClockVerdict.Reason.NO_MARK
                ? Instant.EPOCH
                : trusted;
    }

    /** For the other processes of this host, and for the next start. */
    TimeMark mark() {
        // In milliseconds, as the file has it: a process must know its own mark again.
        return new TimeMark(
                reading.boot(),
                Duration.ofMillis(reading.sinceBoot().toMillis()),
                trusted.truncatedTo(ChronoUnit.MILLIS),
                OptionalLong.empty());
    }
}
