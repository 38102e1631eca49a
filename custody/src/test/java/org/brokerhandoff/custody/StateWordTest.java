package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StateWordTest {
    private static final BrokerTag FJORD = BrokerTag.of("fjord-markets");
    private static final BrokerTag NORDLYS = BrokerTag.of("nordlys-invest");

    @Test
    void a_zero_word_is_a_free_slot_that_was_never_used() {
        assertThat(StateWord.visibleState(0)).isEqualTo(SlotState.FREE);
        assertThat(StateWord.generation(0)).isZero();
        assertThat(StateWord.occupied(0)).isFalse();
    }

    @Test
    void a_life_keeps_every_part_of_the_word_apart() {
        long held = StateWord.held(StateWord.claimed(0xABCDEL));
        assertThat(StateWord.visibleState(held)).isEqualTo(SlotState.HELD);
        assertThat(StateWord.generation(held)).isEqualTo(0xABCDF);
        assertThat(StateWord.attempt(held)).isZero();
        assertThat(StateWord.broker(held)).isEqualTo(BrokerTag.NONE);

        long offered = StateWord.offered(StateWord.offering(held, FJORD));
        long next = StateWord.offering(StateWord.nextAttempt(offered), NORDLYS);
        long erased = StateWord.erased(StateWord.erasing(StateWord.withRecorded(next), EraseReason.INVALID));
        assertThat(StateWord.visibleState(next)).isEqualTo(SlotState.OFFERED);
        assertThat(StateWord.visibleState(erased)).isEqualTo(SlotState.ERASED);
        assertThat(StateWord.broker(erased)).isEqualTo(NORDLYS);
        assertThat(StateWord.attempt(erased)).isEqualTo(3);
        assertThat(StateWord.reason(erased)).contains(EraseReason.INVALID);
        assertThat(StateWord.recorded(erased)).isTrue();
        assertThat(StateWord.generation(erased)).isEqualTo(0xABCDF);
        assertThat(StateWord.free(erased)).isEqualTo(0xABCDFL);
    }

    @Test
    void a_restriction_and_its_end_leave_the_rest_of_the_word() {
        long held = StateWord.withRecorded(StateWord.held(StateWord.claimed(0xABCDEL)));
        long offering = StateWord.offering(held, FJORD);
        for (long word : new long[] {held, offering, StateWord.offered(offering)}) {
            long restricted = StateWord.restrict(word);
            assertThat(StateWord.restricted(word)).isFalse();
            assertThat(StateWord.restricted(restricted)).isTrue();
            assertThat(StateWord.restrict(restricted)).isEqualTo(restricted);
            assertThat(StateWord.live(restricted)).isTrue();
            assertThat(StateWord.occupied(restricted)).isTrue();
            assertThat(StateWord.unknown(restricted)).isFalse();
            assertThat(StateWord.visibleState(restricted)).isEqualTo(StateWord.visibleState(word));
            assertThat(StateWord.attempt(restricted)).isEqualTo(StateWord.attempt(word));
            assertThat(StateWord.broker(restricted)).isEqualTo(StateWord.broker(word));
            assertThat(StateWord.generation(restricted)).isEqualTo(0xABCDF);
            assertThat(StateWord.recorded(restricted)).isTrue();
            assertThat(StateWord.lifted(restricted)).isEqualTo(word == held ? held : StateWord.offered(offering));
            long erased = StateWord.erased(StateWord.erasing(restricted, EraseReason.WITHDRAWN));
            assertThat(StateWord.restricted(erased)).isFalse();
            assertThat(erased)
                    .as("as if it had never been restricted")
                    .isEqualTo(StateWord.erased(StateWord.erasing(word, EraseReason.WITHDRAWN)));
            assertThat(StateWord.restricted(StateWord.claimed(StateWord.free(erased))))
                    .isFalse();
        }
    }

    @Test
    void every_reason_survives_the_word() {
        for (EraseReason reason : EraseReason.values()) {
            assertThat(StateWord.reason(StateWord.erasing(StateWord.held(1), reason)))
                    .contains(reason);
        }
        assertThat(StateWord.reason(StateWord.held(1))).isEmpty();
    }

    @Test
    void attempts_stop_at_255_and_spill_into_nothing() {
        long word = StateWord.offering(StateWord.held(7), FJORD);
        for (int i = 0; i < 300; i++) {
            word = StateWord.nextAttempt(word);
        }
        assertThat(StateWord.attempt(word)).isEqualTo(255);
        assertThat(StateWord.recorded(word)).isFalse();
        assertThat(StateWord.reason(word)).isEmpty();
        assertThat(StateWord.attempt(StateWord.offering(word, NORDLYS))).isEqualTo(255);
    }

    @Test
    void generations_wrap_past_zero() {
        assertThat(StateWord.generation(StateWord.claimed(StateWord.MAXIMUM_GENERATION)))
                .isEqualTo(1);
    }

    @Test
    void random_words_never_break_reading() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            long word = random.nextLong();
            assertThat(StateWord.attempt(word)).isBetween(0, 255);
            assertThat(StateWord.generation(word)).isBetween(0, StateWord.MAXIMUM_GENERATION);
            assertThat(StateWord.broker(word).value()).isBetween(0, 0xFFFFFF);
            StateWord.reason(word);
            if (!StateWord.unknown(word)) {
                StateWord.visibleState(word);
            }
        }
    }

    @Test
    void a_broker_tag_is_the_start_of_the_digest_and_never_zero() {
        assertThat(BrokerTag.of("abc").value()).isEqualTo(0xBA7816);
        assertThat(BrokerTag.of("fjord-markets")).isEqualTo(FJORD).isNotEqualTo(NORDLYS);
    }

    @Test
    void a_position_survives_its_64_bits() {
        for (boolean parked : new boolean[] {false, true}) {
            LogPosition last = new LogPosition(parked, 32_767, (1L << 48) - 2);
            assertThat(LogPosition.decoded(last.encoded())).contains(last);
            LogPosition first = new LogPosition(parked, 0, 0);
            assertThat(LogPosition.decoded(first.encoded())).contains(first);
        }
        assertThat(LogPosition.decoded(LogPosition.NONE)).isEmpty();
    }

    @Test
    void a_parked_copy_is_newer_than_the_record_it_was_made_of() {
        assertThat(LogPosition.inParked(3, 1).isNewerThan(LogPosition.inSignups(3, 900)))
                .isTrue();
        assertThat(LogPosition.inSignups(3, 900).isNewerThan(LogPosition.inParked(3, 1)))
                .isFalse();
        assertThat(LogPosition.inParked(3, 2).isNewerThan(LogPosition.inParked(3, 1)))
                .isTrue();
        assertThat(LogPosition.inParked(3, 1).isNewerThan(LogPosition.inParked(3, 1)))
                .isFalse();
    }
}
