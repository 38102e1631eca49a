package org.brokerhandoff.register;

import java.time.Instant;
import org.brokerhandoff.operations.health.Health;

/** Health of the projection: for the projecting process, and for one that only reads. */
public sealed interface RegisterHealth {
    /** The projecting process has no partitions yet; for a reader: nothing was ever projected, or not checked yet. */
    record Starting() implements RegisterHealth {}

    /**
     * It follows the log.
     *
     * @param eventsBehind lag in events, over all partitions, at the last check a few seconds ago
     */
    record Following(long eventsBehind) implements RegisterHealth {}

    /**
     * It has not reached the log's end as of the check before the last, some seconds earlier; queries may fail with {@link RegisterBehind}.
     * If it lasts, no process projects it.
     *
     * @param since start of this state
     * @param eventsBehind as in {@link Following}
     */
    record Behind(Instant since, long eventsBehind) implements RegisterHealth {}

    /**
     * It does not, and retries; queries fail with {@link RegisterBehind} meanwhile.
     *
     * @param since start of this state
     * @param reason the kind of failure, without content
     */
    record Interrupted(Instant since, String reason) implements RegisterHealth {}

    /** The resulting readiness of the projecting service. */
    default Health asHealth() {
        Health reading = asReadersHealth();
        return reading instanceof Health.Impaired impaired && !(this instanceof Behind)
                ? Health.unhealthy(impaired.code(), impaired.detail())
                : reading;
    }

    /** The resulting readiness of a service that reads the register, and can work without it. */
    default Health asReadersHealth() {
        if (this instanceof Interrupted interrupted) {
            return Health.impaired("register-interrupted", interrupted.reason() + ", since " + interrupted.since());
        } else if (this instanceof Behind behind) {
            return Health.impaired(
                    "register-behind",
                    behind.eventsBehind() + " events behind the log, since " + behind.since()
                            + "; is a register service running?");
        }
        return this instanceof Starting
                ? Health.impaired("register-starting", "the register does not follow the log yet")
                : Health.healthy();
    }
}
