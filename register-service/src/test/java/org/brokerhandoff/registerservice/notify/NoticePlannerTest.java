package org.brokerhandoff.registerservice.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RightsGround;
import org.junit.jupiter.api.Test;

class NoticePlannerTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final NoticeSchedule SCHEDULE = new NoticeSchedule(
            Duration.ofSeconds(10),
            Duration.ofHours(6),
            Duration.ofDays(30),
            Duration.ofDays(1),
            Duration.ofMinutes(6));
    private static final Notice.Key KEY = new Notice.Key(
            UUID.fromString("01890000-0000-7000-8000-000000000001"), "fjord", NoticeType.WITHDRAWAL, Optional.empty());

    private static Notice owed(boolean delivered) {
        return new Notice(KEY, NOON, delivered, 0, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
    }

    private static Notice sent(Notice notice, Instant at, NoticeOutcome outcome, Optional<Instant> notBefore) {
        return new Notice(
                KEY,
                NOON,
                notice.delivered(),
                notice.attempts() + 1,
                Optional.of(new Notice.Sending(at, outcome, notBefore)),
                Optional.empty(),
                Optional.empty(),
                notice.escalations());
    }

    private static Notice failed(int attempts, Instant at) {
        return new Notice(
                KEY,
                NOON,
                true,
                attempts,
                Optional.of(new Notice.Sending(at, NoticeOutcome.FAILED, Optional.empty())),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    private static Notice asked(Notice notice, Instant at, boolean lost) {
        return new Notice(
                KEY,
                NOON,
                true,
                notice.attempts(),
                notice.last(),
                Optional.of(new Notice.Poll(at, lost, Optional.empty())),
                Optional.empty(),
                notice.escalations());
    }

    private static Notice escalated(Notice notice, EscalationReason reason) {
        return new Notice(
                KEY,
                NOON,
                notice.delivered(),
                notice.attempts(),
                notice.last(),
                notice.poll(),
                Optional.empty(),
                Map.of(reason, NOON));
    }

    private static NoticeStep next(Notice notice, Instant now) {
        return NoticePlanner.next(notice, true, SCHEDULE, now);
    }

    @Test
    void a_broker_that_confirmed_the_delivery_is_told_at_once() {
        assertThat(next(owed(true), NOON)).isEqualTo(new NoticeStep.Send(1));
    }

    @Test
    void a_broker_that_may_have_the_data_is_told_when_nothing_can_arrive_any_more() {
        assertThat(next(owed(false), NOON)).isEqualTo(new NoticeStep.Wait(NOON.plusSeconds(360)));
        assertThat(next(owed(false), NOON.plusSeconds(360))).isEqualTo(new NoticeStep.Send(1));
    }

    @Test
    void a_completed_sending_without_its_confirmation_is_confirmed_and_not_sent_again() {
        Notice completed = sent(owed(true), NOON.plusSeconds(3), NoticeOutcome.COMPLETED, Optional.empty());
        assertThat(next(completed, NOON.plus(Duration.ofDays(40))))
                .isEqualTo(new NoticeStep.Confirm(NOON.plusSeconds(3)));
    }

    @Test
    void what_is_refused_is_done_and_a_refusal_whose_ground_was_not_recorded_is_asked_for_again() {
        Notice refused = new Notice(
                KEY,
                NOON,
                true,
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Notice.Refused(NOON, RightsGround.LEGAL_OBLIGATION)),
                Map.of());
        assertThat(next(refused, NOON.plus(Duration.ofDays(60)))).isEqualTo(new NoticeStep.Done());

        // The process died between the two events: the sending does not give the reason.
        Notice unexplained = sent(owed(true), NOON, NoticeOutcome.REFUSED, Optional.empty());
        assertThat(next(unexplained, NOON.plusSeconds(10))).isEqualTo(new NoticeStep.Send(2));
    }

    @Test
    void what_is_confirmed_or_given_up_is_done() {
        Notice confirmed = new Notice(
                KEY,
                NOON,
                true,
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Notice.Confirmed(NOON.plusSeconds(9))),
                Map.of());
        assertThat(next(confirmed, NOON.plusSeconds(10))).isEqualTo(new NoticeStep.Done());
        assertThat(next(escalated(failed(3, NOON), EscalationReason.GIVEN_UP), NOON.plus(Duration.ofDays(31))))
                .isEqualTo(new NoticeStep.Done());
    }

    @Test
    void a_failed_sending_is_repeated_after_a_wait_that_doubles_up_to_its_maximum() {
        for (int attempts = 1; attempts <= 60; attempts++) {
            Duration wait = SCHEDULE.backoff(KEY, attempts);
            long longest = Math.min(
                    10_000L << Math.min(attempts - 1, 30), Duration.ofHours(6).toMillis());
            assertThat(wait.toMillis()).isBetween(longest / 2, longest);
            Instant due = NOON.plus(wait);
            Notice notice = escalated(failed(attempts, NOON), EscalationReason.SILENT);
            assertThat(next(notice, due.minusMillis(1))).isEqualTo(new NoticeStep.Wait(due));
            assertThat(next(notice, due)).isEqualTo(new NoticeStep.Send(attempts + 1));
        }
    }

    @Test
    void thirty_days_of_failures_are_some_two_hundred_sendings_at_most() {
        Notice notice = owed(true);
        Instant now = NOON;
        int steps = 0;
        while (!(next(notice, now) instanceof NoticeStep.Done)) {
            NoticeStep step = next(notice, now);
            if (step instanceof NoticeStep.Send) {
                notice = sent(notice, now, NoticeOutcome.NO_ANSWER, Optional.empty());
            } else if (step instanceof NoticeStep.Wait wait) {
                assertThat(wait.until()).isAfter(now);
                now = wait.until();
            } else if (step instanceof NoticeStep.Escalate escalate) {
                notice = escalated(notice, escalate.reason());
            }
            assertThat(++steps).isLessThan(1_000);
        }
        assertThat(notice.attempts()).isBetween(100, 260);
        assertThat(now).isEqualTo(NOON.plus(SCHEDULE.limit()));
    }

    @Test
    void notices_that_failed_together_do_not_come_back_together() {
        Set<Duration> waits = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            waits.add(SCHEDULE.backoff(
                    new Notice.Key(new UUID(0x7000, i), "fjord", NoticeType.WITHDRAWAL, Optional.empty()), 9));
        }
        assertThat(waits).hasSizeGreaterThan(900);
    }

    @Test
    void a_wait_that_the_broker_asked_for_is_kept() {
        Instant later = NOON.plus(Duration.ofHours(3));
        Notice notice = sent(owed(true), NOON, NoticeOutcome.FAILED, Optional.of(later));
        assertThat(next(notice, NOON.plusSeconds(60))).isEqualTo(new NoticeStep.Wait(later));
        assertThat(next(notice, later)).isEqualTo(new NoticeStep.Send(2));
    }

    @Test
    void a_pending_notice_is_asked_about_ever_more_seldom_and_not_sent_again() {
        Notice pending = sent(owed(true), NOON, NoticeOutcome.PENDING, Optional.empty());
        assertThat(next(pending, NOON.plusSeconds(9))).isInstanceOf(NoticeStep.Wait.class);
        assertThat(next(pending, NOON.plusSeconds(10))).isEqualTo(new NoticeStep.Ask());
        Instant asked = NOON.plusSeconds(400);
        assertThat(next(asked(pending, asked, false), asked.plusSeconds(99))).isInstanceOf(NoticeStep.Wait.class);
        assertThat(next(asked(pending, asked, false), asked.plusSeconds(100))).isEqualTo(new NoticeStep.Ask());
    }

    @Test
    void a_notice_that_the_broker_has_forgotten_is_sent_again() {
        Notice pending = sent(owed(true), NOON, NoticeOutcome.PENDING, Optional.empty());
        assertThat(next(asked(pending, NOON.plusSeconds(20), true), NOON.plusSeconds(20)))
                .isEqualTo(new NoticeStep.Send(2));
    }

    @Test
    void silence_is_escalated_once_and_the_notice_is_sent_on() {
        Instant day = NOON.plus(Duration.ofDays(1));
        Notice notice = failed(5, NOON.plusSeconds(60));
        assertThat(next(notice, day)).isEqualTo(new NoticeStep.Escalate(EscalationReason.SILENT));
        assertThat(next(escalated(notice, EscalationReason.SILENT), day)).isEqualTo(new NoticeStep.Send(6));
    }

    @Test
    void a_notice_is_given_up_at_its_limit_but_never_without_having_been_sent() {
        Instant end = NOON.plus(Duration.ofDays(30));
        assertThat(next(owed(true), end)).isEqualTo(new NoticeStep.Send(1));
        assertThat(next(failed(1, end), end)).isEqualTo(new NoticeStep.Escalate(EscalationReason.GIVEN_UP));
    }

    @Test
    void a_broker_without_an_address_for_notices_is_escalated_until_the_directory_has_one() {
        Notice notice = owed(true);
        assertThat(NoticePlanner.next(notice, false, SCHEDULE, NOON))
                .isEqualTo(new NoticeStep.Escalate(EscalationReason.NO_ENDPOINT));
        Notice escalated = escalated(notice, EscalationReason.NO_ENDPOINT);
        assertThat(NoticePlanner.next(escalated, false, SCHEDULE, NOON)).isInstanceOf(NoticeStep.Wait.class);
        assertThat(NoticePlanner.next(escalated, true, SCHEDULE, NOON)).isEqualTo(new NoticeStep.Send(1));
        assertThat(NoticePlanner.next(escalated, false, SCHEDULE, NOON.plus(Duration.ofDays(30))))
                .isEqualTo(new NoticeStep.Escalate(EscalationReason.GIVEN_UP));
    }

    @Test
    void a_sending_that_was_not_recorded_is_recorded_after_a_pause_before_anything_else_is_done() {
        Notice.Unrecorded first = new Notice.UnrecordedSending(
                1,
                new Notice.Sending(NOON, NoticeOutcome.FAILED, Optional.empty()),
                Optional.of(500),
                Optional.empty(),
                NOON.plusSeconds(60));
        Instant due = NOON.plusSeconds(70);
        assertThat(NoticePlanner.next(owed(true), Optional.of(first), true, SCHEDULE, due.minusMillis(1)))
                .isEqualTo(new NoticeStep.Wait(due));
        assertThat(NoticePlanner.next(owed(true), Optional.of(first), true, SCHEDULE, due))
                .isEqualTo(new NoticeStep.RecordFact(first));
        assertThat(NoticePlanner.next(owed(true), Optional.of(first), false, SCHEDULE, due))
                .as("what was sent was sent, wherever the broker is now")
                .isEqualTo(new NoticeStep.RecordFact(first));
        Notice recorded = failed(1, NOON);
        assertThat(NoticePlanner.next(recorded, Optional.of(first), true, SCHEDULE, due))
                .as("the log has it after all")
                .isEqualTo(next(recorded, due));
    }

    @Test
    void a_confirmation_or_an_escalation_that_was_not_recorded_is_recorded_after_a_pause_and_nothing_else_is_done() {
        Notice pending = sent(owed(true), NOON, NoticeOutcome.PENDING, Optional.empty());
        Instant tried = NOON.plus(Duration.ofDays(2));
        for (Notice.Unrecorded fact : List.<Notice.Unrecorded>of(
                new Notice.UnrecordedAnswer(new Notice.Confirmed(NOON.plusSeconds(5)), tried),
                new Notice.UnrecordedAnswer(new Notice.Refused(NOON.plusSeconds(5), RightsGround.LEGAL_CLAIMS), tried),
                new Notice.UnrecordedEscalation(EscalationReason.SILENT, 1, NOON.plusSeconds(5), tried),
                new Notice.UnrecordedEscalation(EscalationReason.NO_ENDPOINT, 1, NOON.plusSeconds(5), tried))) {
            Instant due = tried.plusSeconds(10);
            assertThat(NoticePlanner.next(pending, Optional.of(fact), true, SCHEDULE, due.minusMillis(1)))
                    .isEqualTo(new NoticeStep.Wait(due));
            assertThat(NoticePlanner.next(pending, Optional.of(fact), true, SCHEDULE, due))
                    .isEqualTo(new NoticeStep.RecordFact(fact));
            assertThat(fact.triedAt(due).triedAt()).isEqualTo(due);
        }
        Notice escalated = escalated(pending, EscalationReason.SILENT);
        assertThat(NoticePlanner.next(
                        escalated,
                        Optional.of(new Notice.UnrecordedEscalation(EscalationReason.SILENT, 1, NOON, tried)),
                        true,
                        SCHEDULE,
                        tried))
                .as("the log has it after all")
                .isEqualTo(next(escalated, tried));
    }

    /** A year was kept before, including the person's withdrawal. */
    @Test
    void whatever_a_broker_asks_for_it_is_sent_the_notice_again_each_day() {
        Instant nextYear = NOON.plus(Duration.ofDays(366));
        Notice notice = sent(owed(true), NOON, NoticeOutcome.FAILED, Optional.of(nextYear));
        NoticeStep.Wait wait = (NoticeStep.Wait) next(escalated(notice, EscalationReason.SILENT), NOON);
        assertThat(wait.until()).isEqualTo(NOON.plus(Duration.ofDays(1)));
        assertThat(next(escalated(notice, EscalationReason.SILENT), NOON.plus(Duration.ofDays(1))))
                .isEqualTo(new NoticeStep.Send(2));
    }

    @Test
    void a_wait_that_is_asked_for_is_kept_up_to_a_day_by_questions_too() {
        Instant hour = NOON.plus(Duration.ofHours(5));
        Notice pending = sent(owed(true), NOON, NoticeOutcome.PENDING, Optional.of(hour));
        assertThat(next(pending, hour.minusSeconds(1))).isEqualTo(new NoticeStep.Wait(hour));
        assertThat(next(pending, hour)).isEqualTo(new NoticeStep.Ask());
        Notice busy = new Notice(
                KEY,
                NOON,
                true,
                1,
                pending.last(),
                Optional.of(new Notice.Poll(hour, false, Optional.of(hour.plus(Duration.ofDays(9))))),
                Optional.empty(),
                Map.of(EscalationReason.SILENT, NOON));
        assertThat(next(busy, hour.plus(Duration.ofHours(23))))
                .isEqualTo(new NoticeStep.Wait(hour.plus(Duration.ofDays(1))));
        assertThat(next(busy, hour.plus(Duration.ofDays(1)))).isEqualTo(new NoticeStep.Ask());
    }
}
