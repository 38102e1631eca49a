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
    /** A repeat is not sent when its key has less than this left, several times what Kafka may take, or less than a quarter of the hold. */
    private static final Duration LEAST_LEFT = Duration.ofSeconds(45);

    /** By the hold that was promised when it was reserved: the setting may have changed since, and the seal is bound to {@code eraseBy}. */
    public HoldTimes times() {
        return HoldTimes.promised(receivedAt, eraseBy);
    }

    /** From then on nothing is sent for it that needs its key. */
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
