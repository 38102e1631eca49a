package org.brokerhandoff.audit.report;

import java.time.Instant;
import java.util.List;

/**
 * The newest checkpoint of the ledger, as topic {@code checkpoints} has it. Its signatures were not verified for it.
 *
 * @param size entries that it covers
 * @param at by the ledger's clock
 * @param root hash of the tree, in base 64
 * @param signers names and key ids of its signatures, such as {@code example.org/1 a1b2c3d4}
 */
public record Checkpoint(String origin, long size, Instant at, String root, List<String> signers) {
    /** Copies the list. */
    public Checkpoint {
        signers = List.copyOf(signers);
    }
}
