package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Candidate;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkedCut;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.params.provider.Arguments;

/** Lives that tests write into a {@link History}, and ways to tamper with them. */
final class SampleHistories {
    static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");
    static final Instant HOUR_BEFORE = RECEIVED.minusSeconds(3600);
    static final Instant TWO_HOURS_BEFORE = RECEIVED.minusSeconds(2 * 3600);
    static final Instant SOON = RECEIVED.plusSeconds(60);
    static final Instant AFTER_THE_HOLD = RECEIVED.plus(Life.HOLD).plusMillis(1);
    static final long EXPIRY_MILLIS = Duration.between(
                    RECEIVED, HoldTimes.of(RECEIVED, Life.HOLD).keyExpiry())
            .toMillis();
    static final long AFTER_RELEASE = RoutingRules.SIGNATURE_TOLERANCE.toMillis() + 50;
    static final Life LIFE = new Life(new UUID(7, 9), 0, RECEIVED);

    static History published() {
        return new History(1).write(Life.policy(RECEIVED), Life.directory(RECEIVED), Life.examined(RECEIVED));
    }

    static History delivered() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.DEFERRED),
                        LIFE.delivered(FJORD, 2, 200),
                        LIFE.purged(PurgeReason.DELIVERED, 230));
    }

    static History deliveredToTheSecond() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.refused(FJORD, 20),
                        LIFE.assigned(NORDLYS, 1, 50),
                        LIFE.delivered(NORDLYS, 2, 60),
                        LIFE.purged(PurgeReason.DELIVERED, 90));
    }

    /** By two routers, during a takeover. */
    static History assignedTwice() {
        return published().write(LIFE.granted(), LIFE.assigned(FJORD, 0, 10), LIFE.assignedInstead(0, 11));
    }

    static History withdrawnBefore() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.withdrawn(WithdrawalOutcome.ERASED_BEFORE_HANDOFF, 15),
                        LIFE.purged(PurgeReason.WITHDRAWN, 16));
    }

    static History withdrawnAfter() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 25, 1),
                        LIFE.purged(PurgeReason.WITHDRAWN, 26));
    }

    /** The same, without the number of attempts that it found. */
    static History withdrawnAfterSome() {
        return withdrawnAfter()
                .change(ConsentWithdrawn.class, e -> LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 25));
    }

    /** The one attempt of {@link #withdrawnAfter} started at this time by the router's clock. */
    static History withdrawnAfterAnAttemptAt(long millis) {
        return withdrawnAfter().change(AttemptMade.class, e -> LIFE.attempt(FJORD, 1, millis, AttemptOutcome.UNKNOWN));
    }

    static History undeliverable() {
        return published()
                .write(
                        onlyFjord(LIFE.granted()),
                        onlyFjord(LIFE.assigned(FJORD, 0, 10)),
                        LIFE.refused(FJORD, 20),
                        LIFE.undeliverable(50),
                        LIFE.purged(PurgeReason.UNDELIVERABLE, 60));
    }

    /** A consent that lists one broker. */
    static ConsentGranted onlyFjord(ConsentGranted granted) {
        return ConsentGranted.newBuilder(granted).setRecipients(List.of(FJORD)).build();
    }

    private static Assigned onlyFjord(Assigned assigned) {
        return Assigned.newBuilder(assigned)
                .setRecipients(List.of(FJORD))
                .setCandidates(List.of(new Candidate(FJORD, 1, 1)))
                .setExclusions(List.of(new Exclusion(NORDLYS, ExclusionReason.NOT_IN_CONSENT)))
                .build();
    }

    static History expired() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.NOT_SENT),
                        LIFE.purged(PurgeReason.EXPIRED, EXPIRY_MILLIS));
    }

    static History invalid() {
        return published().write(LIFE.purged(PurgeReason.INVALID, 60));
    }

    /** The cut was confirmed at 330 ms and the claim made at 1430 ms. */
    static History erased(LogErased... looks) {
        return delivered().without(Purged.class).write(looks).write(LIFE.erased(PurgeReason.DELIVERED, 230));
    }

    /** Asked so long after the attempt, and released for this reason. */
    static History released(Duration asked, ReleaseReason reason) {
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

    /** Released, with attempts 1 and 2 accounted for, and then attempt 3, by a router that had been suspended. */
    static History sentAgain() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                        LIFE.reconciled(FJORD, AFTER_RELEASE - 30, ReconciliationAnswer.NOT_RECEIVED),
                        LIFE.released(FJORD, AFTER_RELEASE, ReleaseReason.NOT_RECEIVED, 2),
                        LIFE.attempt(FJORD, 3, AFTER_RELEASE + 10, AttemptOutcome.UNKNOWN));
    }

    /** The same, accepted there in the end. */
    static History sentAgainAndAccepted() {
        return sentAgain()
                .write(
                        LIFE.delivered(FJORD, 4, AFTER_RELEASE + 60),
                        LIFE.purged(PurgeReason.DELIVERED, AFTER_RELEASE + 90));
    }

    /** The same, released again, and delivered to another. */
    static History sentAgainAndReleasedAgain() {
        long again = AFTER_RELEASE + 10 + RoutingRules.SIGNATURE_TOLERANCE.toMillis();
        return sentAgain()
                .write(
                        LIFE.reconciled(FJORD, again, ReconciliationAnswer.NOT_RECEIVED),
                        LIFE.released(FJORD, again + 30, ReleaseReason.NOT_RECEIVED, 4),
                        toTheSecond(again + 40),
                        LIFE.delivered(NORDLYS, 5, again + 50),
                        LIFE.purged(PurgeReason.DELIVERED, again + 90));
    }

    /** Assigned to the second broker, since the first does not have it. */
    static Assigned toTheSecond(long millis) {
        return LIFE.assigned(
                Life.directory(RECEIVED),
                Purpose.BROKER_HANDOFF,
                Map.of(FJORD, ExclusionReason.NOT_RECEIVED),
                Map.of(),
                1,
                millis);
    }

    /** Delivered two hours before {@link #RECEIVED}, and what {@code more} adds. */
    static History early(UnaryOperator<History> more) {
        Life life = new Life(LIFE.id(), 0, TWO_HOURS_BEFORE);
        return more.apply(untold(life).without(ConsentWithdrawn.class));
    }

    static History untold(Life life) {
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

    static Purged withoutRecord(Purged purged) {
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

    static CustodyExamined permitting(Instant at, PurgeLevel highest) {
        return Life.examined(at, highest);
    }

    static History consentedAt(Instant givenAt) {
        return delivered()
                .change(
                        ConsentGranted.class,
                        e -> ConsentGranted.newBuilder(e).setGivenAt(givenAt).build());
    }

    static PolicyPublished otherPolicy(Instant effectiveAt, Instant publishedAt) {
        return PolicyPublished.newBuilder(Life.policy(RECEIVED))
                .setVersion("2026-11-22")
                .setDigest(Digests.sha256("other"))
                .setEffectiveAt(effectiveAt)
                .setPublishedAt(publishedAt)
                .build();
    }

    static KeptRecord raw(Decoded decoded, Optional<String> foreignContent) {
        return Records.content(
                Records.of(Topic.HANDOFFS, 0, LIFE.assigned(FJORD, 0, 10)),
                new KeptRecord.Content(decoded, foreignContent, true));
    }

    static KeptRecord headers(KeptRecord record, Optional<String> id, Optional<String> type) {
        return Records.header(Records.header(record, CloudEventHeaders.ID, id), CloudEventHeaders.TYPE, type);
    }

    static KeptRecord keyed(KeptRecord record, UUID key) {
        return Records.keyed(record, SignupIds.bytes(key));
    }

    static Arguments life(String name, Supplier<History> history) {
        return Arguments.of(name, history);
    }

    static Arguments breach(String rule, String name, History history) {
        return Arguments.of(rule, name, history);
    }

    static History parked() {
        return delivered()
                .write(new Parked(LIFE.granted().getSignupId(), FJORD, LIFE.at(55), ParkingReason.BROKER_UNAVAILABLE))
                .change(Purged.class, SampleHistories::withParkedCut);
    }

    /** The same purge, of a parked signup: the parked topic was cut as well. */
    static Purged withParkedCut(Purged purged) {
        Purged.Builder builder = Purged.newBuilder(purged);
        builder.setParked(ParkedCut.newBuilder()
                .setEndOffset(9)
                .setStartOffset(9)
                .setReplicas(3)
                .setInSyncReplicas(3)
                .setCutConfirmedAt(purged.getCutConfirmedAt())
                .build());
        return builder.build();
    }

    /** Erased from both topics' files: the record was at 41, the parked copies before 9. */
    static History parkedAndErased(long lowestParkedOfTheThird) {
        History history = parked().without(Purged.class);
        for (int broker = 1; broker <= 3; broker++) {
            LogErased look = LIFE.look(broker, 800, 42L);
            history.write(
                    look,
                    LogErased.newBuilder(look)
                            .setTopic(SealedTopic.SIGNUPS_PARKED)
                            .setLowestOffset(broker == 3 ? lowestParkedOfTheThird : 9L)
                            .build());
        }
        history.write(withParkedCut(LIFE.erased(PurgeReason.DELIVERED, 230)));
        return history;
    }

    static Arguments parkedEvidence(String name, Consumer<ParkedCut.Builder> change) {
        return breach("purge-evidence", name, parked().change(Purged.class, purged -> {
            ParkedCut.Builder cut = ParkedCut.newBuilder(purged.getParked());
            change.accept(cut);
            return Purged.newBuilder(purged).setParked(cut.build()).build();
        }));
    }

    static Arguments evidence(String name, Consumer<Purged.Builder> change) {
        return breach("purge-evidence", name, delivered().change(Purged.class, purged -> {
            Purged.Builder builder = Purged.newBuilder(purged);
            change.accept(builder);
            return builder.build();
        }));
    }

    static void foundByItsRuleOnly(String rule, History history) {
        Verdict verdict = history.verdict(AFTER_THE_HOLD, false);
        assertThat(verdict.brokenRules()).containsExactly(rule);
        assertThat(verdict.violations())
                .allSatisfy(violation ->
                        assertThat(violation.sentence()).as("what is wrong").isNotBlank());
        assertThat(verdict.holds()).isFalse();
        if (Rules.ALL.stream().anyMatch(each -> each.code().equals(rule) && each.check() instanceof Rule.OfSignup)) {
            assertThat(verdict.signupsBreaking(rule)).containsExactly(LIFE.id());
        }
    }

    private SampleHistories() {}
}
