package org.brokerhandoff.ingest.evidence;

import io.vertx.core.buffer.Buffer;

/** Outcome of querying the ledger for the evidence of a signup. */
public sealed interface EvidenceOutcome {
    /**
     * Evidence exists.
     *
     * @param file {@code handoff-evidence/v1}
     */
    record Evidence(Buffer file) implements EvidenceOutcome {}

    /** No checkpoint covers an event of it yet. */
    record NotCommitted() implements EvidenceOutcome {}

    /** No ledger is configured, or it does not answer. */
    record Unavailable() implements EvidenceOutcome {}
}
