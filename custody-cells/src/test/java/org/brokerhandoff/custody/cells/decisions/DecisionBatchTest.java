package org.brokerhandoff.custody.cells.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.cells.decisions.DecisionBatch.Delete;
import org.brokerhandoff.custody.cells.decisions.DecisionBatch.Versioned;
import org.brokerhandoff.custody.cells.decisions.DecisionBatch.Write;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.rules.CellRuns;
import org.brokerhandoff.custody.cells.rules.CellSet;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.EraseDecision;
import org.brokerhandoff.custody.cells.rules.HoldNumber;
import org.brokerhandoff.custody.cells.rules.RowRules;
import org.junit.jupiter.api.Test;

class DecisionBatchTest {
    private static final Instant NOW = Instant.parse("2026-11-29T23:00:00Z");
    private static final BrokerTag FJORD = BrokerTag.of("fjord-markets");
    private static final long FIRST = HoldNumber.FIRST;
    private static final UUID SIGNUP = new UUID(1, 1);
    private static final CustodyRow HELD =
            CustodyRow.held(SIGNUP, FIRST, new CellHandle(new UUID(2, 2)), 1, NOW.plusSeconds(60));
    private static final FencingToken FENCE = new FencingToken(3, 9);

    private static Command<OfferOutcome> offer(int attempts, Optional<FencingToken> fence) {
        return new Command<>(
                FIRST, Optional.of(SIGNUP), fence, (row, owner) -> RowRules.offer(row, owner, attempts, FJORD));
    }

    private static Command<EraseDecision> erase() {
        return new Command<>(
                FIRST,
                Optional.of(SIGNUP),
                Optional.empty(),
                (row, owner) -> RowRules.erase(row, EraseReason.WITHDRAWN, NOW));
    }

    private static DecisionBatch decide(Set<FencingToken> holding, Command<?>... commands) {
        return DecisionBatch.decide(List.of(commands), Map.of(FIRST, new Versioned(HELD, 4)), holding);
    }

    @Test
    void commands_of_one_row_follow_each_other_and_are_told_when_the_row_is_written() {
        Command<OfferOutcome> offer = offer(0, Optional.empty());
        Command<EraseDecision> erase = erase();
        Command<OfferOutcome> late = offer(1, Optional.empty());
        DecisionBatch batch = decide(Set.of(), offer, erase, late);
        List<Write> writes = batch.writes();
        assertThat(writes).hasSize(1);
        assertThat(writes.get(0).version()).isEqualTo(4);
        assertThat(writes.get(0).row().attempt()).isEqualTo(1);
        assertThat(writes.get(0).row().reason()).contains(EraseReason.WITHDRAWN);
        assertThat(offer.told()).isNotDone();

        assertThat(batch.tell(Set.of(FIRST))).isEmpty();
        assertThat(offer.told()).isCompletedWithValue(new OfferOutcome.Offered(1));
        assertThat(erase.told()).isCompleted();
        assertThat(late.told()).isCompletedWithValueMatching(OfferOutcome.Erased.class::isInstance);
    }

    @Test
    void where_the_row_had_changed_all_its_commands_are_decided_again_in_their_order() {
        Command<OfferOutcome> offer = offer(0, Optional.empty());
        Command<EraseDecision> erase = erase();
        DecisionBatch batch = decide(Set.of(), offer, erase);
        assertThat(batch.tell(Set.of())).isEqualTo(List.of(offer, erase));
        assertThat(offer.told()).isNotDone();
        assertThat(erase.told()).isNotDone();
    }

    @Test
    void an_offer_shows_its_fence_with_the_row_and_without_the_lease_nothing_is_written() {
        Command<OfferOutcome> offer = offer(0, Optional.of(FENCE));
        assertThat(decide(Set.of(FENCE), offer).writes().get(0).fences()).containsExactly(FENCE);
        DecisionBatch refused = decide(Set.of(new FencingToken(3, 10)), offer);
        assertThat(refused.writes()).isEmpty();
        refused.tell(Set.of());
        assertThat(offer.told()).isCompletedWithValue(new OfferOutcome.NotOwner());
    }

    @Test
    void an_erased_row_goes_and_what_comes_after_finds_none() {
        CustodyRow erasing = ((EraseDecision.Destroy) RowRules.erase(Optional.of(HELD), EraseReason.EXPIRED, NOW)
                        .outcome())
                .row();
        CustodyRow erased = RowRules.zeroed(Optional.of(erasing), CellSet.ALL, CellRuns.NONE, NOW)
                .outcome()
                .orElseThrow();
        Command<Boolean> free =
                new Command<>(FIRST, Optional.of(SIGNUP), Optional.empty(), (row, owner) -> RowRules.free(row));
        Command<OfferOutcome> late = offer(0, Optional.empty());
        DecisionBatch batch =
                DecisionBatch.decide(List.of(free, late), Map.of(FIRST, new Versioned(erased, 8)), Set.of());
        assertThat(batch.deletes()).containsExactly(new Delete(FIRST, 8));
        assertThat(batch.writes()).isEmpty();
        batch.tell(Set.of(FIRST));
        assertThat(free.told()).isCompletedWithValue(true);
        assertThat(late.told()).isCompletedWithValue(new OfferOutcome.Gone());
    }

    @Test
    void a_command_that_makes_no_sense_fails_alone() {
        Command<OfferOutcome> wrong = new Command<>(
                FIRST,
                Optional.of(SIGNUP),
                Optional.empty(),
                (row, owner) -> RowRules.offer(row, owner, 0, BrokerTag.NONE));
        Command<EraseDecision> erase = erase();
        DecisionBatch batch = decide(Set.of(), wrong, erase);
        assertThat(wrong.told()).isCompletedExceptionally();
        batch.tell(Set.of(FIRST));
        assertThat(erase.told()).isCompleted();
    }
}
