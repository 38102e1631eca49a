package org.brokerhandoff.custody;

/** What came of {@link KeyCustody#offer}. */
public sealed interface OfferOutcome {
    /** The slot says that this broker may have been sent the data; {@code attempt} is 1 to 255 (saturated). */
    record Offered(int attempt) implements OfferOutcome {}

    /** The slot is offered to another broker than the one asked for, and not as the prior offer says. */
    record HeldByAnother(BrokerTag broker) implements OfferOutcome {}

    /**
     * The erasure came first: nothing may be sent. The view's state may still be {@code ERASING}, in which case the
     * erasure is not yet known to be durable.
     */
    record Erased(SlotView view) implements OfferOutcome {}

    /** That generation of the slot is gone, or it never was this signup's. */
    record Gone() implements OfferOutcome {}
}
