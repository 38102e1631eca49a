package org.brokerhandoff.custody.cells.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.ProlongOutcome;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.junit.jupiter.api.Test;

class RowRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-29T23:00:00Z");
    private static final BrokerTag FJORD = BrokerTag.of("fjord-markets");
    private static final BrokerTag NORDLYS = BrokerTag.of("nordlys-invest");
    private static final CustodyRow HELD = CustodyRow.held(
            new UUID(1, 2), HoldNumber.FIRST + 5, new CellHandle(new UUID(3, 4)), 1, NOW.plusSeconds(60));
    private static final CustodyRow OFFERED = HELD.offered(FJORD, 1);
    private static final CustodyRow ERASING = OFFERED.erasing(EraseReason.WITHDRAWN);
    private static final CustodyRow ERASED =
            ERASING.zeroed(new CellSet(0b011), CellRuns.NONE).erased(NOW);

    /** What the diagram in {@link RowRules} shows, as a table. */
    @Test
    void every_state_answers_every_command() {
        Map<String, Function<Optional<CustodyRow>, Decision<?>>> commands = new LinkedHashMap<>();
        commands.put(
                "offer",
                row -> RowRules.offer(row, true, row.map(CustodyRow::attempt).orElse(0), FJORD));
        commands.put("restrict", RowRules::restrict);
        commands.put("lift", RowRules::lift);
        commands.put("erase", row -> RowRules.erase(row, EraseReason.DELIVERED, NOW));
        commands.put("zeroed", row -> RowRules.zeroed(row, new CellSet(0b110), CellRuns.NONE, NOW));
        commands.put("free", RowRules::free);
        Map<String, Optional<CustodyRow>> states = new LinkedHashMap<>();
        states.put("no row", Optional.empty());
        states.put("HELD", Optional.of(HELD));
        states.put("HELD restricted", Optional.of(HELD.restricted(true)));
        states.put("OFFERED", Optional.of(OFFERED));
        states.put("OFFERED restricted", Optional.of(OFFERED.restricted(true)));
        states.put("ERASING", Optional.of(ERASING));
        states.put("ERASED", Optional.of(ERASED));
        String table = states.entrySet().stream()
                .map(state -> state.getKey() + ": "
                        + commands.values().stream()
                                .map(command -> told(command.apply(state.getValue())))
                                .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("\n"));
        assertThat(table).isEqualTo("""
                        no row: Gone, Gone, Gone, Gone, empty, false
                        HELD: Offered -> OFFERED, Restricted -> HELD restricted, NotRestricted -> HELD, Destroy -> ERASING, HELD, false
                        HELD restricted: Restricted, AlreadyRestricted -> HELD restricted, Lifted -> HELD, Destroy -> ERASING, HELD restricted, false
                        OFFERED: Offered -> OFFERED, HandoffStarted -> OFFERED restricted, NotRestricted -> OFFERED, Destroy -> ERASING, OFFERED, false
                        OFFERED restricted: Restricted, HandoffStarted -> OFFERED restricted, Lifted -> OFFERED, Destroy -> ERASING, OFFERED restricted, false
                        ERASING: Erased, AlreadyErased, AlreadyErased, Destroy -> ERASING, ERASED -> ERASED, false
                        ERASED: Erased, AlreadyErased, AlreadyErased, AlreadyErased, ERASED -> ERASED, true -> no row""");
    }

    private static String told(Decision<?> decision) {
        String change = "";
        if (decision.change() instanceof RowChange.Write write) {
            change = " -> " + state(write.row());
        } else if (decision.change() instanceof RowChange.Delete) {
            change = " -> no row";
        }
        Object outcome = decision.outcome();
        if (outcome instanceof EraseDecision.Ended ended) {
            return ended.outcome().getClass().getSimpleName() + change;
        } else if (outcome instanceof Optional<?> row) {
            return row.map(at -> state((CustodyRow) at)).orElse("empty") + change;
        }
        return (outcome instanceof Boolean
                        ? outcome.toString()
                        : outcome.getClass().getSimpleName())
                + change;
    }

    private static String state(CustodyRow row) {
        return row.state() + (row.restricted() ? " restricted" : "");
    }

    private static CustodyRow written(Decision<?> decision) {
        return ((RowChange.Write) decision.change()).row();
    }

    @Test
    void attempts_are_counted_up_to_255_at_whichever_broker() {
        CustodyRow row = HELD;
        for (int attempt = 1; attempt <= 300; attempt++) {
            Decision<OfferOutcome> offer = RowRules.offer(
                    Optional.of(row), true, Math.min(attempt - 1, 255), attempt % 2 == 0 ? FJORD : NORDLYS);
            assertThat(offer.outcome()).isEqualTo(new OfferOutcome.Offered(Math.min(attempt, 255)));
            row = written(offer);
            assertThat(row.broker()).isEqualTo(attempt % 2 == 0 ? FJORD : NORDLYS);
            assertThat(row.attempt()).isEqualTo(Math.min(attempt, 255));
        }
    }

    @Test
    void an_erasure_is_told_before_anything_else_then_the_loss_of_the_partition_then_an_unknown_attempt() {
        assertThat(RowRules.offer(Optional.of(ERASED), false, 7, FJORD).outcome())
                .isEqualTo(new OfferOutcome.Erased(ERASED.view()));
        CustodyRow restricted = OFFERED.restricted(true);
        assertThat(RowRules.offer(Optional.of(restricted), false, 7, FJORD).outcome())
                .isEqualTo(new OfferOutcome.NotOwner());
        assertThat(RowRules.offer(Optional.of(restricted), true, 0, FJORD).outcome())
                .isEqualTo(new OfferOutcome.Changed());
        assertThat(RowRules.offer(Optional.of(restricted), true, 1, FJORD).outcome())
                .isEqualTo(new OfferOutcome.Restricted(restricted.view()));
        assertThatThrownBy(() -> RowRules.offer(Optional.of(HELD), true, 0, BrokerTag.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_first_reason_broker_and_attempt_stay_and_a_restriction_ends() {
        CustodyRow erasing = written(RowRules.erase(Optional.of(OFFERED.restricted(true)), EraseReason.WITHDRAWN, NOW));
        assertThat(erasing.restricted()).isFalse();
        Decision<EraseDecision> again = RowRules.erase(Optional.of(erasing), EraseReason.DELIVERED, NOW);
        assertThat(again.outcome()).isEqualTo(new EraseDecision.Destroy(erasing, false));
        SlotView view = erasing.view();
        assertThat(view.reason()).contains(EraseReason.WITHDRAWN);
        assertThat(view.broker()).isEqualTo(FJORD);
        assertThat(view.attempt()).isEqualTo(1);
        assertThat(((EraseDecision.Destroy) RowRules.erase(Optional.of(HELD), EraseReason.INVALID, NOW)
                                .outcome())
                        .began())
                .isTrue();
        assertThat(RowRules.erase(Optional.of(ERASED), EraseReason.DELIVERED, NOW)
                        .outcome())
                .isEqualTo(new EraseDecision.Ended(new EraseOutcome.AlreadyErased(ERASED.view())));
    }

    @Test
    void a_key_is_erased_when_two_cells_say_zero_at_whichever_time_and_the_third_is_noted_later() {
        CustodyRow one = written(RowRules.zeroed(Optional.of(ERASING), CellSet.of(2), CellRuns.NONE, NOW));
        assertThat(one.state()).isEqualTo(SlotState.ERASING);
        assertThat(one.erasedAt()).isEmpty();
        CustodyRow two = written(RowRules.zeroed(Optional.of(one), CellSet.of(0), CellRuns.NONE, NOW.plusSeconds(1)));
        assertThat(two.state()).isEqualTo(SlotState.ERASED);
        assertThat(two.erasedAt()).contains(NOW.plusSeconds(1));
        CustodyRow three = written(RowRules.zeroed(Optional.of(two), CellSet.of(1), CellRuns.NONE, NOW.plusSeconds(9)));
        assertThat(three.erasedAt()).as("the time stays").contains(NOW.plusSeconds(1));
        assertThat(three.zeroed()).isEqualTo(CellSet.ALL);
        assertThat(RowRules.zeroed(Optional.of(three), CellSet.of(1), CellRuns.NONE, NOW.plusSeconds(9))
                        .change())
                .isEqualTo(new RowChange.Keep());
    }

    @Test
    void a_sweep_ends_a_key_at_its_time_and_not_before_and_goes_on_until_each_cell_has_forgotten_it() {
        Instant expiry = HELD.expiry();
        assertThat(RowRules.sweeping(HELD, expiry.minusMillis(1))).isEqualTo(RowRules.Sweeping.NOTHING);
        assertThat(RowRules.sweeping(HELD, expiry)).isEqualTo(RowRules.Sweeping.EXPIRE);
        assertThat(RowRules.sweeping(OFFERED, expiry.plusMillis(1))).isEqualTo(RowRules.Sweeping.EXPIRE);
        CustodyRow prolonged = HELD.prolonged(Optional.of(expiry.plusSeconds(9)));
        assertThat(RowRules.sweeping(prolonged, expiry.plusSeconds(8))).isEqualTo(RowRules.Sweeping.NOTHING);
        assertThat(RowRules.sweeping(prolonged, expiry.plusSeconds(9))).isEqualTo(RowRules.Sweeping.EXPIRE);
        assertThat(RowRules.sweeping(ERASING, NOW)).isEqualTo(RowRules.Sweeping.FINISH);
        assertThat(RowRules.sweeping(ERASED, NOW)).isEqualTo(RowRules.Sweeping.DESTROY_AGAIN);
        assertThat(RowRules.sweeping(ERASED.zeroed(CellSet.of(2), CellRuns.NONE), NOW))
                .isEqualTo(RowRules.Sweeping.NOTHING);
    }

    @Test
    void a_lost_key_is_erased_as_lost_unless_a_broker_was_offered_it() {
        Decision<Optional<EraseDecision>> lost = RowRules.lost(Optional.of(HELD.restricted(true)), NOW);
        assertThat(lost.outcome()).isEqualTo(Optional.of(new EraseDecision.Destroy(written(lost), true)));
        assertThat(written(lost).reason()).contains(EraseReason.LOST);
        for (CustodyRow other : List.of(OFFERED, ERASING, ERASED)) {
            assertThat(RowRules.lost(Optional.of(other), NOW))
                    .isEqualTo(new Decision<>(Optional.empty(), new RowChange.Keep()));
        }
        assertThat(RowRules.lost(Optional.empty(), NOW).outcome()).isEmpty();
    }

    @Test
    void a_prolonged_key_expires_later_and_can_be_erased_for_any_other_reason() {
        Instant expiry = HELD.expiry();
        Instant later = expiry.plusSeconds(30);
        CustodyRow prolonged =
                written(RowRules.prolong(Optional.of(HELD.restricted(true)), later.plusMillis(700), NOW));
        assertThat(prolonged.view().prolongedTo()).contains(later);
        assertThat(prolonged.restricted()).isTrue();
        assertThat(RowRules.erase(Optional.of(prolonged), EraseReason.EXPIRED, expiry)
                        .outcome())
                .isEqualTo(new EraseDecision.Ended(new EraseOutcome.Prolonged(prolonged.view())));
        assertThat(written(RowRules.erase(Optional.of(prolonged), EraseReason.EXPIRED, later))
                        .prolongedTo())
                .isEmpty();
        assertThat(written(RowRules.erase(Optional.of(prolonged), EraseReason.WITHDRAWN, NOW))
                        .reason())
                .contains(EraseReason.WITHDRAWN);
        assertThat(written(RowRules.prolong(Optional.of(prolonged), Instant.EPOCH, later)))
                .as("taken back, also when its own end has passed")
                .isEqualTo(HELD.restricted(true));
        assertThat(RowRules.prolong(Optional.of(HELD), later, expiry).outcome())
                .isEqualTo(new ProlongOutcome.Due(HELD.view()));
        assertThat(RowRules.prolong(Optional.of(ERASED), later, NOW).outcome())
                .isEqualTo(new ProlongOutcome.AlreadyErased(ERASED.view()));
        assertThat(RowRules.prolong(Optional.empty(), later, NOW).outcome()).isEqualTo(new ProlongOutcome.Gone());
    }

    @Test
    void a_held_row_is_written_again_and_another_is_not() {
        assertThat(written(RowRules.heldAgain(Optional.of(HELD)))).isEqualTo(HELD);
        for (CustodyRow other : List.of(OFFERED, ERASING, ERASED)) {
            assertThat(RowRules.heldAgain(Optional.of(other)))
                    .isEqualTo(new Decision<>(Optional.empty(), new RowChange.Keep()));
        }
        assertThat(RowRules.heldAgain(Optional.empty()).outcome()).isEmpty();
    }

    @Test
    void a_newer_position_replaces_an_older_one_and_a_note_is_made_once() {
        CustodyRow at42 = written(RowRules.position(Optional.of(HELD), LogPosition.inSignups(3, 42)));
        assertThat(at42.view().position()).contains(LogPosition.inSignups(3, 42));
        assertThat(RowRules.position(Optional.of(at42), LogPosition.inSignups(3, 42))
                        .outcome())
                .isFalse();
        assertThat(RowRules.position(Optional.empty(), LogPosition.inSignups(3, 42))
                        .outcome())
                .isFalse();
        CustodyRow parked = written(RowRules.position(Optional.of(at42), LogPosition.inParked(1, 7)));
        assertThat(RowRules.position(Optional.of(parked), LogPosition.inSignups(3, 99))
                        .outcome())
                .isFalse();
        CustodyRow recorded = written(RowRules.recorded(Optional.of(parked)));
        assertThat(recorded.position()).isEqualTo(parked.position());
        assertThat(RowRules.recorded(Optional.of(recorded)).outcome()).isFalse();
        assertThat(RowRules.recorded(Optional.empty()).outcome()).isFalse();
        assertThat(written(RowRules.position(Optional.of(recorded), LogPosition.inParked(1, 8)))
                        .recorded())
                .isTrue();
    }

    @Test
    void the_number_of_a_hold_is_the_slot_and_the_generation_of_its_events() {
        for (long number : List.of(
                HoldNumber.FIRST,
                HoldNumber.FIRST + 1,
                HoldNumber.FIRST * 2 - 1,
                HoldNumber.FIRST * 2,
                HoldNumber.LAST)) {
            assertThat(HoldNumber.of(HoldNumber.reference(number))).isEqualTo(number);
        }
        assertThat(HoldNumber.reference(HoldNumber.FIRST)).isEqualTo(new SlotReference(0, 1));
        assertThat(HoldNumber.reference(HoldNumber.LAST)).isEqualTo(new SlotReference(Integer.MAX_VALUE, 0xFF_FFFF));
        assertThatThrownBy(() -> HoldNumber.reference(HoldNumber.FIRST - 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HoldNumber.reference(HoldNumber.LAST + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
