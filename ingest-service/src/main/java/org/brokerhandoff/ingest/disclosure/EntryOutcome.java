package org.brokerhandoff.ingest.disclosure;

import java.util.UUID;
import org.brokerhandoff.ingest.intake.IntakeOutcome;

/** Outcome of entering a request for disclosure. */
public sealed interface EntryOutcome {
    /**
     * It is in the log.
     *
     * @param replayed whether an earlier request with the same key brought it there
     */
    record Entered(UUID requestId, boolean replayed) implements EntryOutcome {}

    /** The signup does not exist. */
    record UnknownSignup() implements EntryOutcome {}

    /** The key stands for another request, or is used up, or the request is not possible at the moment. */
    record NotTaken(IntakeOutcome reason) implements EntryOutcome {}
}
