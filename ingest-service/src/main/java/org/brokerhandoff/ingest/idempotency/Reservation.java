package org.brokerhandoff.ingest.idempotency;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;

/**
 * What an idempotency key stands for.
 *
 * @param id names it in the journal
 * @param state how far the signup got
 * @param signupId the signup
 * @param receivedAt when its first request arrived
 * @param eraseBy when its purge has to be proven
 * @param slot the custody slot of its key, where that was noted
 * @param request the first request that it was made for; absent in what an earlier version wrote
 */
public record Reservation(
        ReservationId id,
        State state,
        UUID signupId,
        Instant receivedAt,
        Instant eraseBy,
        Optional<SlotReference> slot,
        Optional<RequestMark> request) {
    Reservation with(ReservationId other) {
        return new Reservation(other, state, signupId, receivedAt, eraseBy, slot, request);
    }

    Reservation at(SlotReference where) {
        return new Reservation(id, state, signupId, receivedAt, eraseBy, Optional.of(where), request);
    }

    /** How far a signup got. */
    public enum State {
        /** This request made the reservation. */
        NEW,
        /** An earlier request made it and did not report an end: it failed, or its process died. */
        RESERVED,
        /** An earlier request was accepted. */
        ACCEPTED
    }
}
