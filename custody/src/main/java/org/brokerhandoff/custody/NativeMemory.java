package org.brokerhandoff.custody;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Memory outside the Java heap, in reusable blocks. A garbage collector moves objects on the heap and leaves the old
 * copy behind; these blocks stay in place, so that overwriting them leaves no copy.
 *
 * <p>A block that is never released is lost until its neighbours are unreachable too; then it is not wiped.
 */
public final class NativeMemory {
    private static final int SMALLEST_BYTES = 32;
    private static final int LARGEST_BYTES = 64 * 1024;
    private static final int SLAB_BYTES = 64 * 1024;
    private static final int CLASSES =
            Integer.numberOfTrailingZeros(LARGEST_BYTES) - Integer.numberOfTrailingZeros(SMALLEST_BYTES) + 1;
    private static final byte[] ZEROS = new byte[4096];

    /** Free pieces by size: 32, 64, … bytes. Never shrinks: it has what was once in use at the same time. */
    private static final Pieces[] FREE = new Pieces[CLASSES];

    static {
        for (int i = 0; i < CLASSES; i++) {
            FREE[i] = new Pieces(SMALLEST_BYTES << i);
        }
    }

    private NativeMemory() {}

    /** A block of at least that size, all zero, from position 0. */
    public static ByteBuffer take(int bytes) {
        return bytes > LARGEST_BYTES
                ? ByteBuffer.allocateDirect(bytes)
                : pieces(bytes).take();
    }

    /** Overwrites the whole block and takes it back; the caller must not use it afterwards. */
    public static void giveBack(ByteBuffer piece) {
        wipe(piece);
        if (piece.capacity() <= LARGEST_BYTES) {
            pieces(piece.capacity()).giveBack(piece);
        }
    }

    private static void wipe(ByteBuffer piece) {
        for (int at = 0; at < piece.capacity(); at += ZEROS.length) {
            piece.put(at, ZEROS, 0, Math.min(ZEROS.length, piece.capacity() - at));
        }
    }

    private static Pieces pieces(int bytes) {
        int rounded = Integer.highestOneBit(Math.max(SMALLEST_BYTES, bytes) * 2 - 1);
        return FREE[Integer.numberOfTrailingZeros(rounded) - Integer.numberOfTrailingZeros(SMALLEST_BYTES)];
    }

    private static final class Pieces {
        private final int bytes;
        private final Deque<ByteBuffer> free = new ArrayDeque<>();

        Pieces(int bytes) {
            this.bytes = bytes;
        }

        synchronized ByteBuffer take() {
            if (free.isEmpty()) {
                ByteBuffer slab = ByteBuffer.allocateDirect(SLAB_BYTES);
                for (int at = 0; at < SLAB_BYTES; at += bytes) {
                    free.push(slab.slice(at, bytes));
                }
            }
            return free.pop();
        }

        synchronized void giveBack(ByteBuffer piece) {
            free.push(piece);
        }
    }
}
