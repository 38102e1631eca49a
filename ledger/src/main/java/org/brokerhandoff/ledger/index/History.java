package org.brokerhandoff.ledger.index;

import java.nio.ByteBuffer;
import org.brokerhandoff.ledger.merkle.Hash;

/**
 * The leaves of one key, in ledger order, as the index commits to them.
 *
 * @param count number of leaves
 * @param chain {@code chain_0} is 32 zero bytes, {@code chain_i = SHA-256(02 ‖ chain_{i-1} ‖ leaf hash_i)}
 */
public record History(long count, Hash chain) {
    /** For a key without leaves. */
    public static final History NONE = new History(0, Hash.ZERO);

    private static final byte[] CHAIN = {2};
    private static final byte[] LEAF = {3};
    private static final byte[] NODE = {4};

    /** The history with one more leaf. */
    public History append(Hash leafHash) {
        return new History(count + 1, Hash.sha256(CHAIN, chain.bytes(), leafHash.bytes()));
    }

    /** A key's path in the tree: its SHA-256. */
    public static Hash path(byte[] key) {
        return Hash.sha256(key);
    }

    /** {@code SHA-256(03 ‖ path ‖ u64 count ‖ chain)}. */
    Hash leafNode(Hash path) {
        return Hash.sha256(
                LEAF, path.bytes(), ByteBuffer.allocate(8).putLong(count).array(), chain.bytes());
    }

    /** {@code SHA-256(04 ‖ zero ‖ one)}. */
    static Hash node(Hash zero, Hash one) {
        return Hash.sha256(NODE, zero.bytes(), one.bytes());
    }
}
