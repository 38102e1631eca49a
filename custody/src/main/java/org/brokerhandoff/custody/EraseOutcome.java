package org.brokerhandoff.custody;

/** Outcome of {@link KeyCustody#erase}. */
public sealed interface EraseOutcome {
    /** This call started the erasure; the key was overwritten, synced and read back as zero. */
    record Erased(SlotView view, ReadBack readBack) implements EraseOutcome {}

    /** Another call started it (the view has its reason); it is complete, possibly finished by this call. */
    record AlreadyErased(SlotView view) implements EraseOutcome {}

    /** It has not expired: its expiry is prolonged. Only for {@link EraseReason#EXPIRED}; nothing was erased. */
    record Prolonged(SlotView view) implements EraseOutcome {}

    /** That generation of the slot is gone, or it never was this signup's. */
    record Gone() implements EraseOutcome {}
}
