package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.life;
import static org.brokerhandoff.audit.verify.SampleHistories.published;
import static org.brokerhandoff.audit.verify.SampleRequests.ACCESS;
import static org.brokerhandoff.audit.verify.SampleRequests.ERASURE;
import static org.brokerhandoff.audit.verify.SampleRequests.HOUR;
import static org.brokerhandoff.audit.verify.SampleRequests.NEXT_YEAR;
import static org.brokerhandoff.audit.verify.SampleRequests.OBJECTION;
import static org.brokerhandoff.audit.verify.SampleRequests.RECTIFICATION;
import static org.brokerhandoff.audit.verify.SampleRequests.RESTRICTION;
import static org.brokerhandoff.audit.verify.SampleRequests.broken;
import static org.brokerhandoff.audit.verify.SampleRequests.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** People's requests. Their consequences, times and notices have separate tests. */
class RequestRulesTest {
    static Stream<Arguments> breaches() {
        return Stream.of(
                breach(
                        "no-attempt-after-request",
                        "restricted, but sent",
                        delivered().write(RESTRICTION.requested(100, HoldingFound.HELD, 0), RESTRICTION.granted(300))),
                breach(
                        "no-attempt-after-request",
                        "objected to between two attempts",
                        delivered()
                                .write(
                                        OBJECTION.requested(100, HoldingFound.HANDOFF_STARTED, 1),
                                        OBJECTION.granted(300))),
                breach("request-before-decision", "no request", delivered().write(OBJECTION.refused(300))),
                breach(
                        "request-before-decision",
                        "extended without a request",
                        delivered().write(ACCESS.extended(300, ACCESS.due(300)))),
                breach(
                        "request-steps-dated",
                        "a request decided before it was made, by the decision's time",
                        delivered().write(ACCESS.requested(120_000, null, null), ACCESS.granted(500))),
                breach(
                        "request-steps-dated",
                        "a request extended before it was made, by the extension's time",
                        delivered()
                                .write(
                                        ACCESS.requested(120_000, null, null),
                                        ACCESS.extended(500, ACCESS.due(120_000).plus(Duration.ofDays(30))))),
                breach(
                        "request-before-decision",
                        "refused for nothing",
                        delivered()
                                .write(
                                        ACCESS.requested(300, null, null),
                                        RightsRequestDecided.newBuilder(ACCESS.refused(300))
                                                .setGround(RightsGround.JUSTIFIED)
                                                .build())),
                breach(
                        "request-due",
                        "two months in one step",
                        delivered()
                                .write(RightsRequested.newBuilder(ACCESS.requested(300, null, null))
                                        .setDueAt(RECEIVED.plus(Duration.ofDays(60)))
                                        .build())),
                breach(
                        "request-due",
                        "four months",
                        delivered()
                                .write(
                                        ACCESS.requested(300, null, null),
                                        ACCESS.extended(400, RECEIVED.plus(Duration.ofDays(120))))),
                breach(
                        "request-answered",
                        "due after an hour, by the operator's own rules",
                        delivered()
                                .write(RightsRequested.newBuilder(
                                                RESTRICTION.requested(300, HoldingFound.HANDOFF_STARTED, 2))
                                        .setDueAt(RECEIVED.plus(Duration.ofHours(1)))
                                        .build())),
                breach(
                        "request-notified",
                        "the broker was not notified",
                        SampleHistories.early(delivered -> delivered.write(new Rights(
                                        new Life(LIFE.id(), 0, SampleHistories.TWO_HOURS_BEFORE),
                                        new UUID(3, 1),
                                        RightsType.RESTRICTION)
                                .requested(400, HoldingFound.HANDOFF_STARTED, 1)))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }

    static Stream<Arguments> goodLives() {
        SignupId id = SignupIds.fixed(LIFE.id());
        return Stream.of(
                life(
                        "restricted before any attempt, parked, refused, delivered",
                        () -> published()
                                .write(
                                        LIFE.granted(),
                                        RESTRICTION.requested(5, HoldingFound.HELD, 0),
                                        new Parked(id, null, LIFE.at(20), ParkingReason.RESTRICTED),
                                        RESTRICTION.refused(1_000),
                                        LIFE.assigned(FJORD, 0, 1_500),
                                        LIFE.delivered(FJORD, 1, 1_600),
                                        SampleHistories.withParkedCut(LIFE.purged(PurgeReason.DELIVERED, 1_700)))),
                life(
                        "restricted until it expired",
                        () -> published()
                                .write(
                                        LIFE.granted(),
                                        RESTRICTION.requested(5, HoldingFound.HELD, 0),
                                        new Parked(id, null, LIFE.at(20), ParkingReason.RESTRICTED),
                                        SampleHistories.withParkedCut(
                                                LIFE.purged(PurgeReason.EXPIRED, SampleHistories.EXPIRY_MILLIS)))),
                life(
                        "objected to, granted, consent ended",
                        () -> published()
                                .write(
                                        LIFE.granted(),
                                        OBJECTION.requested(5, HoldingFound.HELD, 0),
                                        OBJECTION.granted(1_000),
                                        OBJECTION.withdrawn(1_000, WithdrawalOutcome.ERASED_BEFORE_HANDOFF, 0),
                                        LIFE.purged(PurgeReason.WITHDRAWN, 1_000))),
                life(
                        "erased while held",
                        () -> published()
                                .write(
                                        LIFE.granted(),
                                        ERASURE.requested(5, HoldingFound.HELD, 0),
                                        ERASURE.withdrawn(5, WithdrawalOutcome.ERASED_BEFORE_HANDOFF, 0),
                                        LIFE.purged(PurgeReason.WITHDRAWN, 5))),
                life(
                        "erasure after the delivery, confirmed, as is the withdrawal",
                        () -> delivered()
                                .write(
                                        ERASURE.requested(HOUR, HoldingFound.HANDOFF_STARTED, null),
                                        ERASURE.withdrawn(HOUR, WithdrawalOutcome.HANDOFF_STARTED, null),
                                        ERASURE.sent(FJORD, 1, HOUR, NoticeOutcome.COMPLETED),
                                        ERASURE.confirmed(FJORD, HOUR + 50),
                                        NoticeSent.newBuilder(NoticeRulesTest.sent(FJORD, NoticeOutcome.COMPLETED))
                                                .setSentAt(LIFE.at(HOUR))
                                                .build(),
                                        NoticeConfirmed.newBuilder(NoticeRulesTest.confirmed(FJORD))
                                                .setConfirmedAt(LIFE.at(HOUR + 50))
                                                .build())),
                life(
                        "restriction after the delivery, refused by the broker at the second time of asking",
                        () -> delivered()
                                .write(
                                        RESTRICTION.requested(HOUR, HoldingFound.HANDOFF_STARTED, null),
                                        RESTRICTION.sent(FJORD, 1, HOUR, NoticeOutcome.NO_ANSWER),
                                        RESTRICTION.sent(FJORD, 2, HOUR + 10, NoticeOutcome.REFUSED),
                                        RESTRICTION.refusedBy(FJORD, HOUR + 50))),
                life(
                        "restricted with an attempt under way, which was accepted, and told",
                        () -> delivered()
                                .write(
                                        RESTRICTION.requested(210, HoldingFound.HANDOFF_STARTED, 2),
                                        RESTRICTION.sent(FJORD, 1, 300, NoticeOutcome.PENDING),
                                        RESTRICTION.confirmed(FJORD, 900))),
                life(
                        "access, portability and a rectification that was refused, after everything",
                        () -> delivered()
                                .write(
                                        ACCESS.requested(HOUR, null, null),
                                        request(RightsType.PORTABILITY).requested(HOUR, null, null),
                                        RightsRequested.newBuilder(RECTIFICATION.requested(HOUR, null, null))
                                                .setSealedAs(SignupIds.fixed(new UUID(8, 8)))
                                                .build(),
                                        RECTIFICATION.refused(2 * HOUR))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodLives")
    void a_life_with_requests_passes_every_rule_also_years_later(String name, Supplier<History> history) {
        assertThat(history.get().verdict(NEXT_YEAR, true).violations()).isEmpty();
        assertThat(history.get().verdict(NEXT_YEAR, true).counts().openRequests())
                .isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodLives")
    void events_published_again_in_any_order_behind_the_first_change_nothing(String name, Supplier<History> history) {
        Random random = new Random(12);
        for (int round = 0; round < 30; round++) {
            assertThat(history.get()
                            .repeatEverything(random)
                            .verdict(NEXT_YEAR, true)
                            .violations())
                    .isEmpty();
        }
    }

    /** Topics are read one after the other, so the rules cannot know the relative order of events of two topics. */
    @Test
    void the_order_in_which_topics_are_read_changes_no_judgement() {
        List<SpecificRecord> handoffs = List.of(
                LIFE.assigned(FJORD, 0, 10),
                LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                LIFE.attempt(FJORD, 2, 90_500, AttemptOutcome.UNKNOWN));
        List<SpecificRecord> good = List.of(
                LIFE.granted(),
                RESTRICTION.requested(1_000, HoldingFound.HANDOFF_STARTED, 1),
                RESTRICTION.refused(90_000));
        List<SpecificRecord> bad =
                List.of(LIFE.granted(), RESTRICTION.requested(1_000, HoldingFound.HANDOFF_STARTED, 1));
        Random random = new Random(5);
        for (int round = 0; round < 100; round++) {
            assertThat(broken(RECEIVED.plusSeconds(95), interleaved(handoffs, good, random)))
                    .isEmpty();
            assertThat(broken(RECEIVED.plusSeconds(95), interleaved(handoffs, bad, random)))
                    .containsExactly("no-attempt-after-request");
        }
    }

    private static SpecificRecord[] interleaved(List<SpecificRecord> one, List<SpecificRecord> other, Random random) {
        List<Boolean> turns = new ArrayList<>(Collections.nCopies(one.size(), true));
        turns.addAll(Collections.nCopies(other.size(), false));
        Collections.shuffle(turns, random);
        var first = one.iterator();
        var second = other.iterator();
        return turns.stream().map(turn -> turn ? first.next() : second.next()).toArray(SpecificRecord[]::new);
    }

    @Test
    void a_decision_stands_behind_its_request() {
        assertThat(broken(SampleHistories.SOON, OBJECTION.refused(20), OBJECTION.requested(10, HoldingFound.HELD, 0)))
                .containsExactly("request-before-decision");
        assertThat(broken(SampleHistories.SOON, OBJECTION.requested(10, HoldingFound.HELD, 0), RESTRICTION.refused(20)))
                .containsExactly("request-before-decision");
        assertThat(broken(SampleHistories.SOON, OBJECTION.requested(10, HoldingFound.HELD, 0), OBJECTION.refused(20)))
                .isEmpty();
    }

    @Test
    void two_decisions_on_one_request_contradict_each_other() {
        History history =
                delivered().write(ACCESS.requested(300, null, null), ACCESS.granted(400), ACCESS.refused(500));
        assertThat(history.verdict(SampleHistories.SOON, false).brokenRules()).containsExactly("repeats-agree");
        History other = delivered()
                .write(
                        ACCESS.requested(300, null, null),
                        new Rights(LIFE, ACCESS.requestId(), RightsType.PORTABILITY).requested(300, null, null));
        assertThat(other.verdict(SampleHistories.SOON, false).brokenRules()).containsExactly("repeats-agree");
    }

    @Test
    void requests_are_counted_and_those_that_are_open_among_them() {
        Verdict verdict = delivered()
                .write(
                        RESTRICTION.requested(HOUR, HoldingFound.HANDOFF_STARTED, null),
                        ACCESS.requested(HOUR, null, null),
                        // Repeated after a crash, a little later.
                        RESTRICTION.requested(HOUR + 5, HoldingFound.HANDOFF_STARTED, null))
                .verdict(LIFE.at(2 * HOUR), true);
        assertThat(verdict.holds()).isTrue();
        assertThat(verdict.counts().requests()).isEqualTo(2);
        assertThat(verdict.counts().openRequests()).isEqualTo(1);
        assertThat(verdict.render(Verdict.Style.PLAIN)).contains("requests  2, 1 not answered yet\n");
        assertThat(verdict.json()).contains("\"openRequests\" : 1");
    }

    @Test
    void a_restriction_that_no_request_explains_is_named_and_no_breach() {
        Parked restricted = new Parked(SignupIds.fixed(LIFE.id()), null, LIFE.at(20), ParkingReason.RESTRICTED);
        Verdict unexplained = published().write(LIFE.granted(), restricted).verdict(SampleHistories.SOON, false);
        assertThat(unexplained.holds()).isTrue();
        assertThat(unexplained.restrictedWithoutRequest()).containsExactly(LIFE.id());
        assertThat(unexplained.render(Verdict.Style.PLAIN))
                .contains("restricted 1 without a request that says why: " + LIFE.id() + "\n");
        for (Rights request : List.of(RESTRICTION, OBJECTION)) {
            assertThat(published()
                            .write(LIFE.granted(), request.requested(5, HoldingFound.HELD, 0), restricted)
                            .verdict(SampleHistories.SOON, false)
                            .restrictedWithoutRequest())
                    .isEmpty();
        }
        assertThat(published()
                        .write(LIFE.granted(), ACCESS.requested(5, null, null), restricted)
                        .verdict(SampleHistories.SOON, false)
                        .restrictedWithoutRequest())
                .containsExactly(LIFE.id());
        assertThat(SampleHistories.parked().verdict(SampleHistories.SOON, false).restrictedWithoutRequest())
                .isEmpty();
    }
}
