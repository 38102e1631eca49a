package org.brokerhandoff.ledger.replay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.merkle.Hash;

/**
 * What the ledger needs of one leaf, some hundred bytes regardless of the record's size.
 *
 * @param hash the leaf hash
 * @param path path of its key in the index; empty for a record without key, and for an offset without record
 * @param id the key, if it is one of 16 bytes: a signup's or a visitor's id
 * @param appendedAt Kafka's append time; empty for an offset without record
 * @param eventId the CloudEvents id of the record, if it does not begin with {@code id}: a lookup key besides the record key. Nothing proves
 *     that it is the event's
 */
public record LeafDigest(
        Hash hash, Optional<Hash> path, Optional<UUID> id, Optional<Instant> appendedAt, Optional<String> eventId) {
    private static final int ID_BYTES = 16;
    private static final String EVENT_ID = "ce_id";

    /** The digest of {@code leaf}. */
    public static LeafDigest of(Leaf leaf) {
        if (leaf instanceof Leaf.Present present) {
            Optional<UUID> id =
                    present.key().filter(key -> key.length == ID_BYTES).map(LeafDigest::id);
            return new LeafDigest(
                    leaf.hash(),
                    present.key().map(History::path),
                    id,
                    Optional.of(present.appendedAt()),
                    eventId(present)
                            .filter(text ->
                                    id.isEmpty() || !text.startsWith(id.get().toString())));
        }
        return new LeafDigest(leaf.hash(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The CloudEvents id of {@code record}, if it has one. */
    public static Optional<String> eventId(Leaf.Present record) {
        return record.headers().stream()
                .filter(header -> header.name().equals(EVENT_ID))
                .findFirst()
                .flatMap(Leaf.Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }

    private static UUID id(byte[] key) {
        ByteBuffer bytes = ByteBuffer.wrap(key);
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
