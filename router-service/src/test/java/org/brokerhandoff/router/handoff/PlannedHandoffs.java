package org.brokerhandoff.router.handoff;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;

/** A signup to plan the handoff of, its brokers, and slots and histories that it may have. */
final class PlannedHandoffs {
    static final UUID ID = UUID.fromString("01936d2e-0000-7000-8000-000000000001");
    static final PendingSignup SIGNUP = Examples.signup(ID, "first", "second");
    static final BrokerDirectory DIRECTORY =
            Examples.directory(Examples.broker("first", 1, 1), Examples.broker("second", 2, 1));
    static final Instant NOW = Examples.RECEIVED.plusSeconds(5);
    static final Assignment TO_FIRST = new Assignment("first", 0, Examples.RECEIVED);
    static final Assignment TO_SECOND = new Assignment("second", 1, Examples.RECEIVED);
    static final BrokerTag FIRST = BrokerTag.of("first");
    static final BrokerTag SECOND = BrokerTag.of("second");

    static Step next(SlotView slot, History history) {
        return HandoffPlanner.next(SIGNUP, Optional.of(slot), history, Circumstances.of(DIRECTORY), NOW);
    }

    static SlotView held() {
        return Examples.slot(ID, SlotState.HELD, Optional.empty(), BrokerTag.NONE);
    }

    /** By the first attempt, to the second broker by the second. */
    static SlotView offered(BrokerTag broker) {
        SlotView slot = Examples.slot(ID, SlotState.OFFERED, Optional.empty(), broker);
        return broker.equals(SECOND)
                ? new SlotView(
                        slot.reference(),
                        slot.state(),
                        slot.reason(),
                        broker,
                        2,
                        slot.signupId(),
                        slot.expiry(),
                        slot.position(),
                        slot.erasedAt(),
                        slot.recorded(),
                        slot.restricted(),
                        Optional.empty())
                : slot;
    }

    static Step.Deliver deliver(Assignment assignment, int attempts, boolean offeredBefore) {
        return new Step.Deliver(
                assignment,
                DIRECTORY.find(assignment.broker()).orElseThrow(),
                attempts,
                offeredBefore,
                Optional.empty());
    }

    static History refusedByFirst() {
        return History.NONE.assigned(TO_FIRST).refused("first").with(Attempts.NONE.settledTo(1));
    }

    static Step next(History history, Circumstances circumstances) {
        return HandoffPlanner.next(SIGNUP, Optional.of(held()), history, circumstances, NOW);
    }

    private PlannedHandoffs() {}
}
