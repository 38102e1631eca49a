package org.brokerhandoff.router.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.DIRECTORY;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.FIRST;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.NOW;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.SIGNUP;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.TO_FIRST;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.held;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.next;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.offered;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.directory.Terms;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.routing.Load;
import org.junit.jupiter.api.Test;

/** Caps and hours of brokers. */
class HandoffPlannerTermsTest {
    private static final Terms CAPPED = new Terms(
            Optional.empty(),
            RecipientKind.BROKER,
            OptionalInt.of(2),
            OptionalInt.empty(),
            Optional.of("UTC"),
            List.of(),
            true);

    private static BrokerDirectory directory(Terms first) {
        return Examples.directory(Examples.broker("first", first), Examples.broker("second", 2, 1));
    }

    private static Circumstances with(BrokerDirectory today, int taken, Set<String> places, Set<String> pinged) {
        return new Circumstances(today, Map.of("first", new Load(false, false, taken, taken)), true, places, pinged);
    }

    @Test
    void a_broker_with_caps_is_asked_after_a_place_and_a_ping_and_then_assigned() {
        BrokerDirectory capped = directory(CAPPED);
        Circumstances unread = new Circumstances(capped, Map.of(), false, Set.of(), Set.of());
        assertThat(next(History.NONE, unread)).isEqualTo(new Step.AwaitPlaces());
        assertThat(next(History.NONE, with(capped, 1, Set.of(), Set.of())))
                .isEqualTo(new Step.RequestPlace(capped.facts("first").orElseThrow()));
        assertThat(next(History.NONE, with(capped, 1, Set.of("first"), Set.of())))
                .isEqualTo(new Step.Ping(capped.find("first").orElseThrow(), 0));
        assertThat(next(History.NONE, with(capped, 1, Set.of("first"), Set.of("first"))))
                .isInstanceOf(Step.RecordAssignment.class);
        // Another signup was faster: the next one is assigned.
        assertThat(next(History.NONE, with(capped, 2, Set.of(), Set.of())))
                .isInstanceOfSatisfying(
                        Step.RecordAssignment.class,
                        step -> assertThat(step.decision().broker().id()).isEqualTo("second"));
    }

    @Test
    void an_attempt_needs_a_place_in_the_hour_in_which_it_starts() {
        BrokerDirectory capped = directory(CAPPED);
        History assigned = History.NONE.assigned(TO_FIRST);
        assertThat(next(assigned, with(capped, 1, Set.of("first"), Set.of())))
                .isEqualTo(new Step.Deliver(
                        TO_FIRST,
                        capped.find("first").orElseThrow(),
                        0,
                        false,
                        Optional.of(Instant.parse("2026-11-22T14:00:00Z"))));
        assertThat(next(assigned, with(capped, 1, Set.of(), Set.of())))
                .isEqualTo(new Step.RequestPlace(capped.facts("first").orElseThrow()));
        assertThat(next(assigned, with(capped, 2, Set.of(), Set.of())))
                .isEqualTo(new Step.Park(Optional.of(TO_FIRST), ParkingReason.CAP_REACHED, Optional.empty()));
    }

    @Test
    void an_attempt_is_made_within_the_hours_only_also_of_a_broker_that_may_have_the_signup() {
        // Sunday
        Terms closed = hours("Mon-Fri 08:00-18:00");
        Terms open = hours("Sun 12:00-13:30");
        History assigned = History.NONE.assigned(TO_FIRST);
        for (SlotView slot : List.of(held(), offered(FIRST))) {
            assertThat(HandoffPlanner.next(
                            SIGNUP, Optional.of(slot), assigned, Circumstances.of(directory(closed)), NOW))
                    .isEqualTo(new Step.Park(Optional.of(TO_FIRST), ParkingReason.BROKER_CLOSED, Optional.empty()));
            assertThat(HandoffPlanner.next(SIGNUP, Optional.of(slot), assigned, Circumstances.of(directory(open)), NOW))
                    .isInstanceOfSatisfying(
                            Step.Deliver.class,
                            step -> assertThat(step.until()).contains(Instant.parse("2026-11-22T13:30:00Z")));
        }
    }

    private static Terms hours(String open) {
        return new Terms(
                Optional.empty(),
                RecipientKind.BROKER,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.of("UTC"),
                List.of(open),
                false);
    }

    @Test
    void what_nobody_can_take_now_is_postponed_once_and_then_waits_without_an_assignment() {
        BrokerDirectory directory = Examples.directory(Examples.broker("first", hours("Mon 08:00-18:00")));
        assertThat(next(History.NONE, Circumstances.of(directory))).isInstanceOf(Step.RecordPostponed.class);
        assertThat(next(History.NONE.foundPostponed(), Circumstances.of(directory)))
                .isEqualTo(new Step.Park(Optional.empty(), ParkingReason.NO_BROKER_NOW, Optional.empty()));
        assertThat(next(History.NONE.foundPostponed(), Circumstances.of(DIRECTORY)))
                .isInstanceOf(Step.RecordAssignment.class);
    }
}
