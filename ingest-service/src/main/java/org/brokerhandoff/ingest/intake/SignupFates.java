package org.brokerhandoff.ingest.intake;

import java.util.UUID;

/** Queries the log, through the register, for the fate of a signup. */
public interface SignupFates {
    /**
     * The fate of {@code signupId} by everything acknowledged before the call. Blocks.
     *
     * @throws RuntimeException if the register does not answer in time
     */
    SignupFate of(UUID signupId);
}
