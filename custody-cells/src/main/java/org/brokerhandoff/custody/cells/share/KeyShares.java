package org.brokerhandoff.custody.cells.share;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.NativeMemory;

/**
 * Splits a key into three parts whose exclusive or it is, {@code r0} and {@code r1} being random. Cell <i>i</i> gets all but part <i>i</i>:
 * {@code r(i+1)} followed by {@code r(i+2)}, counted round. Two cells have all three parts between them, and one part twice, by which shares of
 * two different splittings are told apart. One cell lacks a part that is uniformly random to it, so it knows nothing of the key.
 *
 * <p>Each method repeats its steps over zeros when it has ended, at the same depth of the stack: a word of a part may have stayed in the
 * frames of the steps before, where a search of the memory found one.
 */
public final class KeyShares {
    /** How many cells there are. */
    public static final int CELLS = 3;

    /** How many of them make the key, and how many have to forget it before it is gone. */
    public static final int NEEDED = 2;

    private static final int PART_BYTES = DataKey.LENGTH_BYTES;
    private static final int PART_WORDS = PART_BYTES / Long.BYTES;

    /** Shares of zeros, never given out. */
    private static final List<CellShare> ZEROS = List.of(zeros(0), zeros(1));

    private KeyShares() {}

    /**
     * The shares of a key, by cell; the caller destroys them.
     *
     * @param random fills a buffer of 64 bytes, outside the Java heap, with random bytes
     */
    public static List<CellShare> split(DataKey key, Consumer<ByteBuffer> random) {
        ByteBuffer parts = NativeMemory.take(CELLS * PART_BYTES);
        try {
            random.accept(parts.slice(0, 2 * PART_BYTES));
            key.copyTo(parts.slice(2 * PART_BYTES, PART_BYTES));
            combine(parts, 2 * PART_BYTES);
            return List.of(share(0, parts), share(1, parts), share(2, parts));
        } finally {
            collect(ZEROS.get(0), ZEROS.get(1), parts);
            combine(parts, 2 * PART_BYTES);
            NativeMemory.giveBack(parts);
        }
    }

    /** The key that two shares make; empty if they are not of one splitting, or one of them is all zero. The shares stay the caller's. */
    public static Optional<DataKey> join(CellShare one, CellShare other) {
        ByteBuffer parts = NativeMemory.take(CELLS * PART_BYTES);
        try {
            if (!collect(one, other, parts)) {
                return Optional.empty();
            }
            combine(parts, 0);
            return Optional.of(DataKey.copyOf(parts));
        } finally {
            collect(ZEROS.get(0), ZEROS.get(1), parts);
            combine(parts, 0);
            NativeMemory.giveBack(parts);
        }
    }

    /** Puts the exclusive or of all three parts in the place of one. */
    private static void combine(ByteBuffer parts, int place) {
        for (int at = 0; at < PART_BYTES; at += Long.BYTES) {
            long all = parts.getLong(at) ^ parts.getLong(PART_BYTES + at) ^ parts.getLong(2 * PART_BYTES + at);
            parts.putLong(place + at, all);
        }
    }

    private static CellShare zeros(int cell) {
        return CellShare.takeOver(cell, NativeMemory.take(CellShare.LENGTH_BYTES));
    }

    /** The third share, of two; empty as {@link #join}. */
    public static Optional<CellShare> third(CellShare one, CellShare other) {
        ByteBuffer parts = NativeMemory.take(CELLS * PART_BYTES);
        try {
            return collect(one, other, parts)
                    ? Optional.of(share(CELLS - one.cell() - other.cell(), parts))
                    : Optional.empty();
        } finally {
            collect(ZEROS.get(0), ZEROS.get(1), parts);
            NativeMemory.giveBack(parts);
        }
    }

    private static CellShare share(int cell, ByteBuffer parts) {
        ByteBuffer share = NativeMemory.take(CellShare.LENGTH_BYTES);
        for (int half = 0; half < 2; half++) {
            share.put(half * PART_BYTES, parts, (cell + 1 + half) % CELLS * PART_BYTES, PART_BYTES);
        }
        return CellShare.takeOver(cell, share);
    }

    /** Puts the three parts in their order; false if the part that both shares have differs, or a share is all zero. */
    private static boolean collect(CellShare one, CellShare other, ByteBuffer parts) {
        if (one.cell() == other.cell()) {
            throw new IllegalArgumentException("two shares of cell " + one.cell());
        }
        long difference = 0;
        long ofOne = 0;
        long ofOther = 0;
        int common = CELLS - one.cell() - other.cell();
        for (int word = 0; word < 2 * PART_WORDS; word++) {
            ofOne |= one.word(word);
            ofOther |= other.word(word);
            parts.putLong(place(one.cell(), word), one.word(word));
        }
        for (int word = 0; word < 2 * PART_WORDS; word++) {
            int place = place(other.cell(), word);
            if (place / PART_BYTES == common) {
                difference |= parts.getLong(place) ^ other.word(word);
            }
            parts.putLong(place, other.word(word));
        }
        return difference == 0 && ofOne != 0 && ofOther != 0;
    }

    /** Where a word of a cell's share stands among the parts, in bytes. */
    private static int place(int cell, int word) {
        return ((cell + 1 + word / PART_WORDS) % CELLS * PART_WORDS + word % PART_WORDS) * Long.BYTES;
    }
}
