package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;

import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.replay.PlaceBook;
import org.brokerhandoff.audit.verify.Standing.State;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static Standing of(SpecificRecord... events) {
        SignupFacts facts = new SignupFacts(LIFE.id());
        FactReader reader = new FactReader();
        for (int offset = 0; offset < events.length; offset++) {
            reader.fact(events[offset], offset).ifPresent(facts::add);
        }
        return Standing.of(
                facts,
                new Scope(1, Publications.of(List.of(), Life.CODEC), new PlaceBook(), RECEIVED.plusSeconds(60), false));
    }

    @Test
    void what_was_taken_in_is_held_until_its_purge() {
        Standing taken = of(LIFE.granted(), LIFE.assigned(Life.FJORD, 0, 10));
        assertThat(taken.held()).isTrue();
        assertThat(taken.promise().orElseThrow().eraseBy()).isEqualTo(RECEIVED.plus(Life.HOLD));
        assertThat(taken.country()).hasValue("NO");
        assertThat(taken.assigned()).containsExactly(Life.FJORD);
        assertThat(taken.message()).isFalse();
        assertThat(of(LIFE.purged(PurgeReason.INVALID, 40)).held()).isFalse();
    }

    @Test
    void a_purge_is_the_one_that_claims_most() {
        Standing purged = of(
                LIFE.granted(),
                LIFE.delivered(Life.FJORD, 1, 20),
                LIFE.purged(PurgeReason.DELIVERED, 40),
                LIFE.erased(PurgeReason.DELIVERED, 40));
        assertThat(purged.held()).isFalse();
        Standing.Destroyed destroyed = purged.destroyed().orElseThrow();
        assertThat(destroyed.level()).isEqualTo(PurgeLevel.ERASED);
        assertThat(destroyed.keyDestroyedAt()).isEqualTo(LIFE.at(40));
        assertThat(destroyed.unreachableAt()).isPresent();
        assertThat(purged.accepted()).containsExactly(Life.FJORD);
    }

    @Test
    void a_withdrawal_after_the_handoff_is_open_until_the_holder_has_confirmed_it() {
        SpecificRecord[] handed = {
            LIFE.granted(),
            LIFE.assigned(Life.FJORD, 0, 10),
            LIFE.delivered(Life.FJORD, 1, 20),
            LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 60)
        };
        Standing open = of(handed);
        assertThat(open.withdrawn().orElseThrow().told()).isEqualTo(State.OPEN);
        assertThat(open.withdrawn().orElseThrow().beforeHandoff()).isFalse();
        Standing before = of(LIFE.granted(), LIFE.withdrawn(WithdrawalOutcome.ERASED_BEFORE_HANDOFF, 60));
        assertThat(before.withdrawn().orElseThrow().told()).isEqualTo(State.DONE);
        assertThat(before.withdrawn().orElseThrow().beforeHandoff()).isTrue();
    }

    @Test
    void rules_are_found_by_the_promise_that_they_hold_the_log_to() {
        assertThat(Rules.on("P1")).isEmpty();
        assertThat(Rules.on("P18"))
                .extracting(Rule::code)
                .contains("withdrawal-notified")
                .doesNotContain("purged-in-time");
        assertThat(Rules.on("P9")).extracting(Rule::code).contains("purged-in-time");
    }
}
