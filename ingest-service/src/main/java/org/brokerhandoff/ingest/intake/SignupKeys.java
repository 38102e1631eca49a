package org.brokerhandoff.ingest.intake;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.eventlog.RecordPosition;
import org.brokerhandoff.ingest.idempotency.Reservation;

/**
 * The keys of signups in custody: holds them, and determines the state of a signup. The slot decides; if it is gone, the log does.
 */
public final class SignupKeys {
    private final KeyCustody custody;
    private final SignupFates fates;
    private final Executor looking;

    /**
     * Reads {@code custody}, and queries {@code fates}.
     *
     * @param looking runs scans of custody and register queries
     */
    public SignupKeys(KeyCustody custody, SignupFates fates, Executor looking) {
        this.custody = custody;
        this.fates = fates;
        this.looking = looking;
    }

    /** Holds a new key, durable when the stage completes; fails if another service has taken the reservation over. */
    CompletionStage<HoldOutcome> hold(Reservation reservation) {
        return custody.hold(
                reservation.signupId(),
                reservation.times().keyExpiry(),
                reservation.id().record());
    }

    /** Notes the log position of the record that needs the key. Not awaited: it only spares a later search. */
    void published(UUID id, SlotReference slot, RecordPosition position) {
        var unused = custody.position(slot, id, LogPosition.inSignups(position.partition(), position.offset()));
    }

    /** State of the signup of a reservation. A key that is found is made durable again. */
    CompletionStage<Finding> of(Reservation reservation) {
        return CompletableFuture.supplyAsync(() -> slot(reservation), looking)
                .thenCompose(asked -> asked)
                .thenCompose(slot -> {
                    if (slot.filter(view -> view.state() == SlotState.HELD).isEmpty()) {
                        return found(reservation.signupId(), slot);
                    }
                    SlotReference reference = slot.get().reference();
                    // Its first sync may have failed, which the kernel reports once: what a later process reads need
                    // not be on the disk.
                    return custody.heldKey(reference, reservation.signupId())
                            .thenCompose(key -> key.isPresent()
                                    ? CompletableFuture.<Finding>completedFuture(
                                            new Finding.StillHeld(reference, key.get()))
                                    // Offered or erased in between; the slot's current state is final in this respect.
                                    : custody.read(reference).thenCompose(now -> found(reservation.signupId(), now)));
                });
    }

    /**
     * State of a signup whose record has just been acknowledged. Its key may have expired in the meantime: then no broker gets it, and it
     * must not count as accepted.
     */
    CompletionStage<Finding> ofPublished(UUID id, SlotReference slot) {
        return slotOf(id, slot)
                .thenCompose(view -> view.isPresent() && !endedUnoffered(view.get())
                        ? CompletableFuture.completedFuture(new Finding.TakenUp(Optional.of(slot)))
                        : found(id, view));
    }

    /** Whether the key can still be offered to a broker: a record published now can be handed over. */
    CompletionStage<Boolean> stillHeld(UUID id, SlotReference slot) {
        return slotOf(id, slot)
                .thenApply(view -> view.filter(at -> at.state() == SlotState.HELD || at.state() == SlotState.OFFERED)
                        .isPresent());
    }

    private CompletionStage<Optional<SlotView>> slot(Reservation reservation) {
        UUID id = reservation.signupId();
        return reservation
                .slot()
                .map(slot -> slotOf(id, slot))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()))
                .thenCompose(view -> view.isPresent() ? CompletableFuture.completedFuture(view) : custody.find(id));
    }

    private CompletionStage<Optional<SlotView>> slotOf(UUID id, SlotReference slot) {
        return custody.read(slot)
                .thenApply(found -> found.filter(view -> view.signupId().equals(id)));
    }

    private CompletionStage<Finding> found(UUID id, Optional<SlotView> slot) {
        Optional<SlotView> filled = slot.filter(view -> view.state() != SlotState.CLAIMED);
        if (filled.isPresent()) {
            SlotView view = filled.get();
            if (view.state() == SlotState.HELD) {
                return CompletableFuture.failedFuture(new IllegalStateException("a held key cannot be unwrapped"));
            }
            if (view.attempt() > 0 || !endedUnoffered(view)) {
                return CompletableFuture.completedFuture(new Finding.TakenUp(Optional.of(view.reference())));
            }
            if (view.reason().filter(EraseReason.WITHDRAWN::equals).isEmpty()) {
                return CompletableFuture.completedFuture(new Finding.Spent());
            }
            // Withdrawn: accepted before, if the log has its consent.
        }
        boolean destroyed = filled.isPresent();
        return CompletableFuture.supplyAsync(() -> findingInLog(id, destroyed), looking);
    }

    private static boolean endedUnoffered(SlotView view) {
        return view.attempt() == 0
                && view.reason()
                        .filter(reason -> reason == EraseReason.EXPIRED
                                || reason == EraseReason.INVALID
                                || reason == EraseReason.LOST
                                || reason == EraseReason.WITHDRAWN)
                        .isPresent();
    }

    /** A slot is freed only after its purge was acknowledged, so the register has the answer once it has caught up. */
    private Finding findingInLog(UUID id, boolean destroyed) {
        return switch (fates.of(id)) {
            case UNKNOWN -> destroyed ? new Finding.Spent() : new Finding.NothingHeld();
            case TAKEN_UP -> new Finding.TakenUp(Optional.empty());
            case SPENT -> new Finding.Spent();
        };
    }
}
