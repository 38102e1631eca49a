package org.brokerhandoff.ledger.merkle;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The Merkle tree hash of RFC 6962 section 2.1 over a list of leaf hashes, and the proofs of sections 2.1.1 and 2.1.2. Nothing is cached, so
 * it suits a segment of 16,384 leaves or a tile of 256. A growing tree is a {@link Frontier}; a tree too large for memory is read from its
 * {@link Tiles}.
 */
public final class MerkleTree {
    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private MerkleTree() {}

    /** {@code SHA-256(00 ‖ leaf)}. */
    public static Hash leafHash(byte[] leaf) {
        MessageDigest digest = Hash.newSha256();
        digest.update(LEAF);
        digest.update(leaf);
        return Hash.ended(digest);
    }

    /** {@code SHA-256(01 ‖ left ‖ right)}. */
    public static Hash nodeHash(Hash left, Hash right) {
        return nodeHash(left, right, Hash.newSha256());
    }

    private static Hash nodeHash(Hash left, Hash right, MessageDigest digest) {
        digest.update(NODE);
        left.update(digest);
        right.update(digest);
        return Hash.ended(digest);
    }

    /** The hash of the empty tree: SHA-256 of nothing. */
    public static Hash emptyRoot() {
        return Hash.sha256();
    }

    private static Hash of(List<Hash> leaves) {
        return of(leaves, 0, leaves.size(), Hash.newSha256());
    }

    /** Of leaves {@code [first, end)}, with one digest for all nodes. */
    private static Hash of(List<Hash> leaves, int first, int end, MessageDigest digest) {
        if (end - first == 1) {
            return leaves.get(first);
        }
        int split = first + Integer.highestOneBit(end - first - 1);
        return nodeHash(of(leaves, first, split, digest), of(leaves, split, end, digest), digest);
    }

    /** MTH: the root over {@code leaves}, which are leaf hashes. */
    public static Hash root(List<Hash> leaves) {
        return leaves.isEmpty() ? emptyRoot() : of(leaves);
    }

    /**
     * PATH: the audit path of leaf {@code index}, from its sibling up to the child of the root.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= index < leaves.size()}
     */
    public static List<Hash> inclusionProof(int index, List<Hash> leaves) {
        Objects.checkIndex(index, leaves.size());
        List<Hash> path = new ArrayList<>();
        inclusion(index, leaves, path);
        return path;
    }

    private static void inclusion(int index, List<Hash> leaves, List<Hash> path) {
        if (leaves.size() == 1) {
            return;
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        List<Hash> left = leaves.subList(0, split);
        List<Hash> right = leaves.subList(split, leaves.size());
        if (index < split) {
            inclusion(index, left, path);
            path.add(of(right));
        } else {
            inclusion(index - split, right, path);
            path.add(of(left));
        }
    }

    /**
     * PROOF: that the tree over the first {@code oldSize} of {@code leaves} is a prefix of the tree over all of them. Empty for 0 and for
     * all.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= oldSize <= leaves.size()}
     */
    public static List<Hash> consistencyProof(int oldSize, List<Hash> leaves) {
        Objects.checkIndex(oldSize, leaves.size() + 1);
        List<Hash> proof = new ArrayList<>();
        if (oldSize > 0) {
            consistency(oldSize, leaves, true, proof);
        }
        return proof;
    }

    /** SUBPROOF; {@code known}: the verifier has the hash of this subtree at the old size. */
    private static void consistency(int oldSize, List<Hash> leaves, boolean known, List<Hash> proof) {
        if (oldSize == leaves.size()) {
            if (!known) {
                proof.add(of(leaves));
            }
            return;
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        List<Hash> left = leaves.subList(0, split);
        List<Hash> right = leaves.subList(split, leaves.size());
        if (oldSize <= split) {
            consistency(oldSize, left, known, proof);
            proof.add(of(right));
        } else {
            consistency(oldSize - split, right, false, proof);
            proof.add(of(left));
        }
    }
}
