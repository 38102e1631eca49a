package org.brokerhandoff.ingest.idempotency;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.brokerhandoff.custody.SlotReference;

/** The reservations of one ingest service, in its journal. What it returns is complete: nothing here waits for the disk. */
public final class JournalReservations implements Reservations {
    private final IdempotencyJournal journal;

    /** Over a journal, which is closed with this, and which custody's syncs have to sync. */
    public JournalReservations(IdempotencyJournal journal) {
        this.journal = journal;
    }

    @Override
    public CompletionStage<Reservation> reserve(
            String client, String key, UUID signupId, Instant receivedAt, Instant eraseBy, RequestMark request) {
        return told(() -> journal.reserve(client, key, signupId, receivedAt, eraseBy, request));
    }

    @Override
    public CompletionStage<Optional<Reservation>> find(String client, String key) {
        return told(() -> journal.find(client, key));
    }

    @Override
    public CompletionStage<Reservation> renew(
            Reservation reservation, Instant receivedAt, Instant eraseBy, RequestMark request) {
        return told(() -> journal.renew(reservation, receivedAt, eraseBy, request));
    }

    private static <T> CompletionStage<T> told(Supplier<T> answer) {
        try {
            return CompletableFuture.completedFuture(answer.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void requireDurable(Reservation reservation) {
        journal.requireDurable(reservation);
    }

    @Override
    public void makeDurable(Reservation reservation) {
        journal.sync();
        journal.requireDurable(reservation);
    }

    @Override
    public void noteAccepted(Reservation reservation, Optional<SlotReference> slot) {
        journal.noteAccepted(reservation, slot);
    }

    /** Requests of one process wait for each other in memory. */
    @Override
    public void noteLeft(Reservation reservation, Optional<SlotReference> slot) {
        slot.ifPresent(where -> journal.noteSlot(reservation, where));
    }

    @Override
    public void release(Reservation reservation) {
        journal.release(reservation);
    }

    @Override
    public Optional<String> complaint() {
        return journal.complaint();
    }

    @Override
    public void close() {
        journal.close();
    }
}
