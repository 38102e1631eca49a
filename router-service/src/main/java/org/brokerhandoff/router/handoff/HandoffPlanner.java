package org.brokerhandoff.router.handoff;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.assign.Assigner;
import org.brokerhandoff.router.assign.Decision;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
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
        if (history.deliveredTo().isPresent()) {
            return new Step.Erase(EraseReason.DELIVERED);
        }
        if (history.undeliverable()) {
            return new Step.Erase(EraseReason.UNDELIVERABLE);
        }
        if (!now.isBefore(signup.keyExpiry())) {
            return new Step.Erase(EraseReason.EXPIRED);
        }
        return history.assignment()
                .map(assignment -> deliver(slot.get(), assignment, history, directory))
                .orElseGet(() -> decide(signup, history, directory));
    }

    private static Step deliver(SlotView slot, Assignment assignment, History history, BrokerDirectory directory) {
        // The recorded assignment is reused even if today's directory would choose another: that broker may have the
        // data.
        Optional<Broker> broker = directory.find(assignment.broker());
        if (broker.isEmpty()) {
            return new Step.AwaitBroker(assignment);
        }
        BrokerTag previous = history.refusedBy().stream()
                .map(BrokerTag::of)
                .filter(slot.broker()::equals)
                .findFirst()
                .orElse(BrokerTag.NONE);
        return new Step.Deliver(assignment, broker.get(), previous);
    }

    private static Step decide(PendingSignup signup, History history, BrokerDirectory directory) {
        Decision decision = Assigner.decide(
                signup.signupId(),
                signup.country(),
                signup.language(),
                signup.recipients(),
                history.refusedBy(),
                directory);
        if (decision instanceof Decision.Assign assign) {
            return new Step.RecordAssignment(assign, history.nextHop());
        } else if (decision instanceof Decision.NoBroker none) {
            return new Step.RecordUndeliverable(none);
        }
        throw new IllegalStateException("a new kind of decision");
    }
}
