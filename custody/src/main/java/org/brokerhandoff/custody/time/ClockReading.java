package org.brokerhandoff.custody.time;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * What a host's clocks read at one moment.
 *
 * @param wall the clock that people and NTP set
 * @param boot random id of the running kernel
 * @param sinceBoot time since that kernel started; it cannot be set, it runs on while the host is suspended, and all processes of the
 *     host read the same
 */
public record ClockReading(Instant wall, UUID boot, Duration sinceBoot) {
    /** Time from {@code earlier}, of the same boot, to this reading; not negative. */
    Duration since(Duration earlier) {
        Duration elapsed = sinceBoot.minus(earlier);
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }
}
