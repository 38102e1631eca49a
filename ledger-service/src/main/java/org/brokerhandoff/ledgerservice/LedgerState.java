package org.brokerhandoff.ledgerservice;

import org.brokerhandoff.ledgerservice.round.Halt.Reason;
import org.brokerhandoff.operations.health.Health;

/** How the builder is. */
sealed interface LedgerState {
    /** It has not caught up with topic and folder yet. */
    record Starting() implements LedgerState {}

    /** Its last round has published a checkpoint, or found that there was nothing to add to the last. */
    record Running(long size) implements LedgerState {}

    /** Its last round failed and is tried again. */
    record Failing(String why) implements LedgerState {}

    /** It has stopped, and a person has to look. */
    record Halted(Reason reason, String why) implements LedgerState {}

    /** What it means for a probe that asks whether the builder does its work. */
    default Health health() {
        if (this instanceof Halted halted) {
            return Health.unhealthy(halted.reason().name(), halted.why());
        } else if (this instanceof Failing failing) {
            return Health.unhealthy("ledger-round-failed", failing.why());
        }
        return this instanceof Running ? Health.healthy() : Health.unhealthy("ledger-starting", "not caught up yet");
    }
}
