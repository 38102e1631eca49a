package org.brokerhandoff.ledger.replay;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.merkle.Hash;

/**
 * What the ledger needs of one leaf, some hundred bytes whatever the record's size.
 *
 * @param hash the leaf hash
 * @param path where its key stands in the index; empty for a record without key, and for an offset without record
 * @param id the key, if it is one of 16 bytes: a signup's or a visitor's id
 * @param appendedAt Kafka's append time; empty for an offset without record
 */
public record LeafDigest(Hash hash, Optional<Hash> path, Optional<UUID> id, Optional<Instant> appendedAt) {
    private static final int ID_BYTES = 16;

    /** The digest of {@code leaf}. */
    public static LeafDigest of(Leaf leaf) {
        return leaf instanceof Leaf.Present present
                ? new LeafDigest(
                        leaf.hash(),
                        present.key().map(History::path),
                        present.key().filter(key -> key.length == ID_BYTES).map(LeafDigest::id),
                        Optional.of(present.appendedAt()))
                : new LeafDigest(leaf.hash(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static UUID id(byte[] key) {
        ByteBuffer bytes = ByteBuffer.wrap(key);
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
