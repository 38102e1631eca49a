package org.brokerhandoff.audit.verify;

import java.util.Optional;

/**
 * The ledger that a verdict covers, and what supports it.
 *
 * @param origin the ledger's
 * @param entries entries in it
 * @param checkpoint size of the newest checkpoint of them; 0: there is none
 * @param standing the policy's verdict on that checkpoint, in words
 * @param since size of the checkpoint that the auditor had kept, and that this ledger contains
 * @param verifiedBefore size of the earlier verification that was continued; 0: everything was recomputed
 * @param notYetCommitted records behind the newest entry
 */
public record LedgerRead(
        String origin,
        long entries,
        long checkpoint,
        String standing,
        Optional<Long> since,
        long verifiedBefore,
        long notYetCommitted) {
    /** In one line. */
    String line() {
        return "checkpoint " + checkpoint + " of " + origin + ": " + standing + ", recomputed"
                + (verifiedBefore == 0
                        ? ""
                        : " behind size " + verifiedBefore + ", up to which this auditor has already verified it")
                + since.map(size -> "; contains the earlier checkpoint of size " + size)
                        .orElse("");
    }
}
