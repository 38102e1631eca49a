package org.brokerhandoff.custody.cells;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.cells.decisions.DecisionStore;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.EraseDecision;
import org.brokerhandoff.custody.cells.rules.RowRules;

/** Destroys keys: the row first, then each cell that can be reached, then the row again. Several callers may do it at once, on any host. */
final class CellErasure {
    private final DecisionStore store;
    private final CellRoster roster;
    private final InstantSource clock;

    CellErasure(DecisionStore store, CellRoster roster, InstantSource clock) {
        this.store = store;
        this.roster = roster;
        this.clock = clock;
    }

    /**
     * As {@code KeyCustody.erase}. Completes exceptionally if fewer than two cells say zero: the row stays {@code ERASING}, no offer can follow, and
     * the sweep goes on.
     *
     * @param now whether a prolonged key has expired
     */
    CompletionStage<EraseOutcome> erase(SlotReference slot, UUID signupId, EraseReason reason, Instant now) {
        return store.decide(slot, signupId, Optional.empty(), (row, owner) -> RowRules.erase(row, reason, now))
                .thenCompose(decision -> decision instanceof EraseDecision.Destroy destroy
                        ? destroy(destroy)
                        : CompletableFuture.completedFuture(((EraseDecision.Ended) decision).outcome()));
    }

    /** Erases a key that two cells have lost; whether this call did. */
    CompletionStage<Boolean> eraseLost(CustodyRow row, Instant now) {
        SlotReference slot = row.view().reference();
        return store.decide(slot, row.signupId(), Optional.empty(), (found, owner) -> RowRules.lost(found, now))
                .thenCompose(decision -> decision.isPresent() && decision.get() instanceof EraseDecision.Destroy destroy
                        ? destroy(destroy).thenApply(outcome -> outcome instanceof EraseOutcome.Erased)
                        : CompletableFuture.completedFuture(false));
    }

    private CompletionStage<EraseOutcome> destroy(EraseDecision.Destroy begun) {
        return destroyLeft(begun.row()).thenApply(after -> {
            if (after.isEmpty()) {
                return new EraseOutcome.Gone();
            } else if (after.get().state() != SlotState.ERASED) {
                throw new CustodyException("two of the three cells have not confirmed a destruction");
            }
            return begun.began()
                    ? new EraseOutcome.Erased(after.get().view(), ReadBack.CELLS)
                    : new EraseOutcome.AlreadyErased(after.get().view());
        });
    }

    /** Destroys what is left of an erased key on the cells that have not confirmed it; the row afterwards. */
    CompletionStage<Optional<CustodyRow>> destroyLeft(CustodyRow row) {
        return roster.destroyAgain(row.handle(), row.zeroed())
                .thenCompose(destroyed -> store.decide(
                        row.view().reference(),
                        row.signupId(),
                        Optional.empty(),
                        (found, owner) -> RowRules.zeroed(found, destroyed.zeroed(), destroyed.by(), clock.instant())));
    }
}
