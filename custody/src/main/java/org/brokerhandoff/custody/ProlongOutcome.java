package org.brokerhandoff.custody;

/** Outcome of {@link KeyCustody#prolong}. */
public sealed interface ProlongOutcome {
    /** The slot's end is as was asked for; the view has it. */
    record Prolonged(SlotView view) implements ProlongOutcome {}

    /** Its end had come: a key that is due is destroyed, also where no sweep has seen it yet. Nothing was changed. */
    record Due(SlotView view) implements ProlongOutcome {}

    /** There is no key any more. */
    record AlreadyErased(SlotView view) implements ProlongOutcome {}

    /** That generation of the slot is gone, or it never was this signup's. */
    record Gone() implements ProlongOutcome {}
}
