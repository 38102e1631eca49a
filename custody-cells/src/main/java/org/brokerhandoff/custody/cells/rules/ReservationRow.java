package org.brokerhandoff.custody.cells.rules;

import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;

/**
 * A reservation as it was read.
 *
 * @param accepted whether its signup is published
 * @param slot of its key, if noted
 * @param tenure who works on it, or has
 */
public record ReservationRow(
        ReservationPlace place, ReservedSignup signup, boolean accepted, Optional<SlotReference> slot, Tenure tenure) {
    /**
     * Who works on a reservation.
     *
     * @param token grows with each that does
     * @param process of the request
     * @param running whether its time had not ended yet, by the database's clock
     */
    public record Tenure(int token, UUID process, boolean running) {}

    /** As taken over by {@code process}. */
    public ReservationRow takenOverBy(UUID process) {
        return new ReservationRow(place, signup, accepted, slot, new Tenure(tenure.token() + 1, process, true));
    }

    /** As accepted. */
    public ReservationRow asAccepted() {
        return new ReservationRow(place, signup, true, slot, tenure);
    }
}
