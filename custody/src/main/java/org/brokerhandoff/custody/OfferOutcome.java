package org.brokerhandoff.custody;

/** Outcome of {@link KeyCustody#offer}. */
public sealed interface OfferOutcome {
    /** The slot says that this broker may have been sent the data; {@code attempt} is 1 to 255 (saturated). */
    record Offered(int attempt) implements OfferOutcome {}

    /** The slot counts attempts that the caller has not read; nothing was changed. */
    record Changed() implements OfferOutcome {}

    /** The caller does not own the partition any more; nothing was changed. */
    record NotOwner() implements OfferOutcome {}

    /**
     * The erasure came first: nothing may be sent. The view's state may still be {@code ERASING}, in which case the
     * erasure is not yet known to be durable.
     */
    record Erased(SlotView view) implements OfferOutcome {}

    /** The person has restricted the processing, or objected to it, and that was not lifted: nothing may be sent; nothing was changed. */
    record Restricted(SlotView view) implements OfferOutcome {}

    /** That generation of the slot is gone, or it never was this signup's. */
    record Gone() implements OfferOutcome {}
}
