package org.brokerhandoff.ingest.intake;

import java.util.Optional;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.SlotReference;

/** What custody, and where the slot is gone the log, say of a signup whose request reported no end. */
sealed interface Finding {
    /**
     * Its key is held and was never offered: whether it was published is not known.
     *
     * @param key destroyed by its taker
     */
    record StillHeld(SlotReference slot, DataKey key) implements Finding {}

    /** The router has taken it up. */
    record TakenUp(Optional<SlotReference> slot) implements Finding {}

    /** There never was a key, and the log does not know the id. */
    record NothingHeld() implements Finding {}

    /** Its key was destroyed without a hand-off, or is lost: no record under this id can be handed over any more, so the id is used up. */
    record Spent() implements Finding {}
}
