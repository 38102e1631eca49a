package org.brokerhandoff.custody;

import java.util.Arrays;

/**
 * A per-thread array for data that briefly has to be on the Java heap, because a cipher or a parser accepts only arrays. It
 * lives as long as its thread, so the garbage collector soon stops moving it, unlike an array that is made for the purpose.
 */
final class Scratch {
    private static final int BYTES = 64 * 1024;
    private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);

    private final byte[] array = new byte[BYTES];
    private boolean lent;

    private Scratch() {}

    /** An array of at least that length, zero as far as that, to be given back by the same thread. */
    static byte[] borrow(int bytes) {
        Scratch own = OWN.get();
        if (own.lent || bytes > BYTES) {
            return new byte[bytes];
        }
        own.lent = true;
        return own.array;
    }

    /** Overwrites the first {@code used} bytes and takes the array back. */
    static void giveBack(byte[] borrowed, int used) {
        Arrays.fill(borrowed, 0, used, (byte) 0);
        Scratch own = OWN.get();
        if (borrowed == own.array) {
            own.lent = false;
        }
    }
}
