package org.brokerhandoff.custody.cells.decisions;

import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.cells.rules.ReservationPlace;

/**
 * That a request with a reservation has ended.
 *
 * @param token the reservation's, when the request got it
 * @param accepted whether its signup is published; otherwise another request may go on
 * @param slot of the signup's key, if known
 */
public record ReservationNote(
        ReservationPlace place, UUID signupId, int token, boolean accepted, Optional<SlotReference> slot) {
    /** This and a later one of the same reservation. */
    ReservationNote and(ReservationNote later) {
        return new ReservationNote(
                place, signupId, Math.max(token, later.token), accepted || later.accepted, later.slot.or(() -> slot));
    }
}
