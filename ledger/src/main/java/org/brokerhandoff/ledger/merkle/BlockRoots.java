package org.brokerhandoff.ledger.merkle;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The tree over a list of leaf hashes, cut at the height of a tile: with the roots of its blocks of {@link #BLOCK} leaves, and the one block
 * that contains a leaf, an audit path takes some 300 hashes instead of one for each leaf. A value.
 *
 * <p>The cut changes no hash: RFC 6962 splits a tree at the largest power of two below its size, which is a boundary of blocks as long as there is more than one.
 *
 * @param roots the root of each block, in order; the last block may be shorter
 */
public record BlockRoots(List<Hash> roots) {
    /** Leaves of a block. */
    public static final int BLOCK = Tiles.WIDTH;

    /** Copies the list. */
    public BlockRoots {
        roots = List.copyOf(roots);
    }

    /** The roots of the blocks of {@code leaves}. */
    public static BlockRoots of(List<Hash> leaves) {
        List<Hash> roots = new ArrayList<>();
        for (int first = 0; first < leaves.size(); first += BLOCK) {
            roots.add(MerkleTree.root(leaves.subList(first, Math.min(first + BLOCK, leaves.size()))));
        }
        return new BlockRoots(roots);
    }

    /**
     * PATH of RFC 6962, section 2.1.1: the audit path of leaf {@code index} of the whole list.
     *
     * @param block the leaves of its block, from leaf {@code index / BLOCK * BLOCK} on
     * @throws IndexOutOfBoundsException if there is no such block, or no such leaf in it
     */
    public List<Hash> inclusionProof(int index, List<Hash> block) {
        Objects.checkIndex(index, roots.size() * BLOCK);
        List<Hash> path = new ArrayList<>(MerkleTree.inclusionProof(index % BLOCK, block));
        path.addAll(MerkleTree.inclusionProof(index / BLOCK, roots));
        return path;
    }
}
