package org.brokerhandoff.custody.cells.decisions;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.Decision;

/** Something to be decided on one row. */
final class Command<T> {
    private final long hold;
    private final UUID signupId;
    private final Optional<Fence> fence;
    private final Rule<T> rule;
    private final CompletableFuture<T> told = new CompletableFuture<>();

    /** What is decided. */
    interface Rule<T> {
        /**
         * Decides.
         *
         * @param owner whether the fence holds; true where there is none
         */
        Decision<T> decide(Optional<CustodyRow> row, boolean owner);
    }

    Command(long hold, UUID signupId, Optional<Fence> fence, Rule<T> rule) {
        this.hold = hold;
        this.signupId = signupId;
        this.fence = fence;
        this.rule = rule;
    }

    long hold() {
        return hold;
    }

    Optional<Fence> fence() {
        return fence;
    }

    CompletableFuture<T> told() {
        return told;
    }

    void fail(Throwable failure) {
        told.completeExceptionally(failure);
    }

    /** A decision, and how to tell it once it counts. */
    record Decided<T>(Command<T> command, Decision<T> decision) {
        void tell() {
            command.told.complete(decision.outcome());
        }
    }

    /** A row of another signup is none. */
    Decided<T> decide(Optional<CustodyRow> row, boolean owner) {
        return new Decided<>(
                this, rule.decide(row.filter(found -> found.signupId().equals(signupId)), owner));
    }
}
