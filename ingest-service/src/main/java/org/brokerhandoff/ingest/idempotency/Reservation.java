package org.brokerhandoff.ingest.idempotency;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.schemas.HoldTimes;

/**
 * What an idempotency key stands for.
 *
 * @param id identifies it in the journal
 * @param state how far the signup got
 * @param signupId the signup
 * @param receivedAt when its first request arrived
 * @param eraseBy deadline for the proof of its purge
 * @param slot the custody slot of its key, if noted
 * @param request the first request that it was made for; absent in records of an earlier version
 */
public record Reservation(
        ReservationId id,
        State state,
        UUID signupId,
        Instant receivedAt,
        Instant eraseBy,
        Optional<SlotReference> slot,
        Optional<RequestMark> request) {
    /** A repeat is refused if its key has less than this left, several times Kafka's limit, or less than a quarter of the hold. */
    private static final Duration LEAST_LEFT = Duration.ofSeconds(45);

    /** Computed from the hold promised at the reservation: the setting may have changed since, and the seal is bound to {@code eraseBy}. */
    public HoldTimes times() {
        return HoldTimes.promised(receivedAt, eraseBy);
    }

    /** From then on nothing that needs its key is sent. */
    public Instant lastSending() {
        Instant expiry = times().keyExpiry();
        Duration quarter = Duration.between(receivedAt, expiry).dividedBy(4);
        return expiry.minus(quarter.compareTo(LEAST_LEFT) < 0 ? quarter : LEAST_LEFT);
    }

    Reservation with(ReservationId other) {
        return new Reservation(other, state, signupId, receivedAt, eraseBy, slot, request);
    }

    Reservation at(SlotReference where) {
        return new Reservation(id, state, signupId, receivedAt, eraseBy, Optional.of(where), request);
    }

    /** Progress of a signup. */
    public enum State {
        /** This request made the reservation. */
        NEW,
        /** An earlier request made it and reported no result: it failed, or its process died. */
        RESERVED,
        /** An earlier request was accepted. */
        ACCEPTED
    }
}
