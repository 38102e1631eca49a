package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleRequests.ACCESS;
import static org.brokerhandoff.audit.verify.SampleRequests.HOUR;
import static org.brokerhandoff.audit.verify.SampleRequests.NEXT_YEAR;
import static org.brokerhandoff.audit.verify.SampleRequests.OBJECTION;
import static org.brokerhandoff.audit.verify.SampleRequests.RECTIFICATION;
import static org.brokerhandoff.audit.verify.SampleRequests.RESTRICTION;
import static org.brokerhandoff.audit.verify.SampleRequests.broken;
import static org.brokerhandoff.audit.verify.SampleRequests.judged;
import static org.brokerhandoff.audit.verify.SampleRequests.request;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The deadline of a request. */
class RequestTimesTest {
    private static List<String> times(Instant due, SpecificRecord... extensions) {
        List<SpecificRecord> events =
                new ArrayList<>(List.of(RightsRequested.newBuilder(ACCESS.requested(0, null, null))
                        .setDueAt(due)
                        .build()));
        events.addAll(List.of(extensions));
        return broken(SampleHistories.SOON, events.toArray(SpecificRecord[]::new));
    }

    private static Instant months(int months, Duration more) {
        return RECEIVED.atOffset(ZoneOffset.UTC).plusMonths(months).toInstant().plus(more);
    }

    @Test
    void a_request_has_a_month_and_with_an_extension_three() {
        Instant month = months(1, Duration.ZERO);
        Instant three = months(3, Duration.ZERO);
        assertThat(times(month)).isEmpty();
        assertThat(times(month.plusMillis(1))).containsExactly("request-due");
        assertThat(times(RECEIVED.minusMillis(1))).contains("request-due");
        assertThat(times(month, ACCESS.extended(9, three))).isEmpty();
        assertThat(times(month, ACCESS.extended(9, three.plusMillis(1)))).containsExactly("request-due");
        assertThat(times(month, ACCESS.extended(9, month.minusMillis(1)))).containsExactly("request-due");
        assertThat(times(month, ACCESS.extended(9, three), ACCESS.extended(99, three.minusMillis(1))))
                .as("an extension that takes back time of the one before")
                .containsExactly("request-due");
        assertThat(times(month, ACCESS.extended(99, three.minusMillis(1)), ACCESS.extended(99, three)))
                .isEmpty();
        long late = Duration.between(RECEIVED, month).toMillis() + ProcessClocks.MOST_APART_MILLIS;
        assertThat(times(month, ACCESS.extended(late, three))).isEmpty();
        assertThat(times(month, ACCESS.extended(late + 1, three))).containsExactly("request-due");
    }

    @ParameterizedTest
    @EnumSource(
            value = RightsType.class,
            names = {"ERASURE", "RESTRICTION", "OBJECTION"})
    void a_request_is_answered_when_it_is_decided_or_each_holder_has_confirmed_or_refused(RightsType type) {
        Rights request = request(type);
        HoldingFound found = HoldingFound.HANDOFF_STARTED;
        SpecificRecord sent = request.sent(FJORD, 1, HOUR, NoticeOutcome.PENDING);
        SpecificRecord escalated = request.escalated(FJORD, 20 * HOUR);
        long due = Duration.between(RECEIVED, request.due(HOUR)).toMillis();
        Instant after = request.due(HOUR).plusMillis(1);

        assertThat(judged(request.due(HOUR), request, found, sent, escalated)).isEmpty();
        assertThat(judged(after, request, found, sent, escalated)).containsExactly("request-answered");
        assertThat(judged(after, request, found, sent, escalated, request.granted(due)))
                .isEmpty();
        assertThat(judged(after, request, found, sent, escalated, request.granted(due + 1)))
                .containsExactly("request-answered");
        assertThat(judged(after, request, found, sent, escalated, request.confirmed(FJORD, due)))
                .isEmpty();
        assertThat(judged(after, request, found, sent, escalated, request.refusedBy(FJORD, due)))
                .isEmpty();
        assertThat(judged(NEXT_YEAR, request, found, sent, escalated, request.confirmed(FJORD, due + 1)))
                .containsExactly("request-answered");
        assertThat(judged(
                        NEXT_YEAR,
                        request,
                        found,
                        sent,
                        escalated,
                        request.extended(9, months(2, Duration.ZERO)),
                        request.confirmed(FJORD, due + 1)))
                .isEmpty();
        assertThat(judged(
                        NEXT_YEAR,
                        request,
                        found,
                        sent,
                        escalated,
                        request.extended(9, months(5, Duration.ZERO)),
                        request.confirmed(FJORD, due + 2400 * HOUR)))
                .as("an extension that the law does not know gives no time")
                .containsExactlyInAnyOrder("request-due", "request-answered");
    }

    @Test
    void an_objection_that_is_never_weighed_is_answered_by_the_end_of_what_it_is_about() {
        RightsRequested short_ = RightsRequested.newBuilder(OBJECTION.requested(5, HoldingFound.HELD, 0))
                .setDueAt(RECEIVED.plus(Duration.ofHours(2)))
                .build();
        Instant later = RECEIVED.plus(Duration.ofHours(3));
        assertThat(broken(later, LIFE.granted(), short_)).containsExactly("request-answered");
        assertThat(broken(later, LIFE.granted(), short_, LIFE.purged(PurgeReason.EXPIRED, HOUR)))
                .isEmpty();
        assertThat(broken(later, LIFE.granted(), short_, LIFE.purged(PurgeReason.EXPIRED, 2 * HOUR + 1)))
                .containsExactly("request-answered");
        assertThat(broken(
                        later,
                        LIFE.granted(),
                        short_,
                        LIFE.withdrawn(WithdrawalOutcome.ERASED_BEFORE_HANDOFF, HOUR, 0)))
                .isEmpty();
        // A restriction needs no decision: it was done at once.
        assertThat(broken(
                        later,
                        LIFE.granted(),
                        RightsRequested.newBuilder(RESTRICTION.requested(5, HoldingFound.HELD, 0))
                                .setDueAt(short_.getDueAt())
                                .build()))
                .isEmpty();
    }

    @Test
    void a_rectification_without_new_data_has_to_be_decided_while_a_broker_has_the_old() {
        assertThat(judged(NEXT_YEAR, RECTIFICATION, HoldingFound.ENDED)).containsExactly("request-answered");
        assertThat(judged(NEXT_YEAR, RECTIFICATION, HoldingFound.ENDED, RECTIFICATION.refused(2 * HOUR)))
                .isEmpty();
        assertThat(broken(NEXT_YEAR, LIFE.granted(), RECTIFICATION.requested(5, null, null)))
                .isEmpty();
    }

    @Test
    void the_decision_and_the_extension_of_another_request_are_none_of_this_one() {
        assertThat(judged(
                        NEXT_YEAR,
                        RESTRICTION,
                        HoldingFound.HANDOFF_STARTED,
                        RESTRICTION.escalated(FJORD, 2 * HOUR),
                        ACCESS.requested(HOUR, null, null),
                        ACCESS.granted(2 * HOUR)))
                .containsExactly("request-answered");
        assertThat(judged(
                        RESTRICTION.due(HOUR).plusMillis(1),
                        RESTRICTION,
                        HoldingFound.HANDOFF_STARTED,
                        RESTRICTION.escalated(FJORD, 2 * HOUR),
                        ACCESS.requested(HOUR, null, null),
                        ACCESS.extended(2 * HOUR, months(3, Duration.ZERO))))
                .containsExactly("request-answered");
    }
}
