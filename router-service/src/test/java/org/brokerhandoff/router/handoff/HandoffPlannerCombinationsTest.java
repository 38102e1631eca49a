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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.History;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every slot with every history. */
class HandoffPlannerCombinationsTest {
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
}
