package org.brokerhandoff.audit.verify;

/**
 * Something about the ledger that is not as it has to be.
 *
 * @param about what it is about
 * @param place where, such as {@code consents-3} or {@code checkpoints}
 * @param sentence what is wrong, without personal data
 */
public record LedgerFinding(About about, String place, String sentence) {
    /** What a finding can be about. */
    public enum About {
        /** Entries and checkpoints among themselves. */
        CHAIN,
        /** Who signed the newest checkpoint. */
        SIGNATURE,
        /** Records, and what the ledger says of them. */
        RECORDS,
        /** The records' times, and what entries say of time. */
        TIMES,
        /** How far the ledger is behind the records. */
        DELAY
    }
}
