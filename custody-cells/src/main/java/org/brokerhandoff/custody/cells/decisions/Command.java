package org.brokerhandoff.custody.cells.decisions;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.Decision;

/** Something to be decided on one row. */
final class Command<T> {
    private final long hold;
    private final Optional<UUID> signupId;
    private final Optional<FencingToken> fence;
    private final RowRule<T> rule;
    private final CompletableFuture<T> told = new CompletableFuture<>();

    Command(long hold, Optional<UUID> signupId, Optional<FencingToken> fence, RowRule<T> rule) {
        this.hold = hold;
        this.signupId = signupId;
        this.fence = fence;
        this.rule = rule;
    }

    long hold() {
        return hold;
    }

    Optional<FencingToken> fence() {
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

    /** A row of another signup is none, where the command is for one. */
    Decided<T> decide(Optional<CustodyRow> row, boolean owner) {
        Optional<CustodyRow> own =
                row.filter(found -> signupId.map(found.signupId()::equals).orElse(true));
        return new Decided<>(this, rule.decide(own, owner));
    }
}
