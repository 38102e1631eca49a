package org.brokerhandoff.ingest.evidence;

import io.vertx.core.buffer.Buffer;

/** What comes of asking the ledger for the evidence of a signup. */
public sealed interface EvidenceOutcome {
    /**
     * There is some.
     *
     * @param file {@code handoff-evidence/v1}
     */
    record Evidence(Buffer file) implements EvidenceOutcome {}

    /** No checkpoint covers an event of it yet. */
    record NotCommitted() implements EvidenceOutcome {}

    /** There is no ledger here, or it does not answer. */
    record Unavailable() implements EvidenceOutcome {}
}
