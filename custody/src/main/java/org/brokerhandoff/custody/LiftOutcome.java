package org.brokerhandoff.custody;

/** Outcome of {@link KeyCustody#lift}. */
public sealed interface LiftOutcome {
    /** Attempts may start again. */
    record Lifted(SlotView view) implements LiftOutcome {}

    /** It was not restricted, or another call has lifted it, durably. */
    record NotRestricted(SlotView view) implements LiftOutcome {}

    /** The key is gone, or about to be. */
    record AlreadyErased(SlotView view) implements LiftOutcome {}

    /** That generation of the slot is gone, or it never was this signup's. */
    record Gone() implements LiftOutcome {}
}
