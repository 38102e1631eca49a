package org.brokerhandoff.ledger.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * The tree of a log cut into tiles of at most 256 hashes, after C2SP {@code tlog-tiles}: their paths, the tiles of a tree of some size, and
 * the subtree hashes and proofs that follow from them.
 */
public final class Tiles {
    /** Hashes of a full tile. */
    public static final int WIDTH = 256;

    private static final int LEVEL_BITS = 8;

    /** One tile. {@code width} is 256 for a full one. */
    public record Tile(int level, long index, int width) {
        /**
         * Validates the three numbers.
         *
         * @throws IllegalArgumentException if there is no such tile
         */
        public Tile {
            if (level < 0 || level > 63 || index < 0 || width < 1 || width > WIDTH) {
                throw new IllegalArgumentException("no tile " + level + "/" + index + "/" + width);
            }
        }

        /** Path below the log's prefix, such as {@code tile/0/x001/234.p/12}. */
        public String path() {
            return "tile/" + level + "/" + suffix();
        }

        private String suffix() {
            return encoded(index) + (width == WIDTH ? "" : ".p/" + width);
        }

        /** Path below the log's prefix of the entry bundle with the same leaves as this tile of level 0. */
        public String entriesPath() {
            if (level != 0) {
                throw new IllegalStateException("entries lie beside tiles of level 0");
            }
            return "tile/entries/" + suffix();
        }
    }

    /** Source of hashes: a folder, a store, or memory. */
    public interface Source {
        /** The hashes of {@code tile}, as many as its width; a full tile may substitute for a partial one. */
        List<Hash> read(Tile tile);
    }

    private Tiles() {}

    /** The tile index in path elements of three digits, all but the last with an {@code x} before it. */
    private static String encoded(long index) {
        StringBuilder path = new StringBuilder(threeDigits(index));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path.insert(0, "x" + threeDigits(rest) + "/");
        }
        return path.toString();
    }

    private static String threeDigits(long number) {
        long digits = number % 1000;
        return (digits < 10 ? "00" : digits < 100 ? "0" : "") + digits;
    }

    /**
     * The tiles that a tree of {@code size} leaves has beyond those of a tree of {@code oldSize} leaves, by level and index: what a log
     * writes before it signs the new size.
     */
    public static List<Tile> added(long oldSize, long size) {
        List<Tile> tiles = new ArrayList<>();
        for (int level = 0; size >> (LEVEL_BITS * level) > 0; level++) {
            long oldHashes = oldSize >> (LEVEL_BITS * level);
            long hashes = size >> (LEVEL_BITS * level);
            for (long index = oldHashes / WIDTH; hashes > oldHashes && index * WIDTH < hashes; index++) {
                tiles.add(new Tile(level, index, (int) Math.min(WIDTH, hashes - index * WIDTH)));
            }
            if (LEVEL_BITS * (level + 1) >= Long.SIZE) {
                break;
            }
        }
        return tiles;
    }

    /**
     * MTH over the leaves {@code [start, end)} of a log that has published {@code size} leaves.
     *
     * @throws IllegalArgumentException if the range is empty or reaches beyond {@code size}
     */
    public static Hash root(long start, long end, long size, Source source) {
        if (start < 0 || start >= end || end > size) {
            throw new IllegalArgumentException("no leaves " + start + " to " + end + " in a log of " + size);
        }
        long count = end - start;
        int level = 0;
        // A complete, aligned subtree is a hash of the highest level that divides it, or the root over hashes of that
        // level.
        while (LEVEL_BITS * (level + 1) < Long.SIZE
                && Long.numberOfTrailingZeros(count) >= LEVEL_BITS * (level + 1)
                && Long.numberOfTrailingZeros(start) >= LEVEL_BITS * (level + 1)) {
            level++;
        }
        long first = start >> (LEVEL_BITS * level);
        long hashes = count >> (LEVEL_BITS * level);
        long index = first / WIDTH;
        if (Long.bitCount(count) == 1 && (first + hashes - 1) / WIDTH == index) {
            long width = Math.min(WIDTH, (size >> (LEVEL_BITS * level)) - index * WIDTH);
            List<Hash> tile = source.read(new Tile(level, index, (int) width));
            int offset = (int) (first - index * WIDTH);
            return MerkleTree.root(tile.subList(offset, offset + (int) hashes));
        }
        long split = Long.highestOneBit(count - 1);
        return MerkleTree.nodeHash(root(start, start + split, size, source), root(start + split, end, size, source));
    }

    /** The audit path of leaf {@code index} in the tree over the first {@code treeSize} of {@code size} published leaves. */
    public static List<Hash> inclusionProof(long index, long treeSize, long size, Source source) {
        List<Hash> path = new ArrayList<>();
        long start = 0;
        long end = treeSize;
        if (index < 0 || index >= treeSize) {
            throw new IllegalArgumentException("no leaf " + index + " in a tree of " + treeSize);
        }
        while (end - start > 1) {
            long split = start + Long.highestOneBit(end - start - 1);
            if (index < split) {
                path.add(0, root(split, end, size, source));
                end = split;
            } else {
                path.add(0, root(start, split, size, source));
                start = split;
            }
        }
        return path;
    }

    /** The proof that the tree of {@code oldSize} leaves is a prefix of that of {@code newSize}, of {@code size} published leaves. */
    public static List<Hash> consistencyProof(long oldSize, long newSize, long size, Source source) {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IllegalArgumentException("a tree does not grow from " + oldSize + " to " + newSize);
        }
        List<Hash> proof = new ArrayList<>();
        if (oldSize == 0) {
            return proof;
        }
        long start = 0;
        long end = newSize;
        boolean known = true;
        while (oldSize < end) {
            long split = start + Long.highestOneBit(end - start - 1);
            if (oldSize <= split) {
                proof.add(0, root(split, end, size, source));
                end = split;
            } else {
                proof.add(0, root(start, split, size, source));
                start = split;
                known = false;
            }
        }
        if (!known) {
            proof.add(0, root(start, end, size, source));
        }
        return proof;
    }
}
