package org.brokerhandoff.custody.cells.rules;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CellConfirmation;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;

/**
 * What PostgreSQL has of one key: everything but the key.
 *
 * @param hold number of the hold ({@link HoldNumber})
 * @param handle under which the cells have the shares
 * @param roster which three cells they are
 * @param state {@code HELD}, {@code OFFERED}, {@code ERASING} or {@code ERASED}
 * @param reason set in {@code ERASING} and {@code ERASED}
 * @param broker the last that was offered the signup, or {@link BrokerTag#NONE}
 * @param attempt number of offers so far, 255 meaning 255 or more
 * @param expiry when the key is destroyed at the latest, unless it is prolonged
 * @param prolongedTo when it is destroyed instead, after {@code expiry}; only in {@code HELD} and {@code OFFERED}
 * @param erasedAt set in {@code ERASED}
 * @param recorded the withdrawal event is published
 * @param restricted no attempt may start; only in {@code HELD} and {@code OFFERED}
 * @param zeroed the cells that have confirmed to have overwritten their share
 * @param runs by which starts of their engines
 */
public record CustodyRow(
        UUID signupId,
        long hold,
        CellHandle handle,
        int roster,
        SlotState state,
        Optional<EraseReason> reason,
        BrokerTag broker,
        int attempt,
        Instant expiry,
        Optional<Instant> prolongedTo,
        Optional<LogPosition> position,
        Optional<Instant> erasedAt,
        boolean recorded,
        boolean restricted,
        CellSet zeroed,
        CellRuns runs) {
    /** That of a fresh hold. */
    public static CustodyRow held(UUID signupId, long hold, CellHandle handle, int roster, Instant expiry) {
        return new CustodyRow(
                signupId,
                hold,
                handle,
                roster,
                SlotState.HELD,
                Optional.empty(),
                BrokerTag.NONE,
                0,
                expiry,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                CellSet.NONE,
                CellRuns.NONE);
    }

    /** That of a fresh hold that is not numbered yet. */
    public static CustodyRow fresh(UUID signupId, CellHandle handle, int roster, Instant expiry) {
        return held(signupId, HoldNumber.FIRST, handle, roster, expiry);
    }

    /** With the number that it was given. */
    public CustodyRow numbered(long number) {
        return new CustodyRow(
                signupId,
                number,
                handle,
                roster,
                state,
                reason,
                broker,
                attempt,
                expiry,
                prolongedTo,
                position,
                erasedAt,
                recorded,
                restricted,
                zeroed,
                runs);
    }

    /** Whether there is a key to give. */
    public boolean live() {
        return state == SlotState.HELD || state == SlotState.OFFERED;
    }

    /** The row as callers of custody see it. */
    public SlotView view() {
        SlotReference reference = HoldNumber.reference(hold);
        return new SlotView(
                reference,
                state,
                reason,
                broker,
                attempt,
                signupId,
                expiry,
                position,
                erasedAt,
                recorded,
                restricted,
                prolongedTo,
                runs.byCell().entrySet().stream()
                        .map(run -> new CellConfirmation(roster, run.getKey(), run.getValue()))
                        .toList());
    }

    /** When the key is destroyed at the latest, and when the cells drop its shares by themselves. */
    public Instant end() {
        return prolongedTo.orElse(expiry);
    }

    CustodyRow offered(BrokerTag to, int attempts) {
        return with(SlotState.OFFERED, reason, to, attempts, restricted, prolongedTo);
    }

    CustodyRow restricted(boolean now) {
        return with(state, reason, broker, attempt, now, prolongedTo);
    }

    CustodyRow erasing(EraseReason why) {
        return with(SlotState.ERASING, Optional.of(why), broker, attempt, false, Optional.empty());
    }

    CustodyRow prolonged(Optional<Instant> to) {
        return with(state, reason, broker, attempt, restricted, to);
    }

    CustodyRow zeroed(CellSet cells, CellRuns by) {
        return new CustodyRow(
                signupId,
                hold,
                handle,
                roster,
                state,
                reason,
                broker,
                attempt,
                expiry,
                prolongedTo,
                position,
                erasedAt,
                recorded,
                restricted,
                zeroed.and(cells),
                runs.and(by));
    }

    CustodyRow erased(Instant at) {
        return new CustodyRow(
                signupId,
                hold,
                handle,
                roster,
                SlotState.ERASED,
                reason,
                broker,
                attempt,
                expiry,
                prolongedTo,
                position,
                Optional.of(at),
                recorded,
                restricted,
                zeroed,
                runs);
    }

    CustodyRow noted(Optional<LogPosition> newPosition, boolean nowRecorded) {
        return new CustodyRow(
                signupId,
                hold,
                handle,
                roster,
                state,
                reason,
                broker,
                attempt,
                expiry,
                prolongedTo,
                newPosition,
                erasedAt,
                nowRecorded,
                restricted,
                zeroed,
                runs);
    }

    private CustodyRow with(
            SlotState newState,
            Optional<EraseReason> newReason,
            BrokerTag newBroker,
            int newAttempt,
            boolean nowRestricted,
            Optional<Instant> nowProlongedTo) {
        return new CustodyRow(
                signupId,
                hold,
                handle,
                roster,
                newState,
                newReason,
                newBroker,
                newAttempt,
                expiry,
                nowProlongedTo,
                position,
                erasedAt,
                recorded,
                nowRestricted,
                zeroed,
                runs);
    }
}
