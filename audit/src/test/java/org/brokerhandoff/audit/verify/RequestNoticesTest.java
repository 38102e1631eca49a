package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleRequests.ERASURE;
import static org.brokerhandoff.audit.verify.SampleRequests.HOUR;
import static org.brokerhandoff.audit.verify.SampleRequests.RESTRICTION;
import static org.brokerhandoff.audit.verify.SampleRequests.broken;
import static org.brokerhandoff.audit.verify.SampleRequests.judged;
import static org.brokerhandoff.audit.verify.SampleRequests.request;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Notices to brokers about people's requests, and their answers. */
class RequestNoticesTest {
    @ParameterizedTest
    @EnumSource(
            value = RightsType.class,
            names = {"ERASURE", "RESTRICTION", "OBJECTION"})
    void a_holder_that_is_not_told_in_a_day_is_a_breach(RightsType type) {
        Rights request = request(type);
        Instant lastMoment = LIFE.at(26 * HOUR);
        HoldingFound found = HoldingFound.HANDOFF_STARTED;
        assertThat(judged(lastMoment, request, found)).isEmpty();
        assertThat(judged(lastMoment.plusMillis(1), request, found)).containsExactly("request-notified");
        assertThat(judged(
                        lastMoment.plusMillis(1), request, found, request.sent(FJORD, 1, HOUR, NoticeOutcome.PENDING)))
                .containsExactly("request-notified");
        for (SpecificRecord end : List.of(
                request.confirmed(FJORD, 2 * HOUR),
                request.refusedBy(FJORD, 2 * HOUR),
                request.escalated(FJORD, 2 * HOUR))) {
            assertThat(judged(
                            lastMoment.plusMillis(1),
                            request,
                            found,
                            request.sent(FJORD, 1, HOUR, NoticeOutcome.PENDING),
                            end))
                    .isEmpty();
        }
        assertThat(judged(lastMoment.plusMillis(1), request, HoldingFound.ENDED))
                .as("that nothing was left here does not mean that no broker has it")
                .containsExactly("request-notified");
        assertThat(judged(lastMoment.plusMillis(1), request, found, request.refused(3 * HOUR)))
                .as("the request was refused before")
                .isEmpty();
        assertThat(judged(lastMoment.plusMillis(1), request, found, request.refused(28 * HOUR)))
                .containsExactly("request-notified");
    }

    @Test
    void an_answer_to_another_request_or_to_a_withdrawal_is_none_to_this_one() {
        Rights other = new Rights(LIFE, new UUID(3, 7), RightsType.RESTRICTION);
        assertThat(judged(
                        LIFE.at(27 * HOUR),
                        RESTRICTION,
                        HoldingFound.HANDOFF_STARTED,
                        other.requested(HOUR, HoldingFound.HANDOFF_STARTED, null),
                        other.sent(FJORD, 1, HOUR, NoticeOutcome.COMPLETED),
                        other.confirmed(FJORD, HOUR + 9)))
                .containsExactly("request-notified");
        // A broker gets two notices of an erasure: it may refuse the erasure, never the end of the consent.
        for (SpecificRecord withdrawn : List.of(
                LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, HOUR),
                ERASURE.withdrawn(HOUR, WithdrawalOutcome.HANDOFF_STARTED, null))) {
            assertThat(judged(
                            LIFE.at(27 * HOUR),
                            ERASURE,
                            HoldingFound.HANDOFF_STARTED,
                            withdrawn,
                            ERASURE.sent(FJORD, 1, HOUR, NoticeOutcome.COMPLETED),
                            ERASURE.confirmed(FJORD, HOUR + 9)))
                    .containsExactly("withdrawal-notified");
            assertThat(judged(
                            LIFE.at(27 * HOUR),
                            ERASURE,
                            HoldingFound.HANDOFF_STARTED,
                            withdrawn,
                            NoticeRulesTest.sent(FJORD, NoticeOutcome.COMPLETED),
                            NoticeRulesTest.confirmed(FJORD)))
                    .contains("request-notified")
                    .doesNotContain("withdrawal-notified");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RightsType.class,
            names = {"ERASURE", "RESTRICTION", "OBJECTION"})
    void a_notice_of_a_request_needs_that_request_and_that_it_found_a_handoff(RightsType type) {
        Rights request = request(type);
        SpecificRecord sent = request.sent(FJORD, 1, HOUR, NoticeOutcome.FAILED);
        Instant now = LIFE.at(2 * HOUR);
        assertThat(judged(now, request, HoldingFound.HANDOFF_STARTED, sent)).isEmpty();
        assertThat(judged(now, request, HoldingFound.ENDED, sent)).containsExactly("notice-to-holder");
        assertThat(judged(now, request, HoldingFound.HELD, sent)).contains("notice-to-holder");
        assertThat(judged(now, new Rights(LIFE, new UUID(3, 8), type), HoldingFound.HANDOFF_STARTED, sent))
                .as("another request")
                .containsExactly("notice-to-holder");
        Rights otherType = new Rights(
                LIFE, request.requestId(), type == RightsType.ERASURE ? RightsType.RESTRICTION : RightsType.ERASURE);
        assertThat(judged(now, otherType, HoldingFound.HANDOFF_STARTED, sent))
                .as("another type")
                .containsExactly("notice-to-holder");
        assertThat(judged(
                        now,
                        request,
                        HoldingFound.HANDOFF_STARTED,
                        request.sent(NORDLYS, 1, HOUR, NoticeOutcome.FAILED)))
                .as("another broker")
                .containsExactly("notice-to-holder");
        long early = HOUR - ProcessClocks.MOST_APART_MILLIS;
        assertThat(judged(
                        now,
                        request,
                        HoldingFound.HANDOFF_STARTED,
                        request.sent(FJORD, 1, early, NoticeOutcome.FAILED)))
                .isEmpty();
        assertThat(judged(
                        now,
                        request,
                        HoldingFound.HANDOFF_STARTED,
                        request.sent(FJORD, 1, early - 1, NoticeOutcome.FAILED)))
                .containsExactly("notice-to-holder");
    }

    @ParameterizedTest
    @EnumSource(
            value = RightsType.class,
            names = {"ACCESS", "RECTIFICATION", "PORTABILITY"})
    void brokers_are_told_of_no_other_requests(RightsType type) {
        Rights request = request(type);
        assertThat(judged(
                        LIFE.at(2 * HOUR),
                        request,
                        HoldingFound.HANDOFF_STARTED,
                        request.sent(FJORD, 1, HOUR, NoticeOutcome.FAILED)))
                .containsExactly("notice-to-holder");
    }

    @Test
    void a_notice_of_a_withdrawal_is_none_of_a_request_and_the_other_way_round() {
        SpecificRecord ofWithdrawal = NoticeRulesTest.sent(FJORD, NoticeOutcome.FAILED);
        assertThat(judged(LIFE.at(2 * HOUR), ERASURE, HoldingFound.HANDOFF_STARTED, ofWithdrawal))
                .containsExactly("notice-to-holder");
        assertThat(broken(
                        LIFE.at(2 * HOUR),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.delivered(FJORD, 1, 20),
                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, HOUR),
                        ERASURE.sent(FJORD, 1, HOUR, NoticeOutcome.FAILED)))
                .containsExactly("notice-to-holder");
    }

    @Test
    void an_answer_follows_a_sending_of_the_same_notice_that_ended_so_or_was_left_open() {
        Rights other = new Rights(LIFE, new UUID(3, 7), RightsType.RESTRICTION);
        NoticeConfirmed confirmed = RESTRICTION.confirmed(FJORD, HOUR + 9);
        NoticeRefused refused = RESTRICTION.refusedBy(FJORD, HOUR + 9);
        for (NoticeOutcome outcome : NoticeOutcome.values()) {
            SpecificRecord sent = RESTRICTION.sent(FJORD, 1, HOUR, outcome);
            boolean open = outcome == NoticeOutcome.PENDING;
            assertThat(judged(LIFE.at(2 * HOUR), RESTRICTION, HoldingFound.HANDOFF_STARTED, sent, confirmed))
                    .isEqualTo(ok(open || outcome == NoticeOutcome.COMPLETED));
            assertThat(judged(LIFE.at(2 * HOUR), RESTRICTION, HoldingFound.HANDOFF_STARTED, sent, refused))
                    .isEqualTo(ok(open || outcome == NoticeOutcome.REFUSED));
        }
        assertThat(judged(
                        LIFE.at(2 * HOUR),
                        RESTRICTION,
                        HoldingFound.HANDOFF_STARTED,
                        other.requested(HOUR, HoldingFound.HANDOFF_STARTED, null),
                        other.sent(FJORD, 1, HOUR, NoticeOutcome.COMPLETED),
                        confirmed))
                .as("another request was sent")
                .isEqualTo(ok(false));
        assertThat(judged(
                        LIFE.at(2 * HOUR),
                        RESTRICTION,
                        HoldingFound.HANDOFF_STARTED,
                        refused,
                        RESTRICTION.sent(FJORD, 1, HOUR, NoticeOutcome.REFUSED)))
                .as("answered before it was sent")
                .isEqualTo(ok(false));
    }

    private static List<String> ok(boolean inOrder) {
        return inOrder ? List.of() : List.of("notice-confirmed-after-sent");
    }

    @Test
    void that_the_consent_has_ended_cannot_be_refused() {
        SpecificRecord refused = new NoticeRefused(
                SignupIds.fixed(LIFE.id()),
                FJORD,
                NoticeType.WITHDRAWAL,
                LIFE.at(1_200),
                RightsGround.LEGAL_OBLIGATION,
                null);
        for (NoticeOutcome outcome : List.of(NoticeOutcome.REFUSED, NoticeOutcome.PENDING)) {
            assertThat(broken(
                            LIFE.at(48 * HOUR),
                            LIFE.assigned(FJORD, 0, 10),
                            LIFE.delivered(FJORD, 1, 20),
                            LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 1_000),
                            NoticeRulesTest.sent(FJORD, outcome),
                            refused))
                    .containsExactlyInAnyOrder("withdrawal-notified", "notice-confirmed-after-sent");
        }
    }
}
