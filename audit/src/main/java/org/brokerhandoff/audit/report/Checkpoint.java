package org.brokerhandoff.audit.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.note.Judgement;

/**
 * The newest checkpoint of the ledger in topic {@code checkpoints}.
 *
 * @param size entries that it covers
 * @param at by the ledger's clock
 * @param root hash of the tree, in base 64
 * @param signers names and key ids of its signatures, such as {@code example.org/1 a1b2c3d4}
 * @param judged the verdict of the auditor's policy on its signatures; empty: no policy, so they were not verified
 */
public record Checkpoint(
        String origin, long size, Instant at, String root, List<String> signers, Optional<Judgement> judged) {
    /** Copies the list. */
    public Checkpoint {
        signers = List.copyOf(signers);
    }
}
