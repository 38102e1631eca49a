package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.replay.PlaceBook;
import org.brokerhandoff.audit.trace.TimeLine;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class NoticeRulesTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant TWO_DAYS_LATER = RECEIVED.plus(Duration.ofDays(2));
    private static final UUID ID = new UUID(7, 9);
    private static final Life LIFE = new Life(ID, 0, RECEIVED);
    private static final SpecificRecord WITHDRAWN = LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 1_000);

    static NoticeSent sent(String broker, NoticeOutcome outcome) {
        return NoticeSent.newBuilder()
                .setSignupId(SignupIds.fixed(ID))
                .setBroker(broker)
                .setType(NoticeType.WITHDRAWAL)
                .setRequestedAt(LIFE.at(1_000))
                .setAttempt(1)
                .setSentAt(LIFE.at(1_100))
                .setOutcome(outcome)
                .setStatus(200)
                .build();
    }

    static NoticeConfirmed confirmed(String broker) {
        return new NoticeConfirmed(SignupIds.fixed(ID), broker, NoticeType.WITHDRAWAL, LIFE.at(1_200), null);
    }

    private static NoticeEscalated escalated(String broker) {
        return new NoticeEscalated(
                SignupIds.fixed(ID),
                broker,
                NoticeType.WITHDRAWAL,
                LIFE.at(1_000),
                LIFE.at(90_000_000),
                EscalationReason.SILENT,
                12,
                null);
    }

    private static List<String> broken(Instant now, SpecificRecord... events) {
        SignupFacts facts = new SignupFacts(ID);
        FactReader reader = new FactReader();
        for (int i = 0; i < events.length; i++) {
            reader.fact(events[i], i).ifPresent(facts::add);
        }
        Scope scope = new Scope(1, Publications.of(List.of(), Life.CODEC), new PlaceBook(), now, false);
        return NoticeRules.ALL.stream()
                .filter(rule ->
                        !((Rule.OfSignup) rule.check()).violations(facts, scope).isEmpty())
                .map(Rule::code)
                .toList();
    }

    @Test
    void a_withdrawal_that_the_broker_confirms_or_that_is_escalated_is_in_order() {
        assertThat(broken(
                        TWO_DAYS_LATER,
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.delivered(FJORD, 1, 20),
                        WITHDRAWN,
                        sent(FJORD, NoticeOutcome.COMPLETED),
                        confirmed(FJORD)))
                .isEmpty();
        assertThat(broken(
                        TWO_DAYS_LATER,
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.delivered(FJORD, 1, 20),
                        WITHDRAWN,
                        sent(FJORD, NoticeOutcome.FAILED),
                        escalated(FJORD)))
                .isEmpty();
    }

    @Test
    void a_holder_that_was_not_told_in_a_day_is_a_breach_and_before_it_is_not() {
        SpecificRecord[] untold = {LIFE.assigned(FJORD, 0, 10), LIFE.delivered(FJORD, 1, 20), WITHDRAWN};
        assertThat(broken(TWO_DAYS_LATER, untold)).containsExactly("withdrawal-notified");
        assertThat(broken(RECEIVED.plusSeconds(60), untold)).isEmpty();
        assertThat(broken(
                        TWO_DAYS_LATER,
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                        WITHDRAWN))
                .containsExactly("withdrawal-notified");
    }

    @Test
    void the_time_for_it_ends_to_the_moment_and_a_notice_that_was_only_sent_or_another_brokers_word_does_not_end_it() {
        SpecificRecord[] untold = {LIFE.assigned(FJORD, 0, 10), LIFE.delivered(FJORD, 1, 20), WITHDRAWN};
        Instant lastMoment = LIFE.at(1_000).plus(Duration.ofHours(25));
        assertThat(broken(lastMoment, untold)).isEmpty();
        assertThat(broken(lastMoment.plusMillis(1), untold)).containsExactly("withdrawal-notified");
        assertThat(broken(
                        TWO_DAYS_LATER,
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.delivered(FJORD, 1, 20),
                        WITHDRAWN,
                        sent(FJORD, NoticeOutcome.PENDING)))
                .containsExactly("withdrawal-notified");
        assertThat(broken(
                        TWO_DAYS_LATER,
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.delivered(FJORD, 1, 20),
                        WITHDRAWN,
                        escalated(NORDLYS)))
                .containsExactly("withdrawal-notified");
    }

    @Test
    void a_broker_that_certainly_did_not_take_it_has_nothing_to_be_told_of() {
        for (AttemptOutcome outcome : List.of(AttemptOutcome.DEFERRED, AttemptOutcome.NOT_SENT)) {
            assertThat(broken(
                            TWO_DAYS_LATER,
                            LIFE.assigned(FJORD, 0, 10),
                            LIFE.attempt(FJORD, 1, 20, outcome),
                            WITHDRAWN))
                    .isEmpty();
        }
    }

    @Test
    void nobody_has_to_be_told_of_a_signup_that_nobody_has() {
        assertThat(broken(
                        TWO_DAYS_LATER,
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 15, AttemptOutcome.UNKNOWN),
                        LIFE.refused(FJORD, 20),
                        LIFE.undeliverable(40),
                        WITHDRAWN))
                .isEmpty();
        assertThat(broken(
                        TWO_DAYS_LATER,
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 15, AttemptOutcome.UNKNOWN),
                        new Released(
                                SignupIds.fixed(ID), FJORD, LIFE.at(20), LIFE.at(15), ReleaseReason.NOT_RECEIVED, 0),
                        LIFE.undeliverable(40),
                        WITHDRAWN))
                .isEmpty();
        assertThat(broken(TWO_DAYS_LATER, LIFE.withdrawn(WithdrawalOutcome.ERASED_BEFORE_HANDOFF, 5)))
                .isEmpty();
    }

    @Test
    void a_broker_that_was_sent_it_once_more_after_its_refusal_or_release_has_to_be_told() {
        for (SpecificRecord end :
                List.of(LIFE.refused(FJORD, 1, 20), LIFE.released(FJORD, 40, ReleaseReason.NOTHING_SENT, 2))) {
            int covered = end instanceof Released ? 2 : 1;
            SpecificRecord first =
                    LIFE.attempt(FJORD, 1, 15, covered == 2 ? AttemptOutcome.NOT_SENT : AttemptOutcome.UNKNOWN);
            assertThat(broken(
                            TWO_DAYS_LATER,
                            LIFE.assigned(FJORD, 0, 10),
                            first,
                            end,
                            LIFE.attempt(FJORD, covered + 1, 60, AttemptOutcome.UNKNOWN),
                            WITHDRAWN))
                    .containsExactly("withdrawal-notified");
            assertThat(broken(TWO_DAYS_LATER, LIFE.assigned(FJORD, 0, 10), first, end, WITHDRAWN))
                    .isEmpty();
            assertThat(broken(
                            TWO_DAYS_LATER,
                            LIFE.assigned(FJORD, 0, 10),
                            first,
                            end,
                            LIFE.attempt(FJORD, covered + 1, 60, AttemptOutcome.UNKNOWN),
                            LIFE.refused(FJORD, covered + 2, 80),
                            WITHDRAWN))
                    .isEmpty();
        }
    }

    @Test
    void a_notice_to_another_broker_or_without_a_withdrawal_is_a_breach() {
        assertThat(broken(
                        RECEIVED.plusSeconds(60),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.delivered(FJORD, 1, 20),
                        WITHDRAWN,
                        sent(NORDLYS, NoticeOutcome.COMPLETED)))
                .containsExactly("notice-to-holder");
        assertThat(broken(
                        RECEIVED.plusSeconds(60),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.delivered(FJORD, 1, 20),
                        sent(FJORD, NoticeOutcome.COMPLETED)))
                .containsExactly("notice-to-holder");
    }

    @Test
    void a_notice_may_be_dated_before_the_withdrawal_by_as_much_as_clocks_differ() {
        for (long ahead : List.of(27L, ProcessClocks.MOST_APART_MILLIS, ProcessClocks.MOST_APART_MILLIS + 1)) {
            SpecificRecord withdrawn = LIFE.withdrawn(
                    WithdrawalOutcome.HANDOFF_STARTED,
                    Duration.between(
                                            RECEIVED,
                                            sent(FJORD, NoticeOutcome.COMPLETED).getSentAt())
                                    .toMillis()
                            + ahead);
            assertThat(broken(
                            RECEIVED.plusSeconds(60),
                            LIFE.assigned(FJORD, 0, 10),
                            LIFE.delivered(FJORD, 1, 20),
                            withdrawn,
                            sent(FJORD, NoticeOutcome.COMPLETED)))
                    .isEqualTo(ahead > ProcessClocks.MOST_APART_MILLIS ? List.of("notice-to-holder") : List.of());
        }
    }

    @Test
    void a_confirmation_of_what_was_never_taken_is_a_breach() {
        assertThat(broken(
                        TWO_DAYS_LATER,
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.delivered(FJORD, 1, 20),
                        WITHDRAWN,
                        sent(FJORD, NoticeOutcome.FAILED),
                        confirmed(FJORD)))
                .containsExactly("notice-confirmed-after-sent");
    }

    @Test
    void a_time_line_shows_what_became_of_the_notice() {
        List<KeptRecord> records = new History(1)
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        WITHDRAWN,
                        sent(FJORD, NoticeOutcome.COMPLETED),
                        confirmed(FJORD),
                        escalated(FJORD))
                .placed();
        assertThat(TimeLine.of(ID, records).entries())
                .extracting(TimeLine.Entry::event)
                .endsWith("NoticeSent", "NoticeConfirmed", "NoticeEscalated");
    }
}
