package org.brokerhandoff.custody.cells.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.brokerhandoff.custody.cells.rules.ReservationRow.Tenure;
import org.junit.jupiter.api.Test;

class ReservationRulesTest {
    private static final UUID OWN = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    private static Optional<ReservationRow> row(boolean accepted, UUID process, boolean running) {
        return Optional.of(new ReservationRow(
                new ReservationPlace(20_787, UUID.randomUUID()),
                new ReservedSignup(UUID.randomUUID(), NOON, NOON.plusSeconds(60), "00".repeat(32), NOON),
                accepted,
                Optional.empty(),
                new Tenure(3, process, running)));
    }

    private static ReservationStep step(Optional<ReservationRow> yesterdays, Optional<ReservationRow> todays) {
        return ReservationRules.reserve(yesterdays, todays, OWN);
    }

    @Test
    void a_key_that_neither_day_has_is_new() {
        assertThat(step(Optional.empty(), Optional.empty())).isEqualTo(new ReservationStep.Insert());
    }

    @Test
    void an_accepted_signup_is_the_answer_whoever_worked_on_it() {
        Optional<ReservationRow> running = row(true, OTHER, true);
        assertThat(step(Optional.empty(), running)).isEqualTo(new ReservationStep.Accepted(running.orElseThrow()));
        Optional<ReservationRow> ended = row(true, OWN, false);
        assertThat(step(Optional.empty(), ended)).isEqualTo(new ReservationStep.Accepted(ended.orElseThrow()));
    }

    @Test
    void a_request_under_way_in_another_process_is_waited_for_and_one_of_this_process_is_not() {
        assertThat(step(Optional.empty(), row(false, OTHER, true))).isEqualTo(new ReservationStep.Await());
        Optional<ReservationRow> own = row(false, OWN, true);
        assertThat(step(Optional.empty(), own)).isEqualTo(new ReservationStep.TakeOver(own.orElseThrow()));
    }

    @Test
    void a_request_whose_time_has_ended_is_taken_over() {
        Optional<ReservationRow> ended = row(false, OTHER, false);
        assertThat(step(Optional.empty(), ended)).isEqualTo(new ReservationStep.TakeOver(ended.orElseThrow()));
        ReservationRow taken = ended.orElseThrow().takenOverBy(OWN);
        assertThat(taken.tenure()).isEqualTo(new Tenure(4, OWN, true));
        assertThat(taken.signup()).isEqualTo(ended.orElseThrow().signup());
    }

    @Test
    void what_yesterday_has_counts_first() {
        Optional<ReservationRow> yesterdays = row(true, OTHER, false);
        assertThat(step(yesterdays, row(false, OTHER, true)))
                .isEqualTo(new ReservationStep.Accepted(yesterdays.orElseThrow()));
    }

    @Test
    void a_day_begins_once_both_clocks_agree_and_none_goes_back() {
        assertThat(ReservationRules.begins(OptionalLong.empty(), 8, 7)).hasValue(7);
        assertThat(ReservationRules.begins(OptionalLong.of(7), 8, 8)).hasValue(8);
        assertThat(ReservationRules.begins(OptionalLong.of(7), 30, 7)).isEmpty();
        assertThat(ReservationRules.begins(OptionalLong.of(7), 7, 30)).isEmpty();
        assertThat(ReservationRules.begins(OptionalLong.of(7), 6, 6)).isEmpty();
        assertThat(ReservationRules.begins(OptionalLong.of(7), 10, 9)).hasValue(9);
        assertThat(ReservationRules.day(Instant.parse("1970-01-02T00:00:00Z"))).isEqualTo(1);
        assertThat(ReservationRules.day(Instant.parse("1970-01-01T23:59:59Z"))).isZero();
        assertThat(ReservationRules.oldest(7)).isEqualTo(6);
    }
}
