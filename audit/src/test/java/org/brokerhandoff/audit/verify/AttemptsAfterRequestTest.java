package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleRequests.ERASURE;
import static org.brokerhandoff.audit.verify.SampleRequests.OBJECTION;
import static org.brokerhandoff.audit.verify.SampleRequests.RESTRICTION;
import static org.brokerhandoff.audit.verify.SampleRequests.broken;
import static org.brokerhandoff.audit.verify.SampleRequests.request;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.RightsType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attempts after a request. */
class AttemptsAfterRequestTest {
    private static boolean attempted(
            Rights request, HoldingFound found, @Nullable Integer counted, long at, int attempt) {
        return broken(
                        RECEIVED.plusSeconds(400),
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, attempt, at, AttemptOutcome.NOT_SENT),
                        request.requested(200_000, found, counted))
                .contains("no-attempt-after-request");
    }

    @ParameterizedTest
    @EnumSource(
            value = RightsType.class,
            names = {"RESTRICTION", "OBJECTION"})
    void custodys_number_decides_and_times_only_where_clocks_cannot_be_so_far_apart(RightsType type) {
        Rights request = request(type);
        for (long at : List.of(140_000L, 199_000L, 200_000L, 201_000L, 260_000L)) {
            assertThat(attempted(request, HoldingFound.HANDOFF_STARTED, 2, at, 2))
                    .isFalse();
            assertThat(attempted(request, HoldingFound.HANDOFF_STARTED, 2, at, 3))
                    .isTrue();
            assertThat(attempted(request, HoldingFound.HELD, 0, at, 1)).isTrue();
            assertThat(attempted(request, HoldingFound.HELD, null, at, 1)).isTrue();
            assertThat(attempted(request, HoldingFound.HANDOFF_STARTED, null, at, 3))
                    .isFalse();
            assertThat(attempted(request, HoldingFound.ENDED, null, at, 3)).isFalse();
        }
        // Certainly later: regardless of the number.
        for (HoldingFound found : HoldingFound.values()) {
            assertThat(attempted(request, found, 2, 260_001, 2)).isTrue();
            assertThat(attempted(request, found, null, 260_001, 2)).isTrue();
            assertThat(attempted(request, found, 255, 260_001, 255)).isTrue();
        }
        // Certainly before: an older copy of the slot file counts fewer.
        assertThat(attempted(request, HoldingFound.HANDOFF_STARTED, 2, 139_999, 3))
                .isFalse();
        assertThat(attempted(request, HoldingFound.HELD, 0, 139_999, 1)).isFalse();
    }

    @Test
    void an_erasure_of_what_no_broker_had_been_offered_allows_no_attempt_at_all() {
        assertThat(attempted(ERASURE, HoldingFound.HELD, 0, 20, 1)).isTrue();
        assertThat(attempted(ERASURE, HoldingFound.HANDOFF_STARTED, 1, 20, 1)).isFalse();
        assertThat(attempted(ERASURE, HoldingFound.HANDOFF_STARTED, 1, 199_000, 2))
                .isTrue();
        assertThat(attempted(ERASURE, HoldingFound.ENDED, null, 199_000, 2)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = RightsType.class,
            names = {"ACCESS", "PORTABILITY", "RECTIFICATION"})
    void requests_that_restrict_nothing_forbid_no_attempt(RightsType type) {
        assertThat(attempted(request(type), HoldingFound.HELD, 0, 300_000, 1)).isFalse();
    }

    private static boolean attemptedAfter(SpecificRecord... more) {
        List<SpecificRecord> events = new ArrayList<>(List.of(
                LIFE.granted(),
                LIFE.assigned(FJORD, 0, 10),
                RESTRICTION.requested(1_000, HoldingFound.HELD, 0),
                LIFE.attempt(FJORD, 1, 500_000, AttemptOutcome.NOT_SENT)));
        events.addAll(List.of(more));
        return broken(RECEIVED.plusSeconds(600), events.toArray(SpecificRecord[]::new))
                .contains("no-attempt-after-request");
    }

    @Test
    void a_restriction_ends_with_its_refusal_and_with_nothing_else() {
        assertThat(attemptedAfter()).isTrue();
        assertThat(attemptedAfter(RESTRICTION.refused(400_000))).isFalse();
        assertThat(attemptedAfter(RESTRICTION.refused(560_000))).as("clocks").isFalse();
        assertThat(attemptedAfter(RESTRICTION.refused(560_001))).isTrue();
        assertThat(attemptedAfter(RESTRICTION.granted(400_000))).isTrue();
        assertThat(attemptedAfter(OBJECTION.requested(900, HoldingFound.ENDED, null), OBJECTION.refused(400_000)))
                .as("the refusal of another request")
                .isTrue();
        // One slot, two reasons: it is lifted with the last.
        assertThat(attemptedAfter(RESTRICTION.refused(400_000), OBJECTION.requested(2_000, HoldingFound.HELD, 0)))
                .isTrue();
        assertThat(attemptedAfter(
                        RESTRICTION.refused(400_000),
                        OBJECTION.requested(2_000, HoldingFound.HELD, 0),
                        OBJECTION.refused(300_000)))
                .isFalse();
        assertThat(attemptedAfter(RESTRICTION.refused(400_000), OBJECTION.requested(505_000, HoldingFound.HELD, 0)))
                .as("objected to at the moment of the attempt, before it by custody")
                .isTrue();
        assertThat(attemptedAfter(
                        RESTRICTION.refused(400_000), OBJECTION.requested(505_000, HoldingFound.HANDOFF_STARTED, 1)))
                .as("objected to at the moment of the attempt, after it by custody")
                .isFalse();
    }

    @Test
    void an_erasure_is_not_taken_back_by_a_refusal() {
        assertThat(broken(
                        RECEIVED.plusSeconds(600),
                        LIFE.granted(),
                        ERASURE.requested(1_000, HoldingFound.HELD, 0),
                        ERASURE.refused(2_000),
                        LIFE.attempt(FJORD, 1, 500_000, AttemptOutcome.NOT_SENT)))
                .containsExactly("no-attempt-after-request");
    }

    @ParameterizedTest
    @EnumSource(RightsType.class)
    void a_request_that_custody_has_to_heed_says_what_custody_answered(RightsType type) {
        assertThat(broken(SampleHistories.SOON, LIFE.granted(), request(type).requested(5, null, null))
                        .contains("no-attempt-after-request"))
                .isEqualTo(
                        type == RightsType.ERASURE || type == RightsType.RESTRICTION || type == RightsType.OBJECTION);
    }
}
