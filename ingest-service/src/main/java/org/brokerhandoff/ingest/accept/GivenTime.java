package org.brokerhandoff.ingest.accept;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.schemas.ConsentTimes;

/** When a person chose something, as a request states: recent, and not in the future beyond clock skew. */
final class GivenTime {
    private GivenTime() {}

    /** The time, if {@code text} is valid; otherwise a fault is added. */
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
