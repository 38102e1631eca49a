package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.OpeningHours;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkedCut;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.Reconciled;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.routing.Load;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RulesTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant HOUR_BEFORE = RECEIVED.minusSeconds(3600);
    private static final Instant TWO_HOURS_BEFORE = RECEIVED.minusSeconds(2 * 3600);
    private static final Instant SOON = RECEIVED.plusSeconds(60);
    private static final Instant AFTER_THE_HOLD = RECEIVED.plus(Life.HOLD).plusMillis(1);
    private static final long EXPIRY_MILLIS = Duration.between(
                    RECEIVED, HoldTimes.of(RECEIVED, Life.HOLD).keyExpiry())
            .toMillis();
    private static final Life LIFE = new Life(new UUID(7, 9), 0, RECEIVED);

    private static History published() {
        return new History(1).write(Life.policy(RECEIVED), Life.directory(RECEIVED), Life.examined(RECEIVED));
    }

    private static History delivered() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.DEFERRED),
                        LIFE.delivered(FJORD, 2, 200),
                        LIFE.purged(PurgeReason.DELIVERED, 230));
    }

    private static History deliveredToTheSecond() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.refused(FJORD, 20),
                        LIFE.assigned(NORDLYS, 1, 50),
                        LIFE.delivered(NORDLYS, 1, 60),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    /** By two routers, during a take-over. */
    private static History assignedTwice() {
        return published().write(LIFE.granted(), LIFE.assigned(FJORD, 0, 10), LIFE.assignedInstead(0, 11));
    }

    private static History withdrawnBefore() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.withdrawn(WithdrawalOutcome.ERASED_BEFORE_HANDOFF, 15),
                        LIFE.purged(PurgeReason.WITHDRAWN, 16));
    }

    private static History withdrawnAfter() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 25),
                        LIFE.purged(PurgeReason.WITHDRAWN, 26));
    }

    private static History undeliverable() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.refused(FJORD, 20),
                        LIFE.undeliverable(50),
                        LIFE.purged(PurgeReason.UNDELIVERABLE, 60));
    }

    private static History expired() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.NOT_SENT),
                        LIFE.purged(PurgeReason.EXPIRED, EXPIRY_MILLIS));
    }

    private static History invalid() {
        return published().write(LIFE.purged(PurgeReason.INVALID, 60));
    }

    /** The cut was confirmed at 330 ms and the claim made at 1430 ms. */
    private static History erased(LogErased... looks) {
        return delivered()
                .change(Purged.class, e -> LIFE.erased(PurgeReason.DELIVERED, 230))
                .write(looks);
    }

    private static final DirectoryPublished CAPPED = before(Life.directory(
            Life.broker(FJORD, 1).setHourlyCap(1).build(),
            Life.broker(NORDLYS, 2).build()));
    private static final DirectoryPublished TEN_AN_HOUR = before(Life.directory(
            Life.broker(FJORD, 1).setHourlyCap(10).build(),
            Life.broker(NORDLYS, 2).build()));
    /** {@link #RECEIVED} is a Sunday. */
    private static final DirectoryPublished UNTIL_HALF_PAST = before(Life.directory(Life.broker(FJORD, 1)
            .setHours(new OpeningHours("UTC", List.of("Sun 12:00-13:30")))
            .build()));

    private static final DirectoryPublished WITH_HELPDESK = before(Life.directory(
            Life.broker(FJORD, 1).build(),
            Life.broker("helpdesk", 1).setKind(RecipientKind.HELPDESK).build()));

    private static DirectoryPublished before(DirectoryPublished directory) {
        return DirectoryPublished.newBuilder(directory)
                .setPublishedAt(HOUR_BEFORE)
                .build();
    }

    private static History by(DirectoryPublished directory) {
        return new History(1).write(Life.policy(RECEIVED), directory, Life.examined(RECEIVED));
    }

    private static Assigned first(Life life, DirectoryPublished by) {
        return life.assigned(by, Purpose.BROKER_HANDOFF, Map.of(), Map.of(), 0, 10);
    }

    /** Under a cap of one an hour. */
    private static History capped() {
        return by(CAPPED)
                .write(
                        LIFE.granted(),
                        LIFE.place(FJORD, 5, 1),
                        first(LIFE, CAPPED),
                        LIFE.delivered(FJORD, 1, 20),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    /** The place of the one before was given back, though it had been used. */
    private static History cappedAfterAnother() {
        Life other = new Life(new UUID(7, 10), 0, RECEIVED);
        return by(CAPPED)
                .write(
                        other.granted(),
                        other.place(FJORD, 1, 1),
                        first(other, CAPPED),
                        other.delivered(FJORD, 1, 20),
                        other.purged(PurgeReason.DELIVERED, 90),
                        other.placeReleased(FJORD, 3),
                        LIFE.granted(),
                        LIFE.place(FJORD, 5, 1),
                        first(LIFE, CAPPED),
                        LIFE.delivered(FJORD, 1, 20),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    private static History inHours(long startedMillis) {
        return by(UNTIL_HALF_PAST)
                .write(
                        LIFE.granted(),
                        first(LIFE, UNTIL_HALF_PAST),
                        LIFE.delivered(FJORD, 1, startedMillis),
                        LIFE.purged(PurgeReason.DELIVERED, startedMillis + 90));
    }

    /** Asked so long after the attempt, and released for this reason. */
    private static History released(Duration asked, ReleaseReason reason) {
        long at = asked.toMillis() + 20;
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                        LIFE.reconciled(FJORD, at, ReconciliationAnswer.NOT_RECEIVED),
                        LIFE.released(FJORD, at + 30, reason),
                        LIFE.assigned(
                                Life.directory(RECEIVED),
                                Purpose.BROKER_HANDOFF,
                                Map.of(FJORD, ExclusionReason.NOT_RECEIVED),
                                Map.of(),
                                1,
                                at + 40),
                        LIFE.delivered(NORDLYS, 2, at + 50),
                        LIFE.purged(PurgeReason.DELIVERED, at + 90));
    }

    private static History message() {
        return by(WITH_HELPDESK)
                .write(
                        LIFE.contact("helpdesk"),
                        LIFE.assigned(WITH_HELPDESK, Purpose.HELPDESK, Map.of(), Map.of(), 0, 10),
                        LIFE.delivered("helpdesk", 1, 20),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    private static Assigned claiming(int places) {
        return LIFE.assigned(
                TEN_AN_HOUR, Purpose.BROKER_HANDOFF, Map.of(), Map.of(FJORD, new Load(false, false, places, 0)), 0, 10);
    }

    private static History tenAnHour() {
        return by(TEN_AN_HOUR)
                .write(
                        LIFE.granted(),
                        LIFE.place(FJORD, 5, 10),
                        claiming(0),
                        LIFE.delivered(FJORD, 1, 20),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    static Stream<Arguments> goodLives() {
        return Stream.of(
                life("delivered", RulesTest::delivered),
                life(
                        "erased from the files of three brokers",
                        () -> erased(LIFE.look(1, 331, 42L), LIFE.look(2, 900, 43L), LIFE.look(3, 1430, 99L))),
                life(
                        "erased, and looked at before and afterwards as well, and by a broker that is no replica",
                        () -> erased(
                                LIFE.look(1, 100, 41L),
                                LIFE.look(1, 400, 41L),
                                LIFE.look(1, 800, 42L),
                                LIFE.look(2, 800, 42L),
                                LIFE.look(3, 800, 42L),
                                LIFE.look(3, 1431, 0L),
                                LIFE.look(4, 800, null))),
                life("parked, then delivered", RulesTest::parked),
                life("parked, and erased from the files of both topics", () -> parkedAndErased(9)),
                life("refused, then delivered to another", RulesTest::deliveredToTheSecond),
                life(
                        "assigned by two routers, and sent by one",
                        () -> assignedTwice()
                                .write(
                                        LIFE.attempt(NORDLYS, 1, 20, AttemptOutcome.UNKNOWN),
                                        LIFE.delivered(NORDLYS, 2, 60),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                life(
                        "assigned by two routers, refused by the one broker, then delivered to the other",
                        () -> assignedTwice()
                                .write(
                                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.DEFERRED),
                                        LIFE.refused(FJORD, 40),
                                        LIFE.delivered(NORDLYS, 1, 60),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                life(
                        "delivered to another before a router that lost its partition told of the same refusal",
                        () -> deliveredToTheSecond().write(LIFE.refused(FJORD, 22))),
                life("with a place under a cap", RulesTest::capped),
                life(
                        "in the last minute of the opening hours",
                        () -> inHours(Duration.ofMinutes(29).toMillis())),
                life(
                        "released after the broker said that it has nothing",
                        () -> released(RoutingRules.SIGNATURE_TOLERANCE, ReleaseReason.NOT_RECEIVED)),
                life("a message to the helpdesk", RulesTest::message),
                life("withdrawn before the handoff", RulesTest::withdrawnBefore),
                life("withdrawn while the handoff was under way", RulesTest::withdrawnAfter),
                life(
                        "withdrawn after the acceptance",
                        () -> delivered().write(LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 400))),
                life("refused by all", RulesTest::undeliverable),
                life("expired", RulesTest::expired),
                life(
                        "accepted while the key expired",
                        () -> expired().write(LIFE.delivered(FJORD, 2, EXPIRY_MILLIS - 5))),
                life("a record that could not be read", RulesTest::invalid),
                life(
                        "a key whose request never ended in an acceptance",
                        () -> published().write(withoutRecord(LIFE.purged(PurgeReason.EXPIRED, EXPIRY_MILLIS)))),
                life(
                        "purged without proof that the log is cut",
                        () -> delivered().change(Purged.class, RulesTest::withoutRecord)),
                life(
                        "delivered again after a crash before the acknowledgement",
                        () -> delivered().write(LIFE.delivered(FJORD, 3, 900))),
                life(
                        "purged again after a crash, having verified more, after the time",
                        () -> delivered()
                                .write(
                                        LIFE.look(1, 900, 42L),
                                        LIFE.look(2, 900, 42L),
                                        LIFE.look(3, 900, 42L),
                                        Purged.newBuilder(LIFE.erased(PurgeReason.DELIVERED, 230))
                                                .setPurgedAt(AFTER_THE_HOLD)
                                                .build())),
                life(
                        "examined and permitted less after the purge",
                        () -> delivered().write(permitting(RECEIVED.plusSeconds(600), PurgeLevel.UNREADABLE))),
                life(
                        "examined again with less so near the purge that clocks cannot tell the order",
                        () -> delivered().write(permitting(RECEIVED.minusSeconds(30), PurgeLevel.UNREADABLE))),
                life(
                        "claimed no more than the little that is permitted",
                        () -> delivered()
                                .change(CustodyExamined.class, e -> permitting(HOUR_BEFORE, PurgeLevel.UNREADABLE))
                                .change(Purged.class, RulesTest::withoutRecord)),
                life(
                        "the policy was published again",
                        () -> delivered()
                                .write(PolicyPublished.newBuilder(Life.policy(RECEIVED))
                                        .setPublishedAt(SOON)
                                        .build())),
                life(
                        "consented under a policy that was superseded while the consent was on its way",
                        () -> delivered().write(otherPolicy(RECEIVED.minusMillis(899), HOUR_BEFORE))),
                life(
                        "consented a quarter of an hour before, under a policy that was superseded right after",
                        () -> consentedAt(RECEIVED.minusSeconds(15 * 60).minusMillis(1))
                                .write(otherPolicy(RECEIVED.minusSeconds(15 * 60), HOUR_BEFORE))),
                life(
                        "consented under a policy while another was being published",
                        () -> delivered().write(otherPolicy(HOUR_BEFORE, RECEIVED.minusSeconds(44)))),
                life(
                        "another policy came into effect later",
                        () -> delivered().write(otherPolicy(RECEIVED.plusMillis(1), RECEIVED.minusSeconds(60)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodLives")
    void a_good_life_passes_every_rule(String name, Supplier<History> history) {
        Verdict verdict = history.get().verdict(AFTER_THE_HOLD, true);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.holds()).isTrue();
        assertThat(verdict.counts().purged()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodLives")
    void events_published_again_in_any_order_behind_the_first_change_nothing(String name, Supplier<History> history) {
        Random random = new Random(11);
        for (int round = 0; round < 50; round++) {
            History repeated = history.get().repeatEverything(random);
            assertThat(repeated.verdict(AFTER_THE_HOLD, true).violations()).isEmpty();
        }
    }

    private static History untold(Life life) {
        Instant received = life.at(0);
        return new History(1)
                .write(
                        Life.policy(received),
                        Life.directory(received),
                        Life.examined(received),
                        life.granted(),
                        life.assigned(FJORD, 0, 10),
                        life.delivered(FJORD, 1, 200),
                        life.purged(PurgeReason.DELIVERED, 230),
                        life.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 400));
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach(
                        "withdrawal-notified",
                        "nobody told the broker",
                        untold(new Life(LIFE.id(), 0, TWO_HOURS_BEFORE))),
                breach(
                        "notice-to-holder",
                        "a broker that was never assigned is told",
                        delivered()
                                .write(
                                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 400),
                                        NoticeRulesTest.sent(NORDLYS, NoticeOutcome.COMPLETED))),
                breach(
                        "notice-confirmed-after-sent",
                        "nothing was sent",
                        delivered()
                                .write(
                                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 400),
                                        NoticeRulesTest.confirmed(FJORD))),
                breach(
                        "log-complete",
                        "the beginning of a topic is gone",
                        delivered().lose(Topic.HANDOFFS, 3)),
                breach(
                        "record-readable",
                        "garbage",
                        delivered().writeRaw(raw(new Decoded.Undecodable(), Optional.empty()))),
                breach(
                        "record-readable",
                        "a schema that was never released",
                        delivered().writeRaw(raw(new Decoded.UnknownSchema(3), Optional.empty()))),
                breach(
                        "record-content",
                        "a text that is not of its kind",
                        delivered()
                                .writeRaw(raw(
                                        new Decoded.Event(LIFE.assigned("kari@example.no", 0, 10)),
                                        Optional.of("Assigned.broker is not a broker-id")))),
                breach(
                        "record-topic",
                        "an event of another topic",
                        delivered().writeRaw(raw(new Decoded.Event(new SegmentMarker(RECEIVED)), Optional.empty()))),
                breach(
                        "record-identity",
                        "another event's id",
                        delivered().tamper(Delivered.class, r -> headers(r, Optional.of("x"), r.eventType()))),
                breach(
                        "record-identity",
                        "no type",
                        delivered().tamper(Purged.class, r -> headers(r, r.eventId(), Optional.empty()))),
                breach("record-key", "another key", delivered().tamper(Assigned.class, r -> keyed(r, new UUID(7, 8)))),
                breach(
                        "policy-repeats-agree",
                        "a policy published again with another text",
                        delivered()
                                .write(PolicyPublished.newBuilder(Life.policy(RECEIVED))
                                        .setDigest(Digests.sha256("quietly changed"))
                                        .build())),
                breach(
                        "repeats-agree",
                        "a purge published again with another reason",
                        undeliverable()
                                .write(
                                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 55),
                                        LIFE.purged(PurgeReason.WITHDRAWN, 61))),
                breach(
                        "repeats-agree",
                        "a consent published again with more recipients",
                        delivered()
                                .write(ConsentGranted.newBuilder(LIFE.granted())
                                        .setRecipients(List.of(FJORD, NORDLYS, "third"))
                                        .build())),
                breach("consent-before-handoff", "no consent", delivered().without(ConsentGranted.class)),
                breach(
                        "consent-before-handoff",
                        "no consent, purged as expired though a sealed record was published",
                        published().write(LIFE.purged(PurgeReason.EXPIRED, EXPIRY_MILLIS))),
                breach(
                        "consent-before-handoff",
                        "an unreadable record that was assigned all the same",
                        invalid().write(LIFE.assigned(FJORD, 0, 10))),
                breach(
                        "consent-before-handoff",
                        "an attempt before the consent was received",
                        delivered()
                                .change(
                                        AttemptMade.class,
                                        e -> AttemptMade.newBuilder(e)
                                                .setStartedAt(LIFE.at(-1))
                                                .build())),
                breach(
                        "recipient-in-consent",
                        "the broker is not a recipient",
                        delivered()
                                .change(
                                        ConsentGranted.class,
                                        e -> ConsentGranted.newBuilder(e)
                                                .setRecipients(List.of(NORDLYS))
                                                .build())),
                breach(
                        "consent-covers-handoff",
                        "the purpose is missing",
                        delivered()
                                .change(
                                        ConsentGranted.class,
                                        e -> ConsentGranted.newBuilder(e)
                                                .setPurposes(List.of())
                                                .build())),
                breach("policy-published", "no policy", delivered().without(PolicyPublished.class)),
                breach(
                        "policy-published",
                        "another text was shown",
                        delivered()
                                .change(
                                        ConsentGranted.class,
                                        e -> ConsentGranted.newBuilder(e)
                                                .setNoticeDigest(Digests.sha256("another"))
                                                .build())),
                breach(
                        "policy-published",
                        "not yet in effect",
                        delivered()
                                .change(
                                        PolicyPublished.class,
                                        e -> PolicyPublished.newBuilder(e)
                                                .setEffectiveAt(RECEIVED.plusMillis(1))
                                                .build())),
                breach(
                        "policy-published",
                        "published afterwards, dated back",
                        delivered()
                                .change(
                                        PolicyPublished.class,
                                        e -> PolicyPublished.newBuilder(e)
                                                .setPublishedAt(RECEIVED.plusMillis(1))
                                                .build())),
                breach(
                        "policy-published",
                        "not yet in effect when the consent was given",
                        delivered()
                                .change(
                                        PolicyPublished.class,
                                        e -> PolicyPublished.newBuilder(e)
                                                .setEffectiveAt(RECEIVED.minusMillis(899))
                                                .build())),
                breach(
                        "policy-published",
                        "given before it was superseded, received after the time of grace",
                        consentedAt(RECEIVED.minusSeconds(16 * 60))
                                .write(otherPolicy(
                                        RECEIVED.minusSeconds(15 * 60).minusMillis(1), HOUR_BEFORE))),
                breach(
                        "policy-published",
                        "superseded by a policy that every service knew",
                        delivered().write(otherPolicy(HOUR_BEFORE, RECEIVED.minusSeconds(46)))),
                breach(
                        "policy-published",
                        "superseded in another language",
                        delivered()
                                .write(PolicyPublished.newBuilder(otherPolicy(HOUR_BEFORE, HOUR_BEFORE))
                                        .setLanguage("en")
                                        .build())),
                breach(
                        "policy-published",
                        "superseded",
                        delivered().write(otherPolicy(RECEIVED.minusSeconds(1), RECEIVED.minusSeconds(60)))),
                breach(
                        "no-attempt-after-withdrawal",
                        "an attempt though the key was destroyed",
                        withdrawnBefore().write(LIFE.attempt(FJORD, 1, 12, AttemptOutcome.UNKNOWN))),
                breach(
                        "no-attempt-after-withdrawal",
                        "an attempt after the withdrawal",
                        withdrawnAfter().write(LIFE.attempt(FJORD, 2, 26, AttemptOutcome.UNKNOWN))),
                breach(
                        "no-attempt-after-withdrawal",
                        "an acceptance of an attempt after the withdrawal",
                        withdrawnAfter().write(LIFE.delivered(FJORD, 2, 26))),
                breach("assigned-before-handoff", "no assignment", delivered().without(Assigned.class)),
                breach(
                        "assigned-before-handoff",
                        "assigned afterwards",
                        delivered().move(Assigned.class, AttemptMade.class)),
                breach(
                        "assigned-before-handoff",
                        "another broker was contacted",
                        expired()
                                .change(
                                        AttemptMade.class,
                                        e -> AttemptMade.newBuilder(e)
                                                .setBroker(NORDLYS)
                                                .build())),
                breach(
                        "next-broker-after-refusal",
                        "no refusal",
                        deliveredToTheSecond()
                                .without(Refused.class)
                                .changeLast(Assigned.class, e -> LIFE.assignedInstead(1, 50))),
                breach(
                        "next-broker-after-refusal",
                        "refused afterwards",
                        deliveredToTheSecond()
                                .move(Refused.class, Delivered.class)
                                .changeLast(Assigned.class, e -> LIFE.assignedInstead(1, 50))),
                breach(
                        "next-broker-after-refusal",
                        "two brokers of one hop were contacted",
                        assignedTwice()
                                .write(
                                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                                        LIFE.delivered(NORDLYS, 1, 60),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "next-broker-after-refusal",
                        "the refusal was recorded behind the contact with the other broker of that hop",
                        assignedTwice()
                                .write(
                                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                                        LIFE.attempt(NORDLYS, 1, 40, AttemptOutcome.UNKNOWN),
                                        LIFE.refused(FJORD, 30),
                                        LIFE.delivered(NORDLYS, 2, 60),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "next-broker-after-refusal",
                        "another was contacted after the acceptance",
                        assignedTwice()
                                .write(
                                        LIFE.delivered(FJORD, 1, 20),
                                        LIFE.attempt(NORDLYS, 2, 60, AttemptOutcome.UNKNOWN),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "next-broker-after-refusal",
                        "a broker that had refused was contacted while the next one may have it",
                        deliveredToTheSecond().write(LIFE.attempt(FJORD, 2, 70, AttemptOutcome.UNKNOWN))),
                breach(
                        "next-broker-after-refusal",
                        "a hop is missing",
                        undeliverable().write(LIFE.assigned(NORDLYS, 2, 55))),
                breach(
                        "one-broker-accepts",
                        "two acceptances",
                        deliveredToTheSecond().write(LIFE.delivered(FJORD, 2, 70))),
                breach("directory-published", "no directory", delivered().without(DirectoryPublished.class)),
                breach(
                        "directory-digest",
                        "a broker's name was changed under the same digest",
                        delivered().change(DirectoryPublished.class, e -> {
                            List<PublishedBroker> brokers = new ArrayList<>(e.getBrokers());
                            brokers.set(
                                    0,
                                    PublishedBroker.newBuilder(brokers.get(0))
                                            .setName("another")
                                            .build());
                            return DirectoryPublished.newBuilder(e)
                                    .setBrokers(brokers)
                                    .build();
                        })),
                breach(
                        "decision-replays",
                        "another broker than the rules lead to",
                        published()
                                .write(
                                        LIFE.granted(),
                                        Assigned.newBuilder(LIFE.assigned(FJORD, 0, 10))
                                                .setBroker(NORDLYS)
                                                .build(),
                                        LIFE.delivered(NORDLYS, 1, 20),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "decision-replays",
                        "a candidate was left out",
                        delivered()
                                .change(
                                        Assigned.class,
                                        e -> Assigned.newBuilder(e)
                                                .setCandidates(e.getCandidates().subList(0, 1))
                                                .build())),
                breach(
                        "decision-replays",
                        "given up though a broker could take it",
                        undeliverable()
                                .change(
                                        Undeliverable.class,
                                        e -> Undeliverable.newBuilder(e)
                                                .setRecipients(List.of(FJORD, NORDLYS))
                                                .build())),
                breach(
                        "load-as-logged",
                        "more places said to be taken than ever were",
                        tenAnHour().change(Assigned.class, e -> claiming(3))),
                breach(
                        "place-by-directory",
                        "a place asked for under another cap",
                        capped().change(PlaceRequested.class, e -> LIFE.place(FJORD, 5, 99))),
                breach("place-before-attempt", "no place", capped().without(PlaceRequested.class)),
                breach(
                        "place-before-attempt",
                        "a place of the hour before",
                        capped().change(PlaceRequested.class, e -> LIFE.place(FJORD, -1, 1))
                                .change(Delivered.class, e -> LIFE.delivered(FJORD, 1, 60_000))
                                .change(Purged.class, e -> LIFE.purged(PurgeReason.DELIVERED, 60_090))),
                breach("cap-respected", "a place given back after its use", cappedAfterAnother()),
                breach(
                        "hours-respected",
                        "an attempt after hours",
                        inHours(Duration.ofMinutes(32).toMillis())),
                breach(
                        "release-proven",
                        "released as unsent after an attempt that was sent",
                        released(RoutingRules.SIGNATURE_TOLERANCE, ReleaseReason.NOTHING_SENT)),
                breach(
                        "release-proven",
                        "asked while the request could still arrive",
                        released(RoutingRules.SIGNATURE_TOLERANCE.minusSeconds(1), ReleaseReason.NOT_RECEIVED)),
                breach(
                        "release-proven",
                        "nobody asked",
                        released(RoutingRules.SIGNATURE_TOLERANCE, ReleaseReason.NOT_RECEIVED)
                                .without(Reconciled.class)),
                breach(
                        "consent-covers-handoff",
                        "a message went to a broker",
                        by(WITH_HELPDESK)
                                .write(
                                        LIFE.contact("helpdesk", FJORD),
                                        first(LIFE, WITH_HELPDESK),
                                        LIFE.delivered(FJORD, 1, 20),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "recipient-in-consent",
                        "a message went to somebody else",
                        message().change(ContactReceived.class, e -> LIFE.contact("other-desk"))),
                breach("purged-in-time", "no purge", delivered().without(Purged.class)),
                breach(
                        "purged-in-time",
                        "purged late",
                        expired()
                                .change(
                                        Purged.class,
                                        e -> Purged.newBuilder(e)
                                                .setPurgedAt(AFTER_THE_HOLD)
                                                .build())),
                breach(
                        "purged-in-time",
                        "a later promise in the purge",
                        delivered()
                                .change(
                                        Purged.class,
                                        e -> Purged.newBuilder(e)
                                                .setEraseBy(AFTER_THE_HOLD)
                                                .build())),
                breach(
                        "purged-in-time",
                        "an unreadable record that was purged late",
                        invalid()
                                .change(
                                        Purged.class,
                                        e -> Purged.newBuilder(e)
                                                .setPurgedAt(AFTER_THE_HOLD)
                                                .build())),
                breach("purge-evidence", "parked, and no cut of the parked topic", parked().change(Purged.class, e -> {
                    Purged.Builder builder = Purged.newBuilder(e);
                    builder.setParked(null);
                    return builder.build();
                })),
                parkedEvidence("a copy may be served", cut -> cut.setStartOffset(8L)),
                parkedEvidence("a replica of the parked topic is away", cut -> cut.setInSyncReplicas(2)),
                parkedEvidence(
                        "the cut of the parked topic may be undone", cut -> cut.setCutConfirmedAt(AFTER_THE_HOLD)),
                breach("purge-reason", "no acceptance", delivered().without(Delivered.class)),
                breach("purge-reason", "no withdrawal", withdrawnAfter().without(ConsentWithdrawn.class)),
                breach("purge-reason", "nobody decided that", undeliverable().without(Undeliverable.class)),
                breach("purge-reason", "a broker has it", undeliverable().write(LIFE.delivered(FJORD, 2, 55))),
                breach(
                        "purge-reason",
                        "destroyed before it expired",
                        expired().change(Purged.class, e -> LIFE.purged(PurgeReason.EXPIRED, EXPIRY_MILLIS - 1))),
                breach(
                        "purge-reason",
                        "unreadable, but delivered",
                        delivered().change(Purged.class, e -> LIFE.purged(PurgeReason.INVALID, 230))),
                evidence(
                        "claimed before the key was destroyed",
                        e -> e.setPurgedAt(LIFE.at(229)).setLevel(PurgeLevel.UNREADABLE)),
                evidence("a partition where it cannot have been", e -> e.setPartition(3)),
                evidence("no place", e -> e.setOffset(null)),
                evidence("still served", e -> e.setStartOffset(41L)),
                evidence("no start offset", e -> e.setStartOffset(null)),
                evidence("a replica is behind", e -> e.setInSyncReplicas(2)),
                evidence("no replicas", e -> e.setReplicas(null)),
                evidence("no cut", e -> e.setCutConfirmedAt(null)),
                evidence("the checkpoint was not waited out", e -> e.setCheckpointIntervalMillis(1101L)),
                breach(
                        "purge-level-permitted",
                        "nobody had examined custody's place",
                        delivered().without(CustodyExamined.class)),
                breach(
                        "purge-level-permitted",
                        "the examination permits less",
                        delivered().change(CustodyExamined.class, e -> permitting(HOUR_BEFORE, PurgeLevel.UNREADABLE))),
                breach(
                        "purge-level-permitted",
                        "a later start found less",
                        delivered().write(permitting(RECEIVED.minusSeconds(120), PurgeLevel.UNREADABLE))),
                breach(
                        "purge-level-permitted",
                        "examined only afterwards",
                        delivered()
                                .change(
                                        CustodyExamined.class,
                                        e -> permitting(RECEIVED.plusSeconds(120), PurgeLevel.ERASED))),
                breach(
                        "purge-level-permitted",
                        "only ingest had examined it",
                        delivered()
                                .change(
                                        CustodyExamined.class,
                                        e -> CustodyExamined.newBuilder(e)
                                                .setService(ServiceName.INGEST)
                                                .build())),
                breach(
                        "purge-evidence",
                        "an unproven claim of more",
                        erased(LIFE.look(1, 800, 42L), LIFE.look(2, 800, 42L), LIFE.look(3, 800, 42L))
                                .change(
                                        Purged.class,
                                        e -> Purged.newBuilder(e)
                                                .setStartOffset(null)
                                                .build())),
                breach("erasure-observed", "nobody looked", erased()),
                breach("erasure-observed", "a file of the parked topic may hold a copy", parkedAndErased(8)),
                breach(
                        "erasure-observed",
                        "two of three brokers",
                        erased(LIFE.look(1, 800, 42L), LIFE.look(2, 800, 42L), LIFE.look(2, 900, 42L))),
                breach(
                        "erasure-observed",
                        "one broker may still hold it",
                        erased(LIFE.look(1, 800, 42L), LIFE.look(2, 800, 42L), LIFE.look(3, 800, 41L))),
                breach(
                        "erasure-observed",
                        "one broker held it again before the claim",
                        erased(
                                LIFE.look(1, 800, 42L),
                                LIFE.look(2, 800, 42L),
                                LIFE.look(3, 800, 42L),
                                LIFE.look(3, 900, 0L))),
                breach(
                        "erasure-observed",
                        "one look was before the cut",
                        erased(LIFE.look(1, 330, 42L), LIFE.look(2, 800, 42L), LIFE.look(3, 800, 42L))),
                breach(
                        "erasure-observed",
                        "one look was after the claim",
                        erased(LIFE.look(1, 1431, 42L), LIFE.look(2, 800, 42L), LIFE.look(3, 800, 42L))),
                breach(
                        "erasure-observed",
                        "one broker has no file of the partition and so is no replica",
                        erased(LIFE.look(1, 800, null), LIFE.look(2, 800, 42L), LIFE.look(3, 800, 42L))),
                breach(
                        "erasure-observed",
                        "one look was at another topic",
                        erased(
                                LogErased.newBuilder(LIFE.look(1, 800, 42L))
                                        .setTopic(SealedTopic.SIGNUPS_PARKED)
                                        .build(),
                                LIFE.look(2, 800, 42L),
                                LIFE.look(3, 800, 42L))),
                breach(
                        "erasure-observed",
                        "one look was at another partition",
                        erased(
                                LogErased.newBuilder(LIFE.look(1, 800, 42L))
                                        .setPartition(1)
                                        .build(),
                                LIFE.look(2, 800, 42L),
                                LIFE.look(3, 800, 42L))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        Verdict verdict = history.verdict(AFTER_THE_HOLD, false);
        assertThat(verdict.brokenRules()).containsExactly(rule);
        assertThat(verdict.holds()).isFalse();
        if (Rules.ALL.stream().anyMatch(each -> each.code().equals(rule) && each.check() instanceof Rule.OfSignup)) {
            assertThat(verdict.signupsBreaking(rule)).containsExactly(LIFE.id());
        }
    }

    @Test
    void a_late_destruction_of_the_key_is_found() {
        History late = expired().change(Purged.class, e -> LIFE.purged(PurgeReason.EXPIRED, Life.HOLD.toMillis() + 1));
        assertThat(late.verdict(AFTER_THE_HOLD, false).violations())
                .extracting(Violation::rule)
                .containsExactly("purged-in-time", "purged-in-time");
    }

    @Test
    void every_rule_has_a_breach_that_only_it_finds() {
        Set<String> codes = new HashSet<>();
        Stream.concat(breaches(), SeenRulesTest.breaches()).forEach(breach -> codes.add((String) breach.get()[0]));
        assertThat(Rules.ALL.stream().map(Rule::code)).containsExactlyInAnyOrderElementsOf(codes);
    }

    @Test
    void every_rule_is_explained_in_the_documentation() throws Exception {
        String page = Files.readString(Path.of("../docs/audit.md"));
        assertThat(Rules.ALL).allSatisfy(rule -> assertThat(page).contains("`" + rule.code() + "`"));
    }

    @Test
    void an_event_in_another_partition_than_its_signups_is_named() {
        UUID id = new UUID(7, 9);
        int right = EventPartitions.of(id, 4);
        Life life = new Life(id, right, RECEIVED);
        History history = new History(4)
                .write(
                        Life.policy(RECEIVED),
                        Life.directory(RECEIVED),
                        Life.examined(RECEIVED),
                        life.granted(),
                        life.assigned(FJORD, 0, 10),
                        life.delivered(FJORD, 1, 20),
                        life.purged(PurgeReason.DELIVERED, 40));
        assertThat(history.verdict(SOON, true).violations()).isEmpty();

        history.tamper(
                Assigned.class,
                record -> new KeptRecord(
                        record.topic(),
                        (right + 1) % 4,
                        0,
                        record.keyedSignup(),
                        record.eventId(),
                        record.eventType(),
                        record.decoded(),
                        Optional.empty()));
        assertThat(history.verdict(SOON, true).signupsBreaking("record-key")).containsExactly(id);
    }

    @Test
    void a_signup_without_a_purge_is_open_until_its_time_is_over() {
        History history = delivered().without(Purged.class);
        Instant deadline = RECEIVED.plus(Life.HOLD);

        assertThat(history.verdict(deadline, false).holds()).isTrue();
        assertThat(history.verdict(deadline, false).counts().open()).isEqualTo(1);
        assertThat(history.verdict(deadline.plusMillis(1), false).brokenRules()).containsExactly("purged-in-time");
        assertThat(history.verdict(deadline.plusMillis(1), false).counts().open())
                .isZero();
    }

    @Test
    void a_signup_that_is_open_is_a_violation_where_all_have_to_be_complete() {
        Verdict verdict = delivered().without(Purged.class).verdict(SOON, true);
        assertThat(verdict.brokenRules()).containsExactly("purged-in-time");
        assertThat(verdict.counts().open()).isEqualTo(1);
    }

    @Test
    void signups_are_judged_apart_and_counted() {
        History history = published();
        int signups = 200;
        for (int i = 0; i < signups; i++) {
            Life life = new Life(new UUID(1, i), 0, RECEIVED.plusMillis(i));
            history.write(life.granted(), life.assigned(FJORD, 0, 10), life.delivered(FJORD, 1, 20));
            if (i != 13) {
                history.write(life.purged(PurgeReason.DELIVERED, 40));
            }
        }
        Verdict verdict = history.repeatEverything(new Random(3)).verdict(SOON, true);
        assertThat(verdict.signupsBreaking("purged-in-time")).containsExactly(new UUID(1, 13));
        assertThat(verdict.violations()).hasSize(1);
        assertThat(verdict.counts().accepted()).isEqualTo(signups);
        assertThat(verdict.counts().purgedByReason()).isEqualTo(Map.of(PurgeReason.DELIVERED, 199L));
        assertThat(verdict.counts().purgedByLevel()).isEqualTo(Map.of(PurgeLevel.UNREACHABLE, 199L));
        // Policy and directory are repeated too, but are no signup's facts.
        assertThat(verdict.counts().repeats()).isGreaterThanOrEqualTo(799).isLessThanOrEqualTo(history.size() - 802);
    }

    private static Purged withoutRecord(Purged purged) {
        return Purged.newBuilder(purged)
                .setLevel(PurgeLevel.UNREADABLE)
                .setPartition(null)
                .setOffset(null)
                .setStartOffset(null)
                .setReplicas(null)
                .setInSyncReplicas(null)
                .setCutConfirmedAt(null)
                .setCheckpointIntervalMillis(null)
                .build();
    }

    private static CustodyExamined permitting(Instant at, PurgeLevel highest) {
        return Life.examined(at, highest);
    }

    private static History consentedAt(Instant givenAt) {
        return delivered()
                .change(
                        ConsentGranted.class,
                        e -> ConsentGranted.newBuilder(e).setGivenAt(givenAt).build());
    }

    private static PolicyPublished otherPolicy(Instant effectiveAt, Instant publishedAt) {
        return PolicyPublished.newBuilder(Life.policy(RECEIVED))
                .setVersion("2026-11-22")
                .setDigest(Digests.sha256("other"))
                .setEffectiveAt(effectiveAt)
                .setPublishedAt(publishedAt)
                .build();
    }

    private static KeptRecord raw(Decoded decoded, Optional<String> foreignContent) {
        return new KeptRecord(
                Topic.HANDOFFS,
                0,
                0,
                Optional.of(SignupIds.uuid(LIFE.granted().getSignupId())),
                Optional.empty(),
                Optional.empty(),
                decoded,
                foreignContent);
    }

    private static KeptRecord headers(KeptRecord r, Optional<String> id, Optional<String> type) {
        return new KeptRecord(r.topic(), r.partition(), 0, r.keyedSignup(), id, type, r.decoded(), r.foreignContent());
    }

    private static KeptRecord keyed(KeptRecord r, UUID key) {
        return new KeptRecord(
                r.topic(),
                r.partition(),
                0,
                Optional.of(key),
                r.eventId(),
                r.eventType(),
                r.decoded(),
                Optional.empty());
    }

    private static Arguments life(String name, Supplier<History> history) {
        return Arguments.of(name, history);
    }

    private static Arguments breach(String rule, String name, History history) {
        return Arguments.of(rule, name, history);
    }

    private static History parked() {
        return delivered()
                .write(new Parked(LIFE.granted().getSignupId(), FJORD, LIFE.at(55), ParkingReason.BROKER_UNAVAILABLE))
                .change(Purged.class, purged -> {
                    Purged.Builder builder = Purged.newBuilder(purged);
                    builder.setParked(ParkedCut.newBuilder()
                            .setEndOffset(9)
                            .setStartOffset(9)
                            .setReplicas(3)
                            .setInSyncReplicas(3)
                            .setCutConfirmedAt(purged.getCutConfirmedAt())
                            .build());
                    return builder.build();
                });
    }

    /** Erased from both topics' files: the record stood at 41, the parked copies before 9. */
    private static History parkedAndErased(long lowestParkedOfTheThird) {
        History history = parked().change(
                        Purged.class,
                        e -> Purged.newBuilder(e).setLevel(PurgeLevel.ERASED).build());
        for (int broker = 1; broker <= 3; broker++) {
            LogErased look = LIFE.look(broker, 800, 42L);
            history.write(
                    look,
                    LogErased.newBuilder(look)
                            .setTopic(SealedTopic.SIGNUPS_PARKED)
                            .setLowestOffset(broker == 3 ? lowestParkedOfTheThird : 9L)
                            .build());
        }
        return history;
    }

    private static Arguments parkedEvidence(String name, Consumer<ParkedCut.Builder> change) {
        return breach("purge-evidence", name, parked().change(Purged.class, purged -> {
            ParkedCut.Builder cut = ParkedCut.newBuilder(purged.getParked());
            change.accept(cut);
            return Purged.newBuilder(purged).setParked(cut.build()).build();
        }));
    }

    private static Arguments evidence(String name, Consumer<Purged.Builder> change) {
        return breach("purge-evidence", name, delivered().change(Purged.class, purged -> {
            Purged.Builder builder = Purged.newBuilder(purged);
            change.accept(builder);
            return builder.build();
        }));
    }
}
