package org.brokerhandoff.ledgerservice.evidence;

/** Topics, folder and ledger contradict each other, so there is no evidence; says where. */
public final class EvidenceContradicted extends Exception {
    private static final long serialVersionUID = 1L;

    EvidenceContradicted(String message) {
        super(message);
    }
}
