package org.brokerhandoff.ingest.evidence;

/** What comes of asking the ledger for the evidence of a signup. */
public sealed interface EvidenceOutcome {
    /**
     * There is some.
     *
     * @param bytes the file, {@code handoff-evidence/v1}
     */
    record Evidence(byte[] bytes) implements EvidenceOutcome {}

    /** No checkpoint covers an event of it yet. */
    record NotCommitted() implements EvidenceOutcome {}

    /** There is no ledger here, or it does not answer. */
    record Unavailable() implements EvidenceOutcome {}
}
