package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.capped;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.inHours;
import static org.brokerhandoff.audit.verify.SampleHistories.AFTER_THE_HOLD;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.assignedTwice;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.deliveredToTheSecond;
import static org.brokerhandoff.audit.verify.SampleHistories.otherPolicy;
import static org.brokerhandoff.audit.verify.SampleHistories.raw;
import static org.brokerhandoff.audit.verify.SampleHistories.released;
import static org.brokerhandoff.audit.verify.SampleHistories.undeliverable;
import static org.brokerhandoff.audit.verify.SampleHistories.withdrawnAfter;
import static org.brokerhandoff.audit.verify.SampleHistories.withdrawnBefore;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Reconciled;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages of violations, so that they can be found in the log. Those of purges are in {@link PurgeLimitsTest}. */
class SentencesTest {
    static Stream<Arguments> sentences() {
        return Stream.of(
                said(
                        delivered().without(ConsentGranted.class),
                        "there is no ConsentGranted or ContactReceived, but Assigned, AttemptMade, Delivered, Purged"),
                said(
                        undeliverable().without(ConsentGranted.class),
                        "there is no ConsentGranted or ContactReceived, but Assigned, Refused, Undeliverable, Purged"),
                said(
                        withdrawnBefore().write(LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN)),
                        "the withdrawal says that no attempt could start, but there is AttemptMade of " + FJORD),
                said(
                        withdrawnAfter().write(LIFE.attempt(FJORD, 2, 30, AttemptOutcome.UNKNOWN)),
                        "attempt 2, to " + FJORD + ", started at 2026-11-22T13:00:00.030Z, after the withdrawal at"
                                + " 2026-11-22T13:00:00.025Z, which found 1"),
                said(delivered().without(PolicyPublished.class), "policy 2026-11-01 was never published"),
                said(
                        delivered()
                                .change(
                                        ConsentGranted.class,
                                        e -> ConsentGranted.newBuilder(e)
                                                .setNoticeDigest(Digests.sha256("another"))
                                                .build()),
                        "the text shown is not one published for policy 2026-11-01"),
                said(
                        delivered().without(Assigned.class),
                        "AttemptMade of " + FJORD + " at offset 1 has no Assigned to that broker before it",
                        "Delivered of " + FJORD + " at offset 2 has no Assigned to that broker before it"),
                said(
                        deliveredToTheSecond()
                                .without(Refused.class)
                                .changeLast(Assigned.class, e -> LIFE.assignedInstead(1, 50)),
                        NORDLYS
                                + " was assigned, hop 1, before the broker of the previous hop refused or was released"),
                said(
                        assignedTwice()
                                .write(
                                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                                        LIFE.delivered(NORDLYS, 1, 60),
                                        LIFE.purged(PurgeReason.DELIVERED, 90)),
                        NORDLYS + " was contacted before " + FJORD + ", contacted before it, refused or was released"),
                said(
                        deliveredToTheSecond().write(LIFE.delivered(FJORD, 2, 70)),
                        NORDLYS + " and " + FJORD + " accepted it"),
                said(delivered().lose(Topic.HANDOFFS, 3), "3 of 7 records are missing"),
                said(
                        delivered().writeRaw(raw(new Decoded.Undecodable(), Optional.empty())),
                        "it is not an event, or is damaged"),
                said(
                        delivered().writeRaw(raw(new Decoded.UnknownSchema(0xabcL), Optional.empty())),
                        "its schema, fingerprint 0000000000000abc, was never released"),
                said(
                        delivered().writeRaw(Records.of(Topic.HANDOFFS, 0, new SegmentMarker(RECEIVED))),
                        "SegmentMarker is not allowed in this topic"),
                said(
                        capped().without(PlaceRequested.class),
                        "Delivered of " + FJORD
                                + ": the attempt at 2026-11-22T13:00:00.020Z had no place under its caps"),
                said(
                        capped().change(PlaceRequested.class, e -> LIFE.place(FJORD, 5, 99)),
                        "no version of the directory in force gives " + FJORD + " this window or this cap"),
                said(
                        inHours(Duration.ofMinutes(32).toMillis()),
                        "an attempt to " + FJORD + " started at 2026-11-22T13:32:00Z, when it was closed"),
                said(
                        released(RoutingRules.SIGNATURE_TOLERANCE, ReleaseReason.NOT_RECEIVED)
                                .without(Reconciled.class),
                        FJORD + " was released without answering, " + RoutingRules.SIGNATURE_TOLERANCE.toMinutes()
                                + " minutes after the last attempt, that it does not have the signup"),
                said(
                        released(RoutingRules.SIGNATURE_TOLERANCE, ReleaseReason.NOTHING_SENT),
                        FJORD + " was released as never contacted, but an attempt may have been sent"),
                said(
                        delivered()
                                .write(PolicyPublished.newBuilder(Life.policy(RECEIVED))
                                        .setDigest(Digests.sha256("quietly changed"))
                                        .build()),
                        "policy 2026-11-01 (nb) was published again with another text or date"),
                said(
                        undeliverable()
                                .write(
                                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 55),
                                        LIFE.purged(PurgeReason.WITHDRAWN, 61)),
                        "the event \"purged\" was published again with different content"),
                said(
                        delivered()
                                .write(
                                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 400),
                                        NoticeRulesTest.sent(NORDLYS, NoticeOutcome.COMPLETED)),
                        "a notice went to " + NORDLYS + ", which was never assigned before"));
    }

    private static Arguments said(History history, String... sentences) {
        return Arguments.of(sentences[0], sentences, history);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sentences")
    void a_breach_is_said_with_what_was_found(String name, String[] sentences, History history) {
        assertThat(history.verdict(AFTER_THE_HOLD, false).violations())
                .extracting(Violation::sentence)
                .containsExactly(sentences);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("policies")
    void a_policy_that_did_not_hold_is_said_with_both_moments(String sentence, History history) {
        assertThat(history.verdict(AFTER_THE_HOLD, false).violations())
                .extracting(Violation::sentence)
                .contains(sentence);
    }

    static Stream<Arguments> policies() {
        String moments = ", for a consent given at " + LIFE.granted().getGivenAt() + " and received at " + RECEIVED;
        return Stream.of(
                Arguments.of(
                        "policy 2026-11-01 was superseded" + moments,
                        delivered().write(otherPolicy(RECEIVED.minusSeconds(600), RECEIVED.minusSeconds(600)))),
                Arguments.of(
                        "policy 2026-11-01 was not yet in effect" + moments,
                        delivered()
                                .change(
                                        PolicyPublished.class,
                                        e -> PolicyPublished.newBuilder(e)
                                                .setEffectiveAt(RECEIVED.plusSeconds(600))
                                                .build())));
    }

    static Stream<Arguments> releases() {
        History proven = released(RoutingRules.SIGNATURE_TOLERANCE, ReleaseReason.NOT_RECEIVED);
        String unproven = FJORD + " was released without answering, " + RoutingRules.SIGNATURE_TOLERANCE.toMinutes()
                + " minutes after the last attempt, that it does not have the signup";
        return Stream.of(
                Arguments.of("asked only after the release", unproven, proven.move(Reconciled.class, Released.class)),
                Arguments.of(
                        "another broker said that it has nothing",
                        unproven,
                        released(RoutingRules.SIGNATURE_TOLERANCE, ReleaseReason.NOT_RECEIVED)
                                .change(
                                        Reconciled.class,
                                        e -> Reconciled.newBuilder(e)
                                                .setBroker(NORDLYS)
                                                .build())),
                Arguments.of(
                        "it said that it has it",
                        unproven,
                        released(RoutingRules.SIGNATURE_TOLERANCE, ReleaseReason.NOT_RECEIVED)
                                .change(
                                        Reconciled.class,
                                        e -> Reconciled.newBuilder(e)
                                                .setAnswer(ReconciliationAnswer.ACCEPTED)
                                                .build())),
                Arguments.of(
                        "an attempt that the release covers, long after it",
                        FJORD + " was contacted again after its release",
                        unsent(3).write(LIFE.attempt(FJORD, 2, 200_000, AttemptOutcome.NOT_SENT))));
    }

    private static History unsent(int attempts) {
        return SampleHistories.published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.NOT_SENT),
                        LIFE.released(FJORD, 60, ReleaseReason.NOTHING_SENT, attempts),
                        LIFE.purged(PurgeReason.EXPIRED, SampleHistories.EXPIRY_MILLIS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("releases")
    void a_release_without_proof_is_said_to_be_one(String name, String sentence, History history) {
        assertThat(history.verdict(AFTER_THE_HOLD, false).violations())
                .filteredOn(violation -> violation.rule().equals("release-proven"))
                .extracting(Violation::sentence)
                .containsExactly(sentence);
    }

    @Test
    void a_release_after_attempts_that_were_certainly_not_sent_needs_no_more_proof() {
        assertThat(unsent(1).verdict(AFTER_THE_HOLD, false).violations()).isEmpty();
    }

    @Test
    void a_place_of_another_hour_than_that_in_which_it_was_asked_for_is_a_breach() {
        History history = capped().change(
                        PlaceRequested.class,
                        e -> PlaceRequested.newBuilder(e)
                                .setHour(e.getHour().minusSeconds(7200))
                                .build());
        assertThat(history.verdict(AFTER_THE_HOLD, false).brokenRules()).contains("place-by-directory");
    }
}
