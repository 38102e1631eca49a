package org.brokerhandoff.ingest.withdraw;

import java.time.Instant;
import java.util.UUID;
import org.brokerhandoff.event.WithdrawalOutcome;

/** What came of a withdrawal. */
public sealed interface WithdrawalAnswer {
    /** The consent is withdrawn, and the log has it. */
    record Withdrawn(UUID signupId, WithdrawalOutcome outcome, Instant at) implements WithdrawalAnswer {}

    /** There is no such signup. */
    record UnknownSignup() implements WithdrawalAnswer {}
}
