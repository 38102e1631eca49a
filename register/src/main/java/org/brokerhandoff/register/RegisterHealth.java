package org.brokerhandoff.register;

import java.time.Instant;
import org.brokerhandoff.operations.health.Health;

/** How the projection fares: for the process that projects, and for one that only reads. */
public sealed interface RegisterHealth {
    /** The process that projects has not got its first partitions yet; for a reader: nothing was ever projected, or not looked yet. */
    record Starting() implements RegisterHealth {}

    /**
     * It follows the log.
     *
     * @param eventsBehind how many events it was behind, all partitions together, when last looked at a few seconds ago
     */
    record Following(long eventsBehind) implements RegisterHealth {}

    /**
     * It has not come to where the log ended at the look before the last, some seconds earlier; questions may be answered with
     * {@link RegisterBehind}. If it lasts, no process projects it.
     *
     * @param since when that began
     * @param eventsBehind as in {@link Following}
     */
    record Behind(Instant since, long eventsBehind) implements RegisterHealth {}

    /**
     * It does not, and tries again; questions are answered with {@link RegisterBehind} meanwhile.
     *
     * @param since when that began
     * @param reason what is in the way: the kind of failure, without content
     */
    record Interrupted(Instant since, String reason) implements RegisterHealth {}

    /** What this means for the readiness of the service that projects. */
    default Health asHealth() {
        Health reading = asReadersHealth();
        return reading instanceof Health.Impaired impaired && !(this instanceof Behind)
                ? Health.unhealthy(impaired.code(), impaired.detail())
                : reading;
    }

    /** What this means for the readiness of a service that reads the register, and does other work without it. */
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
