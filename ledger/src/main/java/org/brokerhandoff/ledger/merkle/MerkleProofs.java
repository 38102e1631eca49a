package org.brokerhandoff.ledger.merkle;

import java.util.List;
import java.util.Optional;

/**
 * Verification of proofs without the tree: RFC 9162 sections 2.1.3.2 and 2.1.4.2, which state the algorithms for the trees of RFC 6962. A
 * proof is a list of untrusted hashes; an invalid one is a result, never an exception.
 */
public final class MerkleProofs {
    private MerkleProofs() {}

    /**
     * The root that {@code proof} leads to from the leaf, or empty if a proof for this position has another length.
     *
     * @param index the leaf's position, {@code 0 <= index < size}
     */
    public static Optional<Hash> rootFromInclusion(long index, long size, Hash leafHash, List<Hash> proof) {
        if (index < 0 || index >= size) {
            return Optional.empty();
        }
        long node = index;
        long last = size - 1;
        Hash hash = leafHash;
        for (Hash sibling : proof) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((node & 1) == 1 || node == last) {
                hash = MerkleTree.nodeHash(sibling, hash);
                // The last node of a level that has no sibling moves up unchanged.
                while ((node & 1) == 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = MerkleTree.nodeHash(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 ? Optional.of(hash) : Optional.empty();
    }

    /** Whether {@code proof} proves that the tree of {@code size} leaves with this root has the leaf at {@code index}. */
    public static boolean includes(long index, long size, Hash leafHash, List<Hash> proof, Hash root) {
        return rootFromInclusion(index, size, leafHash, proof)
                .filter(root::equals)
                .isPresent();
    }

    /**
     * Whether {@code proof} proves that the tree of {@code oldSize} leaves is a prefix of that of {@code newSize}. Every tree extends the
     * empty one, with an empty proof, as {@code tlog-witness} requires.
     */
    public static boolean consistent(long oldSize, Hash oldRoot, long newSize, Hash newRoot, List<Hash> proof) {
        if (oldSize < 0 || oldSize > newSize) {
            return false;
        }
        if (oldSize == newSize) {
            return proof.isEmpty()
                    && oldRoot.equals(newRoot)
                    && (oldSize > 0 || oldRoot.equals(MerkleTree.emptyRoot()));
        }
        if (oldSize == 0) {
            return proof.isEmpty() && oldRoot.equals(MerkleTree.emptyRoot());
        }
        long node = oldSize - 1;
        long last = newSize - 1;
        while ((node & 1) == 1) {
            node >>= 1;
            last >>= 1;
        }
        // A complete old tree is a node of the new one: its root is where the proof starts, and is not repeated in it.
        boolean complete = node == 0;
        if (!complete && proof.isEmpty()) {
            return false;
        }
        Hash oldHash = complete ? oldRoot : proof.get(0);
        Hash newHash = oldHash;
        for (Hash sibling : complete ? proof : proof.subList(1, proof.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                oldHash = MerkleTree.nodeHash(sibling, oldHash);
                newHash = MerkleTree.nodeHash(sibling, newHash);
                while (node != 0 && (node & 1) == 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                newHash = MerkleTree.nodeHash(newHash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
    }
}
