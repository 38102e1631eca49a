package org.brokerhandoff.router.handoff;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.router.assign.Assigner;
import org.brokerhandoff.router.assign.Decision;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;

/** Decides the next step of a signup from what the slot and the event log say. Pure and total. */
public final class HandoffPlanner {
    private HandoffPlanner() {}

    /**
     * The next step.
     *
     * @param slot what custody says; empty if that generation of the slot is gone
     * @param history what the event log says
     */
    public static Step next(
            PendingSignup signup, Optional<SlotView> slot, History history, BrokerDirectory directory, Instant now) {
        if (slot.isEmpty()) {
            return new Step.CompleteWithoutSlot();
        }
        if (slot.get().state() == SlotState.ERASED) {
            return new Step.Complete(slot.get());
        }
        if (slot.get().state() == SlotState.ERASING) {
            // Somebody died, or is right now, between marking and overwriting: finishing it twice does no harm.
            return new Step.Erase(slot.get().reason().orElse(EraseReason.EXPIRED));
        }
        if (slot.get()
                .position()
                .filter(newest -> newest.isNewerThan(position(signup)))
                .isPresent()) {
            // Written by a router that died before it was done with this record, or by this one a moment ago. Both
            // would
            // do the same, and be moved on for ever side by side.
            return new Step.LeaveToNewerCopy();
        }
        if (history.deliveredTo().isPresent()) {
            return new Step.Erase(EraseReason.DELIVERED);
        }
        if (history.undeliverable()) {
            return new Step.Erase(EraseReason.UNDELIVERABLE);
        }
        if (!now.isBefore(signup.keyExpiry())) {
            return new Step.Erase(EraseReason.EXPIRED);
        }
        if (slot.get().state() == SlotState.OFFERED && !ended(slot.get().broker(), history)) {
            // The slot has the last word: whoever came first has perhaps sent already, and no other broker may follow.
            BrokerTag offered = slot.get().broker();
            return history.open().stream()
                    .filter(assignment -> BrokerTag.of(assignment.broker()).equals(offered))
                    .findFirst()
                    .map(assignment -> deliver(signup, assignment, BrokerTag.NONE, true, directory, now))
                    .orElseGet(Step.ReadHistory::new);
        }
        return history.assignment()
                .map(assignment -> deliver(signup, assignment, slot.get().broker(), false, directory, now))
                .orElseGet(() -> decide(signup, history, directory));
    }

    /** A declined ping ends nothing: whatever the slot was offered to may have the signup. */
    private static boolean ended(BrokerTag broker, History history) {
        return history.passedOver().keySet().stream()
                .filter(history::ended)
                .map(BrokerTag::of)
                .anyMatch(broker::equals);
    }

    private static Step deliver(
            PendingSignup signup,
            Assignment assignment,
            BrokerTag previous,
            boolean offeredBefore,
            BrokerDirectory directory,
            Instant now) {
        Optional<Instant> notBefore =
                signup.parking().flatMap(Parking::notBefore).filter(now::isBefore);
        if (notBefore.isPresent()) {
            return new Step.Park(assignment, ParkingReason.BROKER_ASKED_TO_WAIT, notBefore);
        }
        // The recorded assignment is reused even if today's directory would choose another: that broker may have the
        // data.
        return directory
                .find(assignment.broker())
                .<Step>map(broker -> new Step.Deliver(assignment, broker, previous, offeredBefore))
                .orElseGet(() -> new Step.Park(assignment, ParkingReason.BROKER_NOT_IN_DIRECTORY, Optional.empty()));
    }

    /** Where the record stands that is being looked at. */
    static LogPosition position(PendingSignup signup) {
        return signup.parking()
                .map(parking -> LogPosition.inParked(signup.partition(), parking.offset()))
                .orElseGet(() -> LogPosition.inSignups(signup.partition(), signup.offset()));
    }

    private static Step decide(PendingSignup signup, History history, BrokerDirectory directory) {
        Decision decision = Assigner.decide(
                signup.signupId(),
                signup.country(),
                signup.language(),
                signup.recipients(),
                history.passedOver(),
                directory);
        if (decision instanceof Decision.Assign assign) {
            return new Step.RecordAssignment(assign, history.nextHop());
        } else if (decision instanceof Decision.NoBroker none) {
            return new Step.RecordUndeliverable(none);
        }
        throw new IllegalStateException("a new kind of decision");
    }
}
