package org.brokerhandoff.ingest.rights;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.HoldingFound;

/** Restricts the use of a signup's key, and lifts the restriction. Blocks; throws if it cannot be confirmed. */
public final class Restrictions {
    private static final long LIMIT_SECONDS = 25;

    private final KeyCustody custody;

    /** Of keys in {@code custody}. */
    public Restrictions(KeyCustody custody) {
        this.custody = custody;
    }

    /**
     * The state found.
     *
     * @param found empty: the slot is gone, and the log knows whether a broker was offered the data
     * @param attempts number that custody had counted; empty if the slot is gone
     */
    record Finding(Optional<HoldingFound> found, OptionalInt attempts) {
        static final Finding GONE = new Finding(Optional.empty(), OptionalInt.empty());
    }

    /** Forbids every attempt that has not begun. */
    Finding restrict(UUID signupId) {
        Optional<SlotView> slot = await(custody.find(signupId));
        if (slot.isEmpty()) {
            return Finding.GONE;
        }
        RestrictOutcome outcome = await(custody.restrict(slot.get().reference(), signupId));
        if (outcome instanceof RestrictOutcome.Restricted restricted) {
            return finding(restricted.view(), HoldingFound.HELD);
        } else if (outcome instanceof RestrictOutcome.AlreadyRestricted restricted) {
            return finding(restricted.view(), HoldingFound.HELD);
        } else if (outcome instanceof RestrictOutcome.HandoffStarted started) {
            return finding(started.view(), HoldingFound.HANDOFF_STARTED);
        } else if (outcome instanceof RestrictOutcome.AlreadyErased erased) {
            return finding(erased.view(), HoldingFound.ENDED);
        }
        return Finding.GONE;
    }

    /** A broker that was offered the data may have it, whatever the other states. */
    private static Finding finding(SlotView view, HoldingFound otherwise) {
        return new Finding(
                Optional.of(view.attempt() > 0 ? HoldingFound.HANDOFF_STARTED : otherwise),
                OptionalInt.of(view.attempt()));
    }

    /** Allows attempts again. The caller has ensured under {@code lock} that no remaining request forbids them. */
    void lift(UUID signupId, Ownership lock) {
        await(custody.find(signupId)).ifPresent(slot -> await(custody.lift(slot.reference(), signupId, lock)));
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
