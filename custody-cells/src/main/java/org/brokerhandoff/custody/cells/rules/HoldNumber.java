package org.brokerhandoff.custody.cells.rules;

import org.brokerhandoff.custody.SlotReference;

/**
 * The number of a hold, from a sequence, in the form that events have for a slot: its low 31 bits are the slot, the 24 above them the
 * generation. A number is never given twice, so that a reference to an earlier hold finds nothing.
 */
public final class HoldNumber {
    private static final int SLOT_BITS = 31;
    private static final int GENERATION_BITS = 24;

    /** The first: generation 0 is no hold's. */
    public static final long FIRST = 1L << SLOT_BITS;

    /** The last. At 10,000 holds a second, that is in a hundred thousand years. */
    public static final long LAST = (1L << (SLOT_BITS + GENERATION_BITS)) - 1;

    private HoldNumber() {}

    /** The number as events have it. */
    public static SlotReference reference(long number) {
        if (number < FIRST || number > LAST) {
            throw new IllegalArgumentException("hold " + number);
        }
        return new SlotReference((int) (number & Integer.MAX_VALUE), (int) (number >>> SLOT_BITS));
    }

    /** The number behind a reference; a reference of a slot file gives one that no row has, or another signup's. */
    public static long of(SlotReference reference) {
        return ((long) reference.generation() << SLOT_BITS) | reference.slot();
    }
}
