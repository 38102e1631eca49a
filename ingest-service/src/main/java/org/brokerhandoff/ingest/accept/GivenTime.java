package org.brokerhandoff.ingest.accept;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.schemas.ConsentTimes;

/** When a person chose something, as a request says: not long ago, and not in the future but for what clocks differ. */
final class GivenTime {
    private GivenTime() {}

    /** The time, if {@code text} is one; what is wrong with it goes to the faults. */
    static Optional<Instant> check(Faults faults, String pointer, String text, Instant now) {
        Optional<Instant> when = Timestamps.parse(text);
        if (when.isEmpty()) {
            faults.add(pointer, "time-invalid", "a time of RFC 3339 with offset");
        } else if (when.get().isAfter(now.plus(ConsentTimes.MOST_CLOCK_SKEW))) {
            faults.add(
                    pointer,
                    "time-in-future",
                    "at most " + ConsentTimes.MOST_CLOCK_SKEW.toMinutes() + " minutes ahead of this service's clock");
        } else if (when.get().isBefore(now.minus(ConsentTimes.MOST_CONSENT_AGE))) {
            faults.add(pointer, "consent-too-old", "at most " + ConsentTimes.MOST_CONSENT_AGE.toHours() + " hours ago");
        }
        return when;
    }
}
