package org.brokerhandoff.custody.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * That a moment of the host's boot clock was a moment of true time: what one process of a host leaves to the others, and to itself
 * after a restart.
 *
 * @param boot kernel whose boot clock is meant
 * @param sinceBoot the moment on that clock
 * @param trusted the same moment in true time
 * @param confirmedBy number of the operating system's user who said so; empty if a service found it
 */
public record TimeMark(UUID boot, Duration sinceBoot, Instant trusted, OptionalLong confirmedBy) {
    /** True time at a reading, if it is of the same boot and not before this mark. */
    Optional<Instant> at(ClockReading reading) {
        return boot.equals(reading.boot()) && reading.sinceBoot().compareTo(sinceBoot) >= 0
                ? Optional.of(trusted.plus(reading.since(sinceBoot)))
                : Optional.empty();
    }
}
