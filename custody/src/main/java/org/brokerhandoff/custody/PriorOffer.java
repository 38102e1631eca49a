package org.brokerhandoff.custody;

/**
 * What a slot says before it is offered to somebody else, as the caller has read it: whom it names, and how many attempts it has
 * counted. An offer that comes between the reading and the caller's own counts an attempt more, and the caller's is not made: of
 * what that other attempt leads to the caller knows nothing.
 *
 * @param broker whom the slot names: a broker that the caller knows not to have the signup, or {@link BrokerTag#TAKEN_BACK}
 * @param attempts how many attempts it has counted, over all brokers
 */
public record PriorOffer(BrokerTag broker, int attempts) {
    /** The caller knows of none: only a slot that was offered to nobody is offered, or one to the same broker. */
    public static final PriorOffer NONE = new PriorOffer(BrokerTag.NONE, 0);

    /** What {@code slot} says. */
    public static PriorOffer of(SlotView slot) {
        return new PriorOffer(slot.broker(), slot.attempt());
    }
}
