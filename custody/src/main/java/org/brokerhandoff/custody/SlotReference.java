package org.brokerhandoff.custody;

/**
 * One use of one slot. The generation grows each time the slot is used again, so a reference to an earlier use finds
 * nothing.
 *
 * @param slot number of the slot, from 0
 * @param generation 1 to 2^24-1, then 1 again; the signup id that every call carries tells equal ones apart
 */
public record SlotReference(int slot, int generation) {
    public SlotReference {
        if (slot < 0) {
            throw new IllegalArgumentException("negative slot " + slot);
        }
        if (generation < 0 || generation > StateWord.MAXIMUM_GENERATION) {
            throw new IllegalArgumentException("generation " + generation + " is not a 24-bit number");
        }
    }
}
