package org.brokerhandoff.ingest.disclosure;

import java.util.UUID;
import org.brokerhandoff.ingest.intake.IntakeOutcome;

/** What came of entering a request for disclosure. */
public sealed interface EntryOutcome {
    /**
     * It is in the log.
     *
     * @param replayed whether an earlier request with the same key brought it there
     */
    record Entered(UUID requestId, boolean replayed) implements EntryOutcome {}

    /** There is no such signup. */
    record UnknownSignup() implements EntryOutcome {}

    /** The key stands for another request, or is used up, or it is not possible at the moment. */
    record NotTaken(IntakeOutcome reason) implements EntryOutcome {}
}
