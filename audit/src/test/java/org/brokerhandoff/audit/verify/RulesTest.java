package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.inHours;
import static org.brokerhandoff.audit.verify.SampleHistories.AFTER_THE_HOLD;
import static org.brokerhandoff.audit.verify.SampleHistories.EXPIRY_MILLIS;
import static org.brokerhandoff.audit.verify.SampleHistories.HOUR_BEFORE;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.SOON;
import static org.brokerhandoff.audit.verify.SampleHistories.assignedTwice;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.consentedAt;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.deliveredToTheSecond;
import static org.brokerhandoff.audit.verify.SampleHistories.erased;
import static org.brokerhandoff.audit.verify.SampleHistories.expired;
import static org.brokerhandoff.audit.verify.SampleHistories.life;
import static org.brokerhandoff.audit.verify.SampleHistories.otherPolicy;
import static org.brokerhandoff.audit.verify.SampleHistories.parkedAndErased;
import static org.brokerhandoff.audit.verify.SampleHistories.permitting;
import static org.brokerhandoff.audit.verify.SampleHistories.published;
import static org.brokerhandoff.audit.verify.SampleHistories.released;
import static org.brokerhandoff.audit.verify.SampleHistories.withdrawnAfterAnAttemptAt;
import static org.brokerhandoff.audit.verify.SampleHistories.withoutRecord;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RulesTest {
    static Stream<Arguments> goodLives() {
        return Stream.of(
                life("delivered", SampleHistories::delivered),
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
                                LIFE.look(3, 1431, 42L),
                                LIFE.look(4, 800, null))),
                life("parked, then delivered", SampleHistories::parked),
                life("parked, and erased from the files of both topics", () -> parkedAndErased(9)),
                life("refused, then delivered to another", SampleHistories::deliveredToTheSecond),
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
                life("with a place under a cap", HistoriesUnderTerms::capped),
                life(
                        "in the last minute of the opening hours",
                        () -> inHours(Duration.ofMinutes(29).toMillis())),
                life(
                        "released after the broker said that it has nothing",
                        () -> released(RoutingRules.SIGNATURE_TOLERANCE, ReleaseReason.NOT_RECEIVED)),
                life(
                        "released, sent to it once more by a router that had stood still, and accepted there",
                        SampleHistories::sentAgainAndAccepted),
                life(
                        "released, sent to it once more, released again, and delivered to another",
                        SampleHistories::sentAgainAndReleasedAgain),
                life("a message to the helpdesk", HistoriesUnderTerms::message),
                life("withdrawn before the handoff", SampleHistories::withdrawnBefore),
                life("withdrawn while the handoff was under way", SampleHistories::withdrawnAfter),
                life(
                        "withdrawn after the acceptance",
                        () -> delivered().write(LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 400))),
                life(
                        "withdrawn during an attempt that the router dates a moment later, by its clock",
                        () -> withdrawnAfterAnAttemptAt(52)),
                life(
                        "withdrawn during an attempt that the router dates later by as much as clocks may differ",
                        () -> withdrawnAfterAnAttemptAt(25 + ProcessClocks.MOST_APART_MILLIS)),
                life(
                        "the same, by a withdrawal that does not say how many attempts it found",
                        () -> withdrawnAfterAnAttemptAt(52)
                                .change(
                                        ConsentWithdrawn.class,
                                        e -> LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 25))),
                life(
                        "withdrawn long after its attempts, by an older copy of the slot file, which counts fewer",
                        () -> published()
                                .write(
                                        LIFE.granted(),
                                        LIFE.assigned(FJORD, 0, 10),
                                        LIFE.attempt(FJORD, 3, 20, AttemptOutcome.UNKNOWN),
                                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 90_000, 1),
                                        LIFE.purged(PurgeReason.WITHDRAWN, 90_010))),
                life(
                        "withdrawn after more attempts than custody counts",
                        () -> published()
                                .write(
                                        LIFE.granted(),
                                        LIFE.assigned(FJORD, 0, 10),
                                        LIFE.attempt(FJORD, 255, 20, AttemptOutcome.UNKNOWN),
                                        LIFE.attempt(FJORD, 255, 60, AttemptOutcome.UNKNOWN),
                                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 55, 255),
                                        LIFE.purged(PurgeReason.WITHDRAWN, 90))),
                life(
                        "sent by a router whose clock is behind that of ingest",
                        () -> delivered()
                                .change(Assigned.class, e -> LIFE.assigned(FJORD, 0, -ProcessClocks.MOST_APART_MILLIS))
                                .change(
                                        AttemptMade.class,
                                        e -> LIFE.attempt(
                                                FJORD, 1, -ProcessClocks.MOST_APART_MILLIS, AttemptOutcome.DEFERRED))),
                life(
                        "purged by a router whose clock is behind that of the process which destroyed the key",
                        () -> delivered()
                                .change(
                                        Purged.class,
                                        e -> withoutRecord(Purged.newBuilder(e)
                                                .setPurgedAt(LIFE.at(230 - ProcessClocks.MOST_APART_MILLIS))
                                                .build()))),
                life(
                        "expired by a clock that is behind",
                        () -> expired()
                                .change(
                                        Purged.class,
                                        e -> LIFE.purged(
                                                PurgeReason.EXPIRED, EXPIRY_MILLIS - ProcessClocks.MOST_APART_MILLIS))),
                life("refused by all", SampleHistories::undeliverable),
                life("expired", SampleHistories::expired),
                life(
                        "accepted while the key expired",
                        () -> expired().write(LIFE.delivered(FJORD, 2, EXPIRY_MILLIS - 5))),
                life(
                        "a newer version of the cookie policy, and one of the same name, with other texts",
                        () -> delivered().write(cookiePolicy("cookies-2"), cookiePolicy(Life.POLICY))),
                life(
                        "the operator published what it says of itself",
                        () -> delivered()
                                .write(OperatorPublished.newBuilder()
                                        .setDigest(Digests.sha256("operator"))
                                        .setPublishedAt(RECEIVED.minusSeconds(60))
                                        .setName("Portal AS")
                                        .setRegisteredOffice("Storgata 1, 0155 Oslo")
                                        .setContact("privacy@portal.example")
                                        .setJurisdiction("NO")
                                        .setProcessors(List.of())
                                        .setNotices(List.of())
                                        .setExtraMembers(List.of("city"))
                                        .build())),
                life("a record that could not be read", SampleHistories::invalid),
                life(
                        "a key whose request never ended in an acceptance",
                        () -> published().write(withoutRecord(LIFE.purged(PurgeReason.EXPIRED, EXPIRY_MILLIS)))),
                life(
                        "purged without proof that the log is cut",
                        () -> delivered().change(Purged.class, SampleHistories::withoutRecord)),
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
                                .change(Purged.class, SampleHistories::withoutRecord)),
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
        for (int round = 0; round < 12; round++) {
            History repeated = history.get().repeatEverything(random);
            assertThat(repeated.verdict(AFTER_THE_HOLD, true).violations()).isEmpty();
        }
    }

    @Test
    void a_late_destruction_of_the_key_is_found() {
        History late = expired().change(Purged.class, e -> LIFE.purged(PurgeReason.EXPIRED, Life.HOLD.toMillis() + 1));
        assertThat(late.verdict(AFTER_THE_HOLD, false).violations())
                .extracting(Violation::rule)
                .containsExactly("purged-in-time", "purged-in-time");
    }

    /** Every tampering that these tests try: the rule that finds it, a description, and the log. */
    static Stream<Arguments> allBreaches() {
        return Stream.of(
                        LogRulesTest.breaches(),
                        ChannelsTest.channels(),
                        OrderRulesTest.breaches(),
                        ConsentRulesTest.breaches(),
                        ResidenceRulesTest.breaches(),
                        CorrectionRulesTest.breaches(),
                        CookieRulesTest.breaches(),
                        HandoffRulesTest.breaches(),
                        RoutingRulesTest.breaches(),
                        PurgeRulesTest.breaches(),
                        PurgeLimitsTest.breaches(),
                        SeenRulesTest.breaches(),
                        EvidenceRulesTest.breaches(),
                        CellRulesTest.breaches(),
                        RequestRulesTest.breaches(),
                        DisclosureRulesTest.breaches(),
                        PreservationRulesTest.breaches(),
                        NoticeBreachesTest.breaches(),
                        CanaryRulesTest.breaches())
                .flatMap(breaches -> breaches);
    }

    @Test
    void every_rule_has_a_breach_that_only_it_finds() {
        Set<String> codes = new HashSet<>();
        allBreaches().forEach(breach -> codes.add((String) breach.get()[0]));
        assertThat(Rules.ALL.stream()
                        // Their violations concern the ledger, not the log: PartitionLedgerTest, LedgerFoldTest.
                        .filter(rule -> !LedgerRules.ALL.contains(rule))
                        .map(Rule::code))
                .containsExactlyInAnyOrderElementsOf(codes);
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

        history.tamper(Assigned.class, record -> Records.at(record, (right + 1) % 4, 0));
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
        // Policy and directory are repeated too, but are not facts of a signup.
        assertThat(verdict.counts().repeats()).isGreaterThanOrEqualTo(799).isLessThanOrEqualTo(history.size() - 802);
    }

    private static PolicyPublished cookiePolicy(String version) {
        return PolicyPublished.newBuilder(Life.policy(RECEIVED))
                .setKind(DocumentKind.COOKIES)
                .setVersion(version)
                .setDigest(Digests.sha256("cookies"))
                .setEffectiveAt(RECEIVED.minusSeconds(3600))
                .build();
    }
}
