package org.brokerhandoff.router.handoff;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.routing.Assigner;
import org.brokerhandoff.routing.BrokerFacts;
import org.brokerhandoff.routing.CapWindow;
import org.brokerhandoff.routing.Decision;
import org.brokerhandoff.routing.Load;

/** Decides the next step of a signup from what the slot and the event log say. Pure and total. */
public final class HandoffPlanner {
    private HandoffPlanner() {}

    /**
     * The next step.
     *
     * @param slot what custody says; empty if that generation of the slot is gone
     * @param history what the event log says
     * @param circumstances what else there is to know
     */
    public static Step next(
            PendingSignup signup, Optional<SlotView> slot, History history, Circumstances circumstances, Instant now) {
        return settled(signup, slot, history, now)
                .orElseGet(() -> undecided(signup, slot.orElseThrow(), history, circumstances, now));
    }

    /** The next step of a signup whose fate is decided, whatever the circumstances; empty if it is not. */
    static Optional<Step> settled(PendingSignup signup, Optional<SlotView> slot, History history, Instant now) {
        if (slot.isEmpty()) {
            return Optional.of(new Step.CompleteWithoutSlot());
        }
        if (slot.get().state() == SlotState.ERASED) {
            return unaccounted(slot.get(), history).or(() -> Optional.of(new Step.Complete(slot.get())));
        }
        if (slot.get().state() == SlotState.ERASING) {
            // A process died between marking and overwriting, or is between them now: finishing it twice does no harm.
            return erase(slot.get().reason().orElse(EraseReason.EXPIRED));
        }
        if (slot.get()
                .position()
                .filter(newest -> newest.isNewerThan(position(signup)))
                .isPresent()) {
            // Written by a router that died before it was done with this record, or by this one a moment
            // ago. Both would do the same, and be moved on forever side by side.
            return Optional.of(new Step.LeaveToNewerCopy());
        }
        if (history.deliveredTo().isPresent()) {
            return erase(EraseReason.DELIVERED);
        }
        if (history.undeliverable()) {
            return erase(EraseReason.UNDELIVERABLE);
        }
        return now.isBefore(signup.keyExpiry())
                        || slot.get().prolongedTo().filter(now::isBefore).isPresent()
                ? Optional.empty()
                : erase(EraseReason.EXPIRED);
    }

    private static Optional<Step> erase(EraseReason reason) {
        return Optional.of(new Step.Erase(reason));
    }

    private static Step undecided(
            PendingSignup signup, SlotView view, History history, Circumstances circumstances, Instant now) {
        if (!now.isBefore(signup.keyExpiry())) {
            // Kept for an order, and for that alone: the person agreed to a handoff within the time that was promised.
            return new Step.Park(history.assignment(), ParkingReason.PRESERVED, Optional.empty());
        }
        if (ReleaseRules.mayHaveIt(view, history)) {
            // The slot has the last word: an assignment that the log has too may have come after it.
            return toTheBrokerOf(view, history)
                    .map(assignment -> toward(signup, view, assignment, history, circumstances, now))
                    .orElseGet(Step.ReadHistory::new);
        }
        if (view.restricted()) {
            // No broker is chosen, since none may be sent it. One that may have it is asked, above: that sends nothing
            // of the person.
            return new Step.Park(history.assignment(), ParkingReason.RESTRICTED, Optional.empty());
        }
        return history.assignment()
                .map(assignment -> toward(signup, view, assignment, history, circumstances, now))
                .orElseGet(() -> decide(signup, history, circumstances, now));
    }

    /** The next step with the broker of an assignment: deliver, or what there is to do while it cannot be used. */
    private static Step toward(
            PendingSignup signup,
            SlotView view,
            Assignment assignment,
            History history,
            Circumstances circumstances,
            Instant now) {
        boolean offeredBefore = !ReleaseRules.nothingSent(view, history.attempts());
        return ReleaseRules.next(signup, view, assignment, history, circumstances, now)
                .orElseGet(() -> deliver(signup, assignment, view.attempt(), offeredBefore, circumstances, now));
    }

    /** An owner that had not read of the broker's end sent it the signup again, and died: nothing else in the log would say so. */
    private static Optional<Step> unaccounted(SlotView erased, History history) {
        boolean undecided = erased.reason()
                .filter(reason -> reason == EraseReason.WITHDRAWN || reason == EraseReason.EXPIRED)
                .isPresent();
        return undecided
                        && history.deliveredTo().isEmpty()
                        && ReleaseRules.sentAgain(erased, history)
                        && erased.attempt() > history.attempts().last()
                ? toTheBrokerOf(erased, history)
                        .map(assignment -> new Step.RecordAttempt(
                                assignment, erased.attempt(), erased.erasedAt().orElse(erased.expiry())))
                : Optional.empty();
    }

    private static Optional<Assignment> toTheBrokerOf(SlotView slot, History history) {
        return history.assignments().stream()
                .filter(assignment -> BrokerTag.of(assignment.broker()).equals(slot.broker()))
                .findFirst();
    }

    private static Step deliver(
            PendingSignup signup,
            Assignment assignment,
            int attempts,
            boolean offeredBefore,
            Circumstances circumstances,
            Instant now) {
        Optional<Instant> notBefore =
                signup.parking().flatMap(Parking::notBefore).filter(now::isBefore);
        if (notBefore.isPresent()) {
            return new Step.Park(Optional.of(assignment), ParkingReason.BROKER_ASKED_TO_WAIT, notBefore);
        }
        // The recorded assignment is reused even if today's directory would choose another: that broker
        // may have the data.
        Optional<Broker> broker = circumstances.directory().find(assignment.broker());
        Optional<BrokerFacts> facts = circumstances.directory().facts(assignment.broker());
        if (broker.isEmpty() || facts.isEmpty()) {
            return park(assignment, ParkingReason.BROKER_NOT_IN_DIRECTORY);
        }
        if (signup.concerns().isPresent()) {
            return new Step.Deliver(assignment, broker.get(), attempts, offeredBefore, Optional.empty());
        }
        if (!facts.get().openAt(now)) {
            return park(assignment, ParkingReason.BROKER_CLOSED);
        }
        if (facts.get().capped() && !circumstances.places().contains(assignment.broker())) {
            // An attempt belongs to the window in which it starts: the place of an earlier one is of no use.
            Load load = circumstances.load(facts.get());
            return facts.get().hourFull(load) || facts.get().dayFull(load)
                    ? park(assignment, ParkingReason.CAP_REACHED)
                    : requestPlace(facts.get(), circumstances);
        }
        return new Step.Deliver(assignment, broker.get(), attempts, offeredBefore, until(facts.get(), now));
    }

    private static Step park(Assignment assignment, ParkingReason reason) {
        // No time is noted down: a place may become free sooner, and a new directory open the broker.
        return new Step.Park(Optional.of(assignment), reason, Optional.empty());
    }

    private static Step requestPlace(BrokerFacts broker, Circumstances circumstances) {
        return circumstances.placesKnown() ? new Step.RequestPlace(broker) : new Step.AwaitPlaces();
    }

    private static Optional<Instant> until(BrokerFacts broker, Instant now) {
        Optional<Instant> closing = broker.hours().flatMap(hours -> hours.closing(now));
        if (!broker.capped()) {
            return closing;
        }
        Instant windowEnd = CapWindow.at(now, broker.zone()).hourEnd();
        return Optional.of(closing.filter(windowEnd::isAfter).orElse(windowEnd));
    }

    /** The slot of a signup's key, in the generation that is its own. */
    static SlotReference slot(PendingSignup signup) {
        return new SlotReference(signup.slot(), signup.generation());
    }

    /** Where the record stands that is being looked at. */
    static LogPosition position(PendingSignup signup) {
        return signup.parking()
                .map(parking -> LogPosition.inParked(signup.partition(), parking.offset()))
                .orElseGet(() -> LogPosition.inSignups(signup.partition(), signup.offset()));
    }

    private static Step decide(PendingSignup signup, History history, Circumstances circumstances, Instant now) {
        Decision decision = Assigner.decide(
                circumstances.input(signup, history, now),
                circumstances.directory().facts());
        if (decision instanceof Decision.Assign assign) {
            BrokerFacts choice = assign.broker();
            if (choice.capped()
                    && signup.concerns().isEmpty()
                    && !circumstances.places().contains(choice.id())) {
                return requestPlace(choice, circumstances);
            }
            Optional<Broker> broker = circumstances.directory().find(choice.id());
            return choice.ping()
                            && signup.concerns().isEmpty()
                            && broker.isPresent()
                            && !circumstances.pinged().contains(choice.id())
                    ? new Step.Ping(broker.get(), history.nextHop())
                    : new Step.RecordAssignment(assign, history.nextHop());
        } else if (decision instanceof Decision.Wait wait) {
            return history.postponed()
                    ? new Step.Park(Optional.empty(), ParkingReason.NO_BROKER_NOW, Optional.empty())
                    : new Step.RecordPostponed(wait);
        } else if (decision instanceof Decision.NoBroker none) {
            return new Step.RecordUndeliverable(none);
        }
        throw new IllegalStateException("a new kind of decision");
    }
}
