package org.brokerhandoff.ingest.intake;

import java.util.UUID;

/** Asks the log, through the register, what became of a signup. */
public interface SignupFates {
    /**
     * The fate of {@code signupId} by everything acknowledged before the call. Blocks.
     *
     * @throws RuntimeException if the register cannot tell in time
     */
    SignupFate of(UUID signupId);
}
