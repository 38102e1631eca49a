package org.brokerhandoff.ingest.disclosure;

import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.ingest.status.DisclosureCase;

/** Outcome of a step of a request for disclosure. */
public sealed interface DisclosureOutcome {
    /**
     * Taken, and the first of its kind in the log.
     *
     * @param repeated whether it had been taken before
     */
    record Settled(DisclosureCase now, boolean repeated) implements DisclosureOutcome {}

    /** Not taken, or another one came first. */
    record Refused(Refusal refusal) implements DisclosureOutcome {}

    /** Not possible at the moment. */
    record Unavailable(Unavailability reason) implements DisclosureOutcome {}
}
