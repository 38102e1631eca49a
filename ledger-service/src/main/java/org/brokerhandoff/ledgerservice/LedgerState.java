package org.brokerhandoff.ledgerservice;

import org.brokerhandoff.ledgerservice.round.Halt.Reason;
import org.brokerhandoff.operations.health.Health;

/** State of the builder. */
sealed interface LedgerState {
    /** It has not caught up with topic and folder yet. */
    record Starting() implements LedgerState {}

    /** Its last round has published a checkpoint, or found that there was nothing to add to the last. */
    record Running(long size) implements LedgerState {}

    /** Its last round failed and is retried. */
    record Failing(String why) implements LedgerState {}

    /** It has halted, and a human has to act. */
    record Halted(Reason reason, String why) implements LedgerState {}

    /** The resulting health of the builder. */
    default Health health() {
        if (this instanceof Halted halted) {
            return Health.unhealthy(halted.reason().name(), halted.why());
        } else if (this instanceof Failing failing) {
            return Health.unhealthy("ledger-round-failed", failing.why());
        }
        return this instanceof Running ? Health.healthy() : Health.unhealthy("ledger-starting", "not caught up yet");
    }
}
