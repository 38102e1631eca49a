package org.brokerhandoff.router.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.directory.Terms;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.routing.Load;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HandoffPlannerTest {
    private static final UUID ID = UUID.fromString("01936d2e-0000-7000-8000-000000000001");
    private static final PendingSignup SIGNUP = Examples.signup(ID, "first", "second");
    private static final BrokerDirectory DIRECTORY =
            Examples.directory(Examples.broker("first", 1, 1), Examples.broker("second", 2, 1));
    private static final Instant NOW = Examples.RECEIVED.plusSeconds(5);
    private static final Assignment TO_FIRST = new Assignment("first", 0, Examples.RECEIVED);
    private static final Assignment TO_SECOND = new Assignment("second", 1, Examples.RECEIVED);
    private static final BrokerTag FIRST = BrokerTag.of("first");
    private static final BrokerTag SECOND = BrokerTag.of("second");

    private static Step next(SlotView slot, History history) {
        return HandoffPlanner.next(SIGNUP, Optional.of(slot), history, Circumstances.of(DIRECTORY), NOW);
    }

    private static SlotView held() {
        return Examples.slot(ID, SlotState.HELD, Optional.empty(), BrokerTag.NONE);
    }

    /** By the first attempt, to the second broker by the second. */
    private static SlotView offered(BrokerTag broker) {
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

    private static Step.Deliver deliver(Assignment assignment, int attempts, boolean offeredBefore) {
        return new Step.Deliver(
                assignment,
                DIRECTORY.find(assignment.broker()).orElseThrow(),
                attempts,
                offeredBefore,
                Optional.empty());
    }

    private static History refusedByFirst() {
        return History.NONE.assigned(TO_FIRST).refused("first").with(Attempts.NONE.settledTo(1));
    }

    /** Every history that a log can tell, refused or not, assigned or not, by one router or two. */
    static List<History> histories() {
        List<History> histories = new ArrayList<>();
        for (History base : List.of(
                History.NONE,
                History.NONE.assigned(TO_FIRST),
                History.NONE.assigned(TO_FIRST).assigned(new Assignment("second", 0, NOW)),
                History.NONE.assigned(TO_FIRST).refused("first"),
                refusedByFirst(),
                refusedByFirst().assigned(TO_SECOND),
                refusedByFirst().assigned(TO_SECOND).refused("second").with(Attempts.NONE.settledTo(2)))) {
            histories.add(base);
            histories.add(base.delivered("first"));
            histories.add(base.foundUndeliverable());
        }
        return histories;
    }

    static List<SlotView> slots() {
        List<SlotView> slots = new ArrayList<>(List.of(held(), offered(FIRST), offered(SECOND)));
        for (EraseReason reason : EraseReason.values()) {
            for (BrokerTag broker : List.of(BrokerTag.NONE, FIRST)) {
                slots.add(Examples.slot(ID, SlotState.ERASING, Optional.of(reason), broker));
                slots.add(Examples.slot(ID, SlotState.ERASED, Optional.of(reason), broker));
            }
        }
        return slots;
    }

    static Stream<History> everyHistory() {
        return histories().stream();
    }

    @ParameterizedTest
    @MethodSource("everyHistory")
    void a_slot_that_is_gone_or_erased_ends_the_handoff_whatever_the_log_says(History history) {
        assertThat(HandoffPlanner.next(SIGNUP, Optional.empty(), history, Circumstances.of(DIRECTORY), NOW))
                .isEqualTo(new Step.CompleteWithoutSlot());
        for (SlotView slot : slots()) {
            if (slot.state() == SlotState.ERASED && !sentAfterTheEnd(slot, history)) {
                assertThat(next(slot, history)).isEqualTo(new Step.Complete(slot));
            } else if (slot.state() == SlotState.ERASING) {
                assertThat(next(slot, history))
                        .isEqualTo(new Step.Erase(slot.reason().orElseThrow()));
            }
        }
    }

    /** Attempt 1, which the slot counted, is not covered by the refusal that the log has. */
    private static boolean sentAfterTheEnd(SlotView slot, History history) {
        return slot.broker().equals(FIRST)
                && history.ended("first")
                && history.attempts().settled() == 0
                && history.deliveredTo().isEmpty()
                && slot.reason()
                        .filter(reason -> reason == EraseReason.WITHDRAWN || reason == EraseReason.EXPIRED)
                        .isPresent();
    }

    @ParameterizedTest
    @MethodSource("everyHistory")
    void an_attempt_that_the_slot_counted_after_the_brokers_end_is_recorded_before_the_purge(History history) {
        for (SlotView slot : slots()) {
            if (slot.state() == SlotState.ERASED && sentAfterTheEnd(slot, history)) {
                assertThat(next(slot, history))
                        .isEqualTo(new Step.RecordAttempt(
                                TO_FIRST, 1, slot.erasedAt().orElseThrow()));
                History recorded =
                        history.with(history.attempts().with(1, slot.erasedAt().orElseThrow(), true));
                assertThat(next(slot, recorded)).isEqualTo(new Step.Complete(slot));
            }
        }
    }

    @Test
    void every_combination_of_slot_and_history_has_a_plan_and_none_asks_two_brokers() {
        for (SlotView slot : slots()) {
            for (History history : histories()) {
                for (Instant now : List.of(NOW, Examples.KEY_EXPIRY, Examples.KEY_EXPIRY.plusSeconds(1))) {
                    Step step =
                            HandoffPlanner.next(SIGNUP, Optional.of(slot), history, Circumstances.of(DIRECTORY), now);
                    assertThat(step).isNotNull();
                    if (step instanceof Step.Deliver deliver) {
                        String broker = deliver.broker().id();
                        assertThat(history.assignments())
                                .extracting(Assignment::broker)
                                .contains(broker);
                        assertThat(!history.ended(broker)
                                        || slot.attempt() > history.attempts().settled())
                                .isTrue();
                        assertThat(now).isBefore(Examples.KEY_EXPIRY);
                        boolean ended = slot.attempt() <= history.attempts().settled()
                                && history.passedOver().keySet().stream()
                                        .map(BrokerTag::of)
                                        .anyMatch(slot.broker()::equals);
                        boolean free = ended
                                || slot.state() == SlotState.HELD
                                || slot.broker().equals(BrokerTag.of(broker));
                        assertThat(free)
                                .as("slot %s, history %s", slot, history)
                                .isTrue();
                    }
                }
            }
        }
    }

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

    private static Step next(History history, Circumstances circumstances) {
        return HandoffPlanner.next(SIGNUP, Optional.of(held()), history, circumstances, NOW);
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
