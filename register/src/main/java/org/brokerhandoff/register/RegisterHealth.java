package org.brokerhandoff.register;

import java.time.Instant;
import org.brokerhandoff.operations.health.Health;

/** How the projection fares. */
public sealed interface RegisterHealth {
    /** It has not got its first partitions or database answer yet. */
    record Starting() implements RegisterHealth {}

    /**
     * It follows the log.
     *
     * @param eventsBehind how many events it was behind, all partitions together, when last looked at a few seconds ago
     */
    record Following(long eventsBehind) implements RegisterHealth {}

    /**
     * It does not, and tries again; questions are answered with {@link RegisterBehind} meanwhile.
     *
     * @param since when that began
     * @param reason what is in the way: the kind of failure, without content
     */
    record Interrupted(Instant since, String reason) implements RegisterHealth {}

    /** What this means for the readiness of a service that answers from the register. */
    default Health asHealth() {
        if (this instanceof Interrupted interrupted) {
            return Health.unhealthy("register-interrupted", interrupted.reason() + ", since " + interrupted.since());
        }
        return this instanceof Starting
                ? Health.unhealthy("register-starting", "not joined to the event log yet")
                : Health.healthy();
    }
}
