package org.brokerhandoff.ingest.intake;

import java.util.Optional;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.SlotReference;

/** State of a signup whose request reported no result, by custody and, if the slot is gone, by the log. */
sealed interface Finding {
    /**
     * Its key is held and was never offered: it is unknown whether it was published.
     *
     * @param key destroyed by the receiver
     */
    record StillHeld(SlotReference slot, DataKey key) implements Finding {}

    /** The router has taken it. */
    record TakenUp(Optional<SlotReference> slot) implements Finding {}

    /** No key ever existed, and the log does not know the id. */
    record NothingHeld() implements Finding {}

    /** Its key was destroyed without a hand-off, or is lost: no record under this id can be handed over any more, so the id is used up. */
    record Spent() implements Finding {}
}
