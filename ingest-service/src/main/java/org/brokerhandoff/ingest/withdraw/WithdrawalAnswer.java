package org.brokerhandoff.ingest.withdraw;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.ledger.entry.Leaf;

/** Outcome of a withdrawal. */
public sealed interface WithdrawalAnswer {
    /**
     * The consent is withdrawn, and the log has it.
     *
     * @param evidence position of the event; empty if an earlier request published it
     */
    record Withdrawn(UUID signupId, WithdrawalOutcome outcome, Instant at, Optional<Leaf.Present> evidence)
            implements WithdrawalAnswer {}

    /** The signup does not exist. */
    record UnknownSignup() implements WithdrawalAnswer {}
}
