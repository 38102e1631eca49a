package org.brokerhandoff.audit.verify;

/**
 * A fault of the ledger.
 *
 * @param about its subject
 * @param place its position, such as {@code consents-3} or {@code checkpoints}
 * @param sentence the fault, without personal data
 */
public record LedgerFinding(About about, String place, String sentence) {
    /** Subject of a finding. */
    public enum About {
        /** Entries and checkpoints among themselves. */
        CHAIN,
        /** The signatures of the newest checkpoint. */
        SIGNATURE,
        /** Records against the ledger's statements about them. */
        RECORDS,
        /** The records' times against the times in entries. */
        TIMES,
        /** How far the ledger is behind the records. */
        DELAY
    }
}
