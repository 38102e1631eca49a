package org.brokerhandoff.custody;

/** Outcome of {@link KeyCustody#hold}. */
public sealed interface HoldOutcome {
    /** A fresh key is durably in custody. */
    record Held(SlotReference slot, DataKey key) implements HoldOutcome {}

    /** No slot is free and the file may not grow, or the disk is full. Nothing was changed. */
    record Full() implements HoldOutcome {}
}
