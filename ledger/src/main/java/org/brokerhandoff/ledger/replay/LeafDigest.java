package org.brokerhandoff.ledger.replay;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.merkle.Hash;

/**
 * What the ledger needs of one leaf, some hundred bytes whatever the record's size.
 *
 * @param hash the leaf hash
 * @param path where its key stands in the index; empty for a record without key, and for an offset without record
 * @param appendedAt Kafka's append time; empty for an offset without record
 */
public record LeafDigest(Hash hash, Optional<Hash> path, Optional<Instant> appendedAt) {
    /** The digest of {@code leaf}. */
    public static LeafDigest of(Leaf leaf) {
        return leaf instanceof Leaf.Present present
                ? new LeafDigest(leaf.hash(), present.key().map(History::path), Optional.of(present.appendedAt()))
                : new LeafDigest(leaf.hash(), Optional.empty(), Optional.empty());
    }
}
