package org.brokerhandoff.router.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.DIRECTORY;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.FIRST;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.ID;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.NOW;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.SECOND;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.SIGNUP;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.TO_FIRST;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.TO_SECOND;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.deliver;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.held;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.next;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.offered;
import static org.brokerhandoff.router.handoff.PlannedHandoffs.refusedByFirst;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HandoffPlannerTest {
    @Test
    void nothing_is_delivered_before_its_assignment_is_recorded() {
        assertThat(next(held(), History.NONE)).isInstanceOfSatisfying(Step.RecordAssignment.class, step -> {
            assertThat(step.decision().broker().id()).isEqualTo("first");
            assertThat(step.hop()).isZero();
        });
    }

    @Test
    void a_recorded_assignment_is_used_again_though_todays_directory_would_choose_another() {
        BrokerDirectory today = Examples.directory(Examples.broker("first", 9, 1), Examples.broker("second", 1, 1));
        assertThat(HandoffPlanner.next(
                        SIGNUP, Optional.of(held()), History.NONE.assigned(TO_FIRST), Circumstances.of(today), NOW))
                .isInstanceOfSatisfying(
                        Step.Deliver.class,
                        step -> assertThat(step.broker().id()).isEqualTo("first"));
    }

    @Test
    void a_parked_signup_is_not_tried_before_the_time_that_its_broker_asked_for() {
        Instant later = NOW.plusSeconds(90);
        PendingSignup parked =
                Examples.parked(SIGNUP, new Parking(7, Optional.of(later), History.NONE.assigned(TO_FIRST)));
        SlotView slot = at(held(), LogPosition.inParked(2, 7));
        assertThat(HandoffPlanner.next(
                        parked, Optional.of(slot), History.NONE.assigned(TO_FIRST), Circumstances.of(DIRECTORY), NOW))
                .isEqualTo(
                        new Step.Park(Optional.of(TO_FIRST), ParkingReason.BROKER_ASKED_TO_WAIT, Optional.of(later)));
        assertThat(HandoffPlanner.next(
                        parked, Optional.of(slot), History.NONE.assigned(TO_FIRST), Circumstances.of(DIRECTORY), later))
                .isInstanceOf(Step.Deliver.class);
    }

    @Test
    void a_record_is_left_to_the_newest_copy_that_the_slot_names() {
        SlotView slot = at(held(), LogPosition.inParked(2, 7));
        assertThat(HandoffPlanner.next(SIGNUP, Optional.of(slot), History.NONE, Circumstances.of(DIRECTORY), NOW))
                .isEqualTo(new Step.LeaveToNewerCopy());
        for (long offset : new long[] {6, 7, 8}) {
            PendingSignup copy = Examples.parked(SIGNUP, new Parking(offset, Optional.empty(), History.NONE));
            Step step = HandoffPlanner.next(
                    copy, Optional.of(slot), History.NONE.assigned(TO_FIRST), Circumstances.of(DIRECTORY), NOW);
            assertThat(step instanceof Step.LeaveToNewerCopy).isEqualTo(offset < 7);
        }
    }

    @Test
    void an_erased_slot_completes_every_copy() {
        SlotView erased = at(
                Examples.slot(SIGNUP.signupId(), SlotState.ERASED, Optional.of(EraseReason.WITHDRAWN), BrokerTag.NONE),
                LogPosition.inParked(2, 7));
        assertThat(HandoffPlanner.next(SIGNUP, Optional.of(erased), History.NONE, Circumstances.of(DIRECTORY), NOW))
                .isEqualTo(new Step.Complete(erased));
    }

    private static SlotView at(SlotView slot, LogPosition position) {
        return new SlotView(
                slot.reference(),
                slot.state(),
                slot.reason(),
                slot.broker(),
                slot.attempt(),
                slot.signupId(),
                slot.expiry(),
                Optional.of(position),
                slot.erasedAt(),
                slot.recorded(),
                slot.restricted(),
                Optional.empty());
    }

    @Test
    void an_assigned_broker_that_left_the_directory_is_waited_for_if_it_may_have_the_signup_or_nobody_else_may() {
        BrokerDirectory without = Examples.directory(Examples.broker("second", 1, 1));
        Step wait = new Step.Park(Optional.of(TO_FIRST), ParkingReason.BROKER_NOT_IN_DIRECTORY, Optional.empty());
        assertThat(HandoffPlanner.next(
                        SIGNUP,
                        Optional.of(offered(FIRST)),
                        History.NONE.assigned(TO_FIRST),
                        Circumstances.of(without),
                        NOW))
                .isEqualTo(wait);
        assertThat(HandoffPlanner.next(
                        Examples.signup(ID, "first"),
                        Optional.of(held()),
                        History.NONE.assigned(TO_FIRST),
                        Circumstances.of(without),
                        NOW))
                .isEqualTo(wait);
        assertThat(HandoffPlanner.next(
                        SIGNUP, Optional.of(held()), History.NONE.assigned(TO_FIRST), Circumstances.of(without), NOW))
                .isEqualTo(new Step.Release(TO_FIRST, ReleaseReason.NOTHING_SENT, 0));
    }

    @Test
    void after_a_refusal_the_next_broker_is_decided_and_then_offered_the_slot_of_the_one_before() {
        History refused = refusedByFirst();
        assertThat(next(offered(FIRST), refused)).isInstanceOfSatisfying(Step.RecordAssignment.class, step -> {
            assertThat(step.decision().broker().id()).isEqualTo("second");
            assertThat(step.hop()).isEqualTo(1);
        });
        assertThat(next(offered(FIRST), refused.assigned(TO_SECOND))).isEqualTo(deliver(TO_SECOND, 1, false));
    }

    /** A paused router has sent it again since, with unknown outcome. */
    @Test
    void a_broker_that_was_sent_it_again_after_its_refusal_may_have_it_and_nobody_else_is_asked() {
        History refused = History.NONE.assigned(TO_FIRST).refused("first");
        assertThat(next(offered(FIRST), refused)).isEqualTo(deliver(TO_FIRST, 1, true));
        assertThat(next(offered(FIRST), refused.assigned(TO_SECOND))).isEqualTo(deliver(TO_FIRST, 1, true));
        BrokerDirectory without = Examples.directory(Examples.broker("second", 1, 1));
        assertThat(HandoffPlanner.next(SIGNUP, Optional.of(offered(FIRST)), refused, Circumstances.of(without), NOW))
                .isEqualTo(
                        new Step.Park(Optional.of(TO_FIRST), ParkingReason.BROKER_NOT_IN_DIRECTORY, Optional.empty()));
        assertThat(next(offered(FIRST), History.NONE.refused("first").assigned(TO_SECOND)))
                .as("a parked copy keeps only the assignments that stand")
                .isEqualTo(new Step.ReadHistory());
    }

    @Test
    void after_a_release_the_next_broker_is_decided_and_after_a_declined_ping_the_slot_stands() {
        History released = History.NONE.assigned(TO_FIRST).released("first").with(Attempts.NONE.settledTo(1));
        assertThat(next(offered(FIRST), released)).isInstanceOfSatisfying(Step.RecordAssignment.class, step -> {
            assertThat(step.decision().broker().id()).isEqualTo("second");
            assertThat(step.hop()).isEqualTo(1);
        });
        assertThat(next(offered(FIRST), released.assigned(TO_SECOND))).isEqualTo(deliver(TO_SECOND, 1, false));
        assertThat(next(offered(FIRST), History.NONE.declined("first").assigned(TO_FIRST)))
                .isEqualTo(deliver(TO_FIRST, 1, true));
    }

    @Test
    void a_slot_that_names_the_broker_says_that_it_may_have_the_data() {
        assertThat(next(held(), History.NONE.assigned(TO_FIRST))).isEqualTo(deliver(TO_FIRST, 0, false));
        assertThat(next(offered(FIRST), History.NONE.assigned(TO_FIRST))).isEqualTo(deliver(TO_FIRST, 1, true));
    }

    @Test
    void of_two_assignments_by_two_routers_the_slot_says_which_one_counts() {
        Assignment rival = new Assignment("second", 0, NOW);
        History both = History.NONE.assigned(TO_FIRST).assigned(rival);
        assertThat(next(held(), both)).isEqualTo(deliver(TO_FIRST, 0, false));
        assertThat(next(offered(FIRST), both)).isEqualTo(deliver(TO_FIRST, 1, true));
        assertThat(next(offered(SECOND), both)).isEqualTo(deliver(rival, 2, true));
    }

    @Test
    void a_slot_offered_to_a_broker_that_the_log_does_not_name_makes_nobody_decide_again() {
        for (History history : List.of(History.NONE, History.NONE.assigned(TO_FIRST))) {
            assertThat(next(offered(BrokerTag.of("somebody-else")), history)).isEqualTo(new Step.ReadHistory());
        }
    }

    @Test
    void a_key_that_is_kept_for_an_order_waits_sealed_and_no_broker_is_called_for_it() {
        Instant late = Examples.KEY_EXPIRY;
        Instant until = late.plusSeconds(3600);
        for (SlotView slot : List.of(held(), offered(FIRST))) {
            SlotView kept = Examples.prolonged(slot, until);
            for (History history : List.of(History.NONE, History.NONE.assigned(TO_FIRST))) {
                assertThat(HandoffPlanner.next(SIGNUP, Optional.of(kept), history, Circumstances.of(DIRECTORY), late))
                        .isEqualTo(new Step.Park(history.assignment(), ParkingReason.PRESERVED, Optional.empty()));
                assertThat(HandoffPlanner.next(SIGNUP, Optional.of(kept), history, Circumstances.of(DIRECTORY), until))
                        .isEqualTo(new Step.Erase(EraseReason.EXPIRED));
                assertThat(next(kept, history)).as("in its time it is as any").isEqualTo(next(slot, history));
            }
            History delivered = History.NONE.assigned(TO_FIRST).delivered("first");
            assertThat(HandoffPlanner.next(SIGNUP, Optional.of(kept), delivered, Circumstances.of(DIRECTORY), late))
                    .isEqualTo(new Step.Erase(EraseReason.DELIVERED));
        }
    }

    @Test
    void a_key_that_expires_is_destroyed_but_what_was_delivered_is_destroyed_as_delivered() {
        Instant late = Examples.KEY_EXPIRY;
        assertThat(HandoffPlanner.next(SIGNUP, Optional.of(held()), History.NONE, Circumstances.of(DIRECTORY), late))
                .isEqualTo(new Step.Erase(EraseReason.EXPIRED));
        History delivered = History.NONE.assigned(TO_FIRST).delivered("first");
        assertThat(HandoffPlanner.next(
                        SIGNUP, Optional.of(offered(FIRST)), delivered, Circumstances.of(DIRECTORY), late))
                .isEqualTo(new Step.Erase(EraseReason.DELIVERED));
    }

    /**
     * The whole life, with a crash after every fact: a start with the slot and the history of that time must continue with
     * the very step that the one who died would have taken next.
     */
    @Test
    void a_plan_made_after_a_crash_at_any_point_goes_on_where_the_work_stood() {
        History history = History.NONE;
        assertThat(next(held(), history)).isInstanceOf(Step.RecordAssignment.class);
        history = history.assigned(TO_FIRST);
        assertThat(next(held(), history)).isEqualTo(deliver(TO_FIRST, 0, false));
        // after the offer, and after the broker accepted without a record of it
        assertThat(next(offered(FIRST), history)).isEqualTo(deliver(TO_FIRST, 1, true));
        history = history.refused("first").with(history.attempts().settledTo(1));
        assertThat(next(offered(FIRST), history)).isInstanceOf(Step.RecordAssignment.class);
        history = history.assigned(TO_SECOND);
        assertThat(next(offered(FIRST), history)).isEqualTo(deliver(TO_SECOND, 1, false));
        assertThat(next(offered(SECOND), history)).isEqualTo(deliver(TO_SECOND, 2, true));
        history = history.delivered("second");
        assertThat(next(offered(SECOND), history)).isEqualTo(new Step.Erase(EraseReason.DELIVERED));
        SlotView erasing = Examples.slot(ID, SlotState.ERASING, Optional.of(EraseReason.DELIVERED), SECOND);
        assertThat(next(erasing, history)).isEqualTo(new Step.Erase(EraseReason.DELIVERED));
        SlotView erased = Examples.slot(ID, SlotState.ERASED, Optional.of(EraseReason.DELIVERED), SECOND);
        assertThat(next(erased, history)).isEqualTo(new Step.Complete(erased));
    }

    @ParameterizedTest
    @EnumSource(EraseReason.class)
    void an_erasure_that_somebody_began_is_finished_with_its_own_reason(EraseReason reason) {
        assertThat(next(
                        Examples.slot(ID, SlotState.ERASING, Optional.of(reason), FIRST),
                        History.NONE.assigned(TO_FIRST).delivered("first")))
                .isEqualTo(new Step.Erase(reason));
    }

    @Test
    void undeliverable_is_recorded_before_the_key_is_destroyed() {
        History all = refusedByFirst().assigned(TO_SECOND).refused("second").with(Attempts.NONE.settledTo(2));
        assertThat(next(offered(SECOND), all)).isInstanceOf(Step.RecordUndeliverable.class);
        assertThat(next(held(), History.NONE.foundUndeliverable()))
                .isEqualTo(new Step.Erase(EraseReason.UNDELIVERABLE));
        assertThat(next(offered(SECOND), all.foundUndeliverable()))
                .isEqualTo(new Step.Erase(EraseReason.UNDELIVERABLE));
    }
}
