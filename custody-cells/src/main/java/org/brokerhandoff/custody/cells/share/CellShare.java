package org.brokerhandoff.custody.cells.share;

import java.nio.ByteBuffer;
import org.brokerhandoff.custody.NativeMemory;
import org.jspecify.annotations.Nullable;

/**
 * What one cell keeps of a key: two of its three parts, 64 bytes. Outside the Java heap, overwritten by {@link #destroy}, and not printed.
 * Equality is identity. Thread-safe.
 */
public final class CellShare {
    /** Length in bytes. */
    public static final int LENGTH_BYTES = 64;

    private final int cell;

    /** Gone when the share was destroyed: the piece of memory may be another secret's then. */
    private @Nullable ByteBuffer memory;

    private CellShare(int cell, ByteBuffer memory) {
        this.cell = cell;
        this.memory = memory;
    }

    /**
     * A copy of what a cell answered, which stays the caller's to overwrite.
     *
     * @param cell 0, 1 or 2
     * @param source its 64 bytes from the beginning on
     */
    public static CellShare copyOf(int cell, ByteBuffer source) {
        return takeOver(cell, NativeMemory.take(LENGTH_BYTES).put(0, source, 0, LENGTH_BYTES));
    }

    /** Of a piece of {@link NativeMemory}, which is the share's from then on. */
    static CellShare takeOver(int cell, ByteBuffer memory) {
        if (cell < 0 || cell >= KeyShares.CELLS) {
            throw new IllegalArgumentException("cell " + cell);
        }
        return new CellShare(cell, memory);
    }

    /** The cell that it belongs to: 0, 1 or 2. */
    public int cell() {
        return cell;
    }

    /** Copies the 64 bytes to the beginning of {@code target}, for the caller to overwrite. */
    public synchronized void copyTo(ByteBuffer target) {
        target.put(0, inMemory(), 0, LENGTH_BYTES);
    }

    /** Eight bytes of it. */
    synchronized long word(int index) {
        return inMemory().getLong(index * Long.BYTES);
    }

    /** Overwrites it with zero; repeating it does nothing. */
    public synchronized void destroy() {
        if (memory != null) {
            NativeMemory.giveBack(memory);
            memory = null;
        }
    }

    private ByteBuffer inMemory() {
        if (memory == null) {
            throw new IllegalStateException("the share was destroyed");
        }
        return memory;
    }

    @Override
    public String toString() {
        return "CellShare[" + cell + ", redacted]";
    }
}
