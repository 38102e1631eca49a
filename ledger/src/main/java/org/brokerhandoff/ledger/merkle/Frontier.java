package org.brokerhandoff.ledger.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * An append-only tree, as the roots of its complete subtrees: one hash for each one-bit of its size, the largest first. Appending and the
 * root take O(log n) hashes and as much memory. Not thread-safe.
 */
public final class Frontier {
    private final List<Hash> subtrees = new ArrayList<>();
    private long size;

    /** The empty tree. */
    public Frontier() {}

    /**
     * A tree as {@link #size} and {@link #subtrees} described it.
     *
     * @throws IllegalArgumentException unless there is one subtree for each one-bit of {@code size}
     */
    public Frontier(long size, List<Hash> subtrees) {
        if (size < 0 || Long.bitCount(size) != subtrees.size()) {
            throw new IllegalArgumentException("a tree of " + size + " leaves has " + Long.bitCount(size)
                    + " complete subtrees, not " + subtrees.size());
        }
        this.size = size;
        this.subtrees.addAll(subtrees);
    }

    /** Appends one leaf hash. */
    public void append(Hash leafHash) {
        Hash hash = leafHash;
        for (long bits = size; (bits & 1) == 1; bits >>= 1) {
            hash = MerkleTree.nodeHash(subtrees.remove(subtrees.size() - 1), hash);
        }
        subtrees.add(hash);
        size++;
    }

    /** Number of leaves. */
    public long size() {
        return size;
    }

    /** The roots of the complete subtrees, the largest first. */
    public List<Hash> subtrees() {
        return List.copyOf(subtrees);
    }

    /** MTH over the leaves so far. */
    public Hash root() {
        if (subtrees.isEmpty()) {
            return MerkleTree.emptyRoot();
        }
        Hash root = subtrees.get(subtrees.size() - 1);
        for (int i = subtrees.size() - 2; i >= 0; i--) {
            root = MerkleTree.nodeHash(subtrees.get(i), root);
        }
        return root;
    }
}
