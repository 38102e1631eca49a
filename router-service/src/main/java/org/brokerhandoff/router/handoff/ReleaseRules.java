package org.brokerhandoff.router.handoff;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.routing.Assigner;
import org.brokerhandoff.routing.Decision;

/**
 * What becomes of a signup whose assigned broker cannot be used: when it is certain that the broker does not have it, another may be
 * asked. Pure.
 *
 * <p>The partition's owner alone makes attempts, so nothing is in progress while this is decided. Either all attempts that custody has counted
 * are known to have sent nothing, or the broker is asked again, later than any request can still be taken, and does not know the signup.
 * Nothing else is certain. An owner that was killed can leave behind an attempt that the slot counts and the log does not have, and events
 * that reach the log after its successor has read it.
 */
final class ReleaseRules {
    /** Custody counts no further, so what comes then cannot be distinguished. */
    private static final int MOST_ATTEMPTS_COUNTED = 255;

    private ReleaseRules() {}

    /** The history, in which every attempt that custody has counted is known: one whose end was not recorded may end now. */
    static History accounted(History history, Optional<SlotView> slot, Instant now) {
        return slot.filter(view -> view.state() == SlotState.OFFERED
                        && view.attempt() > history.attempts().last())
                .map(view -> history.with(history.attempts().with(view.attempt(), now, true)))
                .orElse(history);
    }

    /** Whether the assignment to that broker has ended. A declined ping ends none: whatever the slot was offered to may have the signup. */
    static boolean ended(BrokerTag broker, History history) {
        return history.passedOver().keySet().stream()
                .filter(history::ended)
                .map(BrokerTag::of)
                .anyMatch(broker::equals);
    }

    /** Whether the broker that the slot names was sent the signup again after its end, by an owner that had not read of that, and died. */
    static boolean sentAgain(SlotView slot, History history) {
        return ended(slot.broker(), history)
                && slot.attempt() > history.attempts().settled();
    }

    /** Whether the broker that the slot names may have the signup: then no other may be sent it. */
    static boolean mayHaveIt(SlotView slot, History history) {
        return slot.state() == SlotState.OFFERED
                && !slot.broker().equals(BrokerTag.TAKEN_BACK)
                && (!ended(slot.broker(), history) || sentAgain(slot, history));
    }

    /** Whether it is certain that no byte of the person went to a broker that may still be asked. */
    static boolean nothingSent(SlotView slot, Attempts attempts) {
        return slot.attempt() < MOST_ATTEMPTS_COUNTED && attempts.settled() >= slot.attempt();
    }

    /** Whether the broker can no longer take what was sent. */
    private static boolean past(SlotView slot, Attempts attempts, Circumstances circumstances, Instant now) {
        return slot.attempt() < MOST_ATTEMPTS_COUNTED
                && attempts.last() >= slot.attempt()
                && attempts.lastEndedAt()
                        .filter(end -> now.isAfter(end.plus(circumstances.nonReceiptAfter())))
                        .isPresent();
    }

    /**
     * What is to be done while the assigned broker cannot be used.
     *
     * @return empty if it can
     */
    static Optional<Step> next(
            PendingSignup signup,
            SlotView slot,
            Assignment assignment,
            History history,
            Circumstances circumstances,
            Instant now) {
        Optional<Broker> broker = circumstances.directory().find(assignment.broker());
        Optional<ParkingReason> unusable = unusable(signup, assignment.broker(), broker, circumstances);
        if (unusable.isEmpty()) {
            return Optional.empty();
        }
        Step park = new Step.Park(Optional.of(assignment), unusable.get(), Optional.empty());
        boolean nothingSent = nothingSent(slot, history.attempts());
        boolean past = past(slot, history.attempts(), circumstances, now);
        boolean elsewhere = elsewhere(signup, assignment, history, circumstances, now);
        if (elsewhere && nothingSent) {
            return Optional.of(new Step.Release(assignment, ReleaseReason.NOTHING_SENT, slot.attempt()));
        } else if (nothingSent || unusable.get() == ParkingReason.BROKER_NOT_IN_DIRECTORY) {
            // There is no address to ask at.
            return Optional.of(park);
        }
        return Optional.of(new Step.Ask(assignment, broker.get(), slot.attempt(), elsewhere && past, unusable.get()));
    }

    private static Optional<ParkingReason> unusable(
            PendingSignup signup, String id, Optional<Broker> broker, Circumstances circumstances) {
        if (broker.isEmpty()) {
            return Optional.of(ParkingReason.BROKER_NOT_IN_DIRECTORY);
        } else if (signup.concerns().isPresent()) {
            // A broker that takes no signups any more is still told what has changed of those that it has.
            return broker.get().notices().isEmpty()
                    ? Optional.of(ParkingReason.BROKER_NOT_IN_DIRECTORY)
                    : Optional.empty();
        } else if (!broker.get().receives()
                || Optional.ofNullable(circumstances.loads().get(id))
                        .filter(load -> load.suspended())
                        .isPresent()) {
            return Optional.of(ParkingReason.BROKER_SUSPENDED);
        }
        return circumstances.downForLong().contains(id)
                ? Optional.of(ParkingReason.BROKER_UNAVAILABLE)
                : Optional.empty();
    }

    /** Whether another broker would get it now: a release that led to none would end the signup, and the broker may come back. */
    private static boolean elsewhere(
            PendingSignup signup, Assignment assignment, History history, Circumstances circumstances, Instant now) {
        Map<String, ExclusionReason> over = new HashMap<>(history.passedOver());
        over.put(assignment.broker(), ExclusionReason.NOT_RECEIVED);
        return Assigner.decide(
                        circumstances.input(signup, over, now),
                        circumstances.directory().facts())
                instanceof Decision.Assign;
    }
}
