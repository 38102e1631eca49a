package org.brokerhandoff.custody.cells.rules;

import java.util.stream.IntStream;

/**
 * Some of the three cells.
 *
 * @param bits bit <i>i</i> for cell <i>i</i>
 */
public record CellSet(int bits) {
    /** No cell. */
    public static final CellSet NONE = new CellSet(0);

    /** All three. */
    public static final CellSet ALL = new CellSet(0b111);

    /** How many have to forget a key before it is gone, and how many have to know it before it is kept: two of three. */
    public static final int MAJORITY = 2;

    public CellSet {
        if (bits < 0 || bits > 0b111) {
            throw new IllegalArgumentException("cells " + bits);
        }
    }

    /** One cell. */
    public static CellSet of(int cell) {
        return new CellSet(1 << cell);
    }

    /** These and one more. */
    public CellSet with(int cell) {
        return new CellSet(bits | 1 << cell);
    }

    /** Those of either. */
    public CellSet and(CellSet others) {
        return new CellSet(bits | others.bits);
    }

    /** The cells that are not among these. */
    public CellSet others() {
        return new CellSet(~bits & ALL.bits);
    }

    /** Whether a cell is among them. */
    public boolean has(int cell) {
        return (bits & 1 << cell) != 0;
    }

    /** Whether at least two are among them. */
    public boolean majority() {
        return Integer.bitCount(bits) >= MAJORITY;
    }

    /** Their numbers, from 0 on. */
    public IntStream cells() {
        return IntStream.range(0, 3).filter(this::has);
    }
}
