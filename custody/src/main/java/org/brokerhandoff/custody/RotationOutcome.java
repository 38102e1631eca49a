package org.brokerhandoff.custody;

import java.time.Instant;

/** Outcome of {@link SlotFile#rotate}. */
public sealed interface RotationOutcome {
    /** The current epoch is young enough. */
    record NotDue(int epoch, Instant due) implements RotationOutcome {}

    /** Another process, or another thread of this one, is rotating. */
    record Elsewhere() implements RotationOutcome {}

    /** The keyset has fixed epochs. */
    record Fixed() implements RotationOutcome {}

    /**
     * Every live key is wrapped under {@code epoch}, durably, and every earlier epoch is destroyed.
     *
     * @param rewrapped slots that were rewrapped
     * @param unreadable live slots whose key no epoch opens; they are left to their expiry
     */
    record Rotated(int epoch, int rewrapped, int unreadable) implements RotationOutcome {}

    /**
     * Every live key that can be read is wrapped under {@code epoch}, durably, but the earlier epochs are left for another
     * pass: some slot's key opens under no epoch, and did not an interval ago. If this process's own keys were wrong,
     * the destruction could not be undone.
     *
     * @param rewrapped slots that were rewrapped
     * @param unreadable live slots whose key no epoch opens
     */
    record Withheld(int epoch, int rewrapped, int unreadable) implements RotationOutcome {}
}
