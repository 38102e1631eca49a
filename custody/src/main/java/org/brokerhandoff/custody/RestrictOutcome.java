package org.brokerhandoff.custody;

/** Outcome of {@link KeyCustody#restrict}. */
public sealed interface RestrictOutcome {
    /** No broker was offered the signup, and none will be until the restriction is lifted. */
    record Restricted(SlotView view) implements RestrictOutcome {}

    /** As {@link Restricted}; it was so before this call. */
    record AlreadyRestricted(SlotView view) implements RestrictOutcome {}

    /**
     * A broker was offered the signup before (the view says which one was the last): it may have the data and must be notified. No
     * further attempt starts, be it with that broker or another, until the restriction is lifted.
     */
    record HandoffStarted(SlotView view) implements RestrictOutcome {}

    /**
     * The erasure came first: there is nothing to restrict. The view's state may still be {@code ERASING}; its attempt says whether a
     * broker may have the data.
     */
    record AlreadyErased(SlotView view) implements RestrictOutcome {}

    /** That generation of the slot is gone, or it never was this signup's. */
    record Gone() implements RestrictOutcome {}
}
