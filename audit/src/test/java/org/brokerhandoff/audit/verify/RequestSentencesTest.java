package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.SOON;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleRequests.ACCESS;
import static org.brokerhandoff.audit.verify.SampleRequests.ERASURE;
import static org.brokerhandoff.audit.verify.SampleRequests.OBJECTION;
import static org.brokerhandoff.audit.verify.SampleRequests.RESTRICTION;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages of violations of the rules on requests. */
class RequestSentencesTest {
    private static final String ID = "the request 00000000-0000-0003-0000-00000000000";
    private static final Instant LATER = RECEIVED.plus(Duration.ofDays(40));

    private static Arguments said(Instant now, String sentence, SpecificRecord... more) {
        return Arguments.of(sentence, now, delivered().write(more));
    }

    static Stream<Arguments> sentences() {
        NoticeSent ofNothing = NoticeSent.newBuilder(ERASURE.sent(FJORD, 1, 300, NoticeOutcome.FAILED))
                .setRequestId(null)
                .build();
        return Stream.of(
                said(
                        SOON,
                        "attempt 2, to " + FJORD + ", started at 2026-11-22T13:00:00.200Z, and " + ID
                                + "2 (restriction), of 2026-11-22T13:00:00.100Z, found HANDOFF_STARTED, attempts 1",
                        RESTRICTION.requested(100, HoldingFound.HANDOFF_STARTED, 1)),
                said(
                        SOON,
                        "attempt 1, to " + FJORD + ", started at 2026-11-22T13:00:00.020Z, and " + ID
                                + "1 (erasure), of 2026-11-22T13:00:00.100Z, found HELD",
                        ERASURE.requested(100, HoldingFound.HELD, null)),
                said(SOON, ID + "3 was decided without having been made before", OBJECTION.refused(10)),
                said(SOON, ID + "4 was extended without having been made before", ACCESS.extended(10, ACCESS.due(9))),
                said(
                        SOON,
                        ID + "4 was refused without a ground",
                        ACCESS.requested(300, null, null),
                        RightsRequestDecided.newBuilder(ACCESS.refused(400))
                                .setGround(RightsGround.JUSTIFIED)
                                .build()),
                said(
                        SOON,
                        ID + "4 (access), made at 2026-11-22T13:00:00.300Z, is due at "
                                + RECEIVED.plus(Duration.ofDays(60)) + "; 2026-12-22T13:00:00.300Z is the latest",
                        RightsRequested.newBuilder(ACCESS.requested(300, null, null))
                                .setDueAt(RECEIVED.plus(Duration.ofDays(60)))
                                .build()),
                said(
                        SOON,
                        ID + "4 (access) was due before it was made",
                        RightsRequested.newBuilder(ACCESS.requested(300, null, null))
                                .setDueAt(LIFE.at(299))
                                .build()),
                said(
                        SOON,
                        ID + "4 (access) was extended to 2026-12-22T13:00:00.200Z, and had time until"
                                + " 2026-12-22T13:00:00.300Z before",
                        ACCESS.requested(300, null, null),
                        ACCESS.extended(400, ACCESS.due(200))),
                said(
                        LATER,
                        ID + "2 (restriction) was due at 2026-12-22T13:00:00.300Z and is not answered",
                        RESTRICTION.requested(300, HoldingFound.HANDOFF_STARTED, 2)),
                said(
                        LATER,
                        ID
                                + "3 (objection) was due at 2026-12-22T13:00:00.300Z and answered at 2026-12-22T13:00:00.301Z",
                        OBJECTION.requested(300, HoldingFound.HANDOFF_STARTED, 2),
                        OBJECTION.granted(301 + Duration.ofDays(30).toMillis())),
                said(
                        LATER,
                        ID + "2 (restriction) is neither answered by " + FJORD + " nor escalated",
                        RESTRICTION.requested(300, HoldingFound.HANDOFF_STARTED, 2)),
                said(
                        SOON,
                        "a notice went to " + FJORD
                                + " at 2026-11-22T13:00:00.300Z, and it reports neither a withdrawal nor a request",
                        ofNothing),
                said(
                        SOON,
                        "a notice went to " + FJORD + " at 2026-11-22T13:00:00.300Z, and the consent was not withdrawn",
                        NoticeSent.newBuilder(NoticeRulesTest.sent(FJORD, NoticeOutcome.FAILED))
                                .setSentAt(LIFE.at(300))
                                .build()),
                said(
                        SOON,
                        "a notice was escalated that is owed to " + FJORD
                                + " at 2026-11-22T13:00:00.300Z, and there was no such"
                                + " request after a handoff: ERASURE/00000000-0000-0003-0000-000000000001",
                        ERASURE.escalated(FJORD, 300)),
                said(
                        SOON,
                        "a notice was refused by " + FJORD + " at 2026-11-22T13:00:00.300Z, and there was no such"
                                + " request after a handoff: ERASURE/00000000-0000-0003-0000-000000000001",
                        ERASURE.refusedBy(FJORD, 300)),
                said(
                        SOON,
                        FJORD + " is reported to have refused a notice that it never accepted",
                        ERASURE.refusedBy(FJORD, 300)),
                said(
                        SOON,
                        FJORD + " is reported to have confirmed a notice that it never accepted",
                        ERASURE.confirmed(FJORD, 300)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sentences")
    void a_breach_is_said_with_what_was_found(String sentence, Instant now, History history) {
        assertThat(history.verdict(now, false).violations())
                .extracting(Violation::sentence)
                .contains(sentence);
    }
}
