package org.brokerhandoff.ingest.idempotency;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.SlotReference;

/**
 * Which {@code Idempotency-Key} stands for which signup, for a day: {@link JournalReservations in files} of one ingest service, or {@link
 * SharedReservations in a database} of several. Stages fail with {@link IdempotencyFailed} or {@link org.brokerhandoff.custody.CustodyException} where
 * the answer is not known; a repeated request may get it. They complete on threads of the reservations' own. Thread-safe.
 */
public interface Reservations extends AutoCloseable {
    /**
     * Reserves {@code key} of {@code client} for {@code signupId}, unless it stands for another signup already. The caller has no other request
     * with the key in progress; while another process has, the stage waits.
     */
    CompletionStage<Reservation> reserve(
            String client, String key, UUID signupId, Instant receivedAt, Instant eraseBy, RequestMark request);

    /** What {@code key} of {@code client} stands for, without reserving it. */
    CompletionStage<Optional<Reservation>> find(String client, String key);

    /** Gives a reservation under which nothing was held or published the times and the mark of another request, with the same signup id. */
    CompletionStage<Reservation> renew(
            Reservation reservation, Instant receivedAt, Instant eraseBy, RequestMark request);

    /**
     * Returns if the reservation survives a crash: it does once a key was held after it. Nothing may be published under it before.
     *
     * @throws IdempotencyFailed if it may not
     */
    void requireDurable(Reservation reservation);

    /**
     * Makes a reservation durable that no key follows. Blocks.
     *
     * @throws IdempotencyFailed if that fails
     */
    void makeDurable(Reservation reservation);

    /** Notes that the signup is published. Not awaited: without the note a repeat finds the same by a search. */
    void noteAccepted(Reservation reservation, Optional<SlotReference> slot);

    /**
     * Notes that the request has ended without a result, so that another may go on.
     *
     * @param slot of the signup's key, if one is held: the repeat need not search for it
     */
    void noteLeft(Reservation reservation, Optional<SlotReference> slot);

    /** Releases a reservation under which nothing was held or published. */
    void release(Reservation reservation);

    /** Why no new signup can be accepted, for an operator; empty if one can. */
    Optional<String> complaint();

    @Override
    void close();
}
