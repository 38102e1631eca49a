package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.verify.SampleHistories.AFTER_THE_HOLD;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.erased;
import static org.brokerhandoff.audit.verify.SampleHistories.evidence;
import static org.brokerhandoff.audit.verify.SampleHistories.expired;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.life;
import static org.brokerhandoff.audit.verify.SampleHistories.parked;
import static org.brokerhandoff.audit.verify.SampleHistories.parkedEvidence;
import static org.brokerhandoff.audit.verify.SampleHistories.permitting;
import static org.brokerhandoff.audit.verify.SampleHistories.undeliverable;
import static org.brokerhandoff.audit.verify.SampleHistories.withdrawnAfter;

import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.ParkedCut;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.event.Undeliverable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The last case that the rules on purges permit and the first that they do not, and their messages. */
class PurgeLimitsTest {
    private static final Instant DEADLINE = RECEIVED.plus(Life.HOLD);

    private static History purge(History history, Consumer<Purged.Builder> change) {
        return history.change(Purged.class, purged -> {
            Purged.Builder builder = Purged.newBuilder(purged);
            change.accept(builder);
            return builder.build();
        });
    }

    private static Consumer<Purged.Builder> claimedUnreadable(Instant purged, Instant keyErased) {
        return e -> e.setLevel(PurgeLevel.UNREADABLE).setPurgedAt(purged).setKeyErasedAt(keyErased);
    }

    private static History claimedBy(CustodyExamined router) {
        return purge(delivered(), e -> e.setInstance(router.getInstance()));
    }

    static Stream<Arguments> permitted() {
        CustodyExamined earlier = permitting(RECEIVED.minusSeconds(7200), PurgeLevel.UNREACHABLE);
        return Stream.of(
                life(
                        "a router that started since found less, and another one claims",
                        () -> claimedBy(earlier)
                                .write(earlier, permitting(RECEIVED.minusSeconds(120), PurgeLevel.UNREADABLE))),
                life("the router's clock is a little ahead of its examination", () -> {
                    CustodyExamined late =
                            permitting(LIFE.at(1430 + ProcessClocks.MOST_APART_MILLIS), PurgeLevel.UNREACHABLE);
                    return claimedBy(late).write(late);
                }),
                life("purged in the last moment", () -> purge(expired(), claimedUnreadable(DEADLINE, DEADLINE))),
                life(
                        "the checkpoint was waited out and no longer",
                        () -> purge(delivered(), e -> e.setCheckpointIntervalMillis(1100L))),
                life(
                        "one replica is all there are",
                        () -> purge(delivered(), e -> e.setReplicas(1).setInSyncReplicas(1))),
                life(
                        "the parked topic has one replica, and was cut as late as can be",
                        () -> purge(
                                parked(),
                                e -> e.setParked(ParkedCut.newBuilder(e.getParked())
                                        .setReplicas(1)
                                        .setInSyncReplicas(1)
                                        .setCutConfirmedAt(e.getPurgedAt().minusMillis(1000))
                                        .build()))),
                life("parked, and only the place of the copy is known", () -> purge(parked(), e -> e.setOffset(null))),
                life(
                        "erased, where the record's place is not known but what is served",
                        () -> purge(parkedErased(42L), e -> e.setOffset(null))));
    }

    /** Inspections of the files of both topics; the signups' files now begin at {@code lowest}. */
    private static History parkedErased(long lowest) {
        History history = SampleHistories.parkedAndErased(9);
        history.write(LIFE.look(1, 900, lowest));
        return history;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("permitted")
    void the_last_that_is_permitted_breaks_no_rule(String name, Supplier<History> history) {
        Verdict verdict = history.get().verdict(AFTER_THE_HOLD, true);
        assertThat(verdict.holds()).as(verdict.render(Verdict.Style.PLAIN)).isTrue();
    }

    static Stream<Arguments> breaches() {
        CustodyExamined less = permitting(RECEIVED.minusSeconds(7200), PurgeLevel.UNREADABLE);
        CustodyExamined later = permitting(LIFE.at(1431 + ProcessClocks.MOST_APART_MILLIS), PurgeLevel.ERASED);
        CustodyExamined ingest = CustodyExamined.newBuilder(permitting(RECEIVED.minusSeconds(7200), PurgeLevel.ERASED))
                .setService(ServiceName.INGEST)
                .build();
        return Stream.of(
                breach(
                        "purge-level-permitted",
                        "its router found less than a newer one",
                        claimedBy(less).write(less)),
                breach("purge-level-permitted", "its router is not known", claimedBy(less)),
                breach(
                        "purge-level-permitted",
                        "its router examined only afterwards",
                        claimedBy(later).write(later)),
                breach(
                        "purge-level-permitted",
                        "it names ingest's examination",
                        claimedBy(ingest).write(ingest)),
                breach(
                        "purged-in-time",
                        "the key destroyed a moment late, by another clock than the purge's",
                        purge(expired(), claimedUnreadable(DEADLINE, DEADLINE.plusMillis(1)))),
                evidence("no partition", e -> e.setPartition(null)),
                evidence("replicas in sync were not counted", e -> e.setInSyncReplicas(null)),
                evidence("in sync, of no replicas", e -> e.setReplicas(0).setInSyncReplicas(0)),
                evidence("no checkpoint interval", e -> e.setCheckpointIntervalMillis(null)),
                evidence("a checkpoint interval of nothing", e -> e.setCheckpointIntervalMillis(0L)),
                parkedEvidence(
                        "no replicas of the parked topic",
                        cut -> cut.setReplicas(0).setInSyncReplicas(0)),
                breach(
                        "purge-evidence",
                        "the parked topic was cut a moment too late",
                        purge(
                                parked(),
                                e -> e.setParked(ParkedCut.newBuilder(e.getParked())
                                        .setCutConfirmedAt(e.getPurgedAt().minusMillis(999))
                                        .build()))),
                breach(
                        "erasure-observed",
                        "the record's place is not known, and a file begins before what is served",
                        purge(parkedErased(41L), e -> e.setOffset(null))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void the_first_that_is_not_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }

    static Stream<Arguments> sentences() {
        return Stream.of(
                said(
                        purge(expired(), claimedUnreadable(AFTER_THE_HOLD, DEADLINE)),
                        "it was purged at 2026-11-23T13:00:00.001Z, after 2026-11-23T13:00:00Z"),
                said(
                        purge(expired(), claimedUnreadable(DEADLINE, DEADLINE.plusMillis(1))),
                        "its key was destroyed at 2026-11-23T13:00:00.001Z, after 2026-11-23T13:00:00Z"),
                said(
                        delivered().without(Purged.class),
                        "it had to be purged by 2026-11-23T13:00:00Z, but there is no Purged"),
                said(
                        purge(delivered(), e -> e.setEraseBy(AFTER_THE_HOLD)),
                        "the Purged names a later time than the 2026-11-23T13:00:00Z that was promised"),
                said(
                        delivered()
                                .write(Purged.newBuilder(LIFE.purged(PurgeReason.DELIVERED, 3000))
                                        .setSlot(4711)
                                        .build()),
                        "it was purged of 2 different keys"),
                said(
                        delivered().write(LIFE.attempt(FJORD, 2, 3_600_000, AttemptOutcome.UNKNOWN)),
                        "an attempt to " + FJORD
                                + " started at 2026-11-22T14:00:00Z, after its purge at 2026-11-22T13:00:01.430Z"),
                said(delivered().without(Delivered.class), "it says DELIVERED, but there is no Delivered"),
                said(
                        withdrawnAfter().without(ConsentWithdrawn.class),
                        "it says WITHDRAWN, but there is no ConsentWithdrawn"),
                said(
                        undeliverable().without(Undeliverable.class),
                        "it says UNDELIVERABLE, but there is no Undeliverable"),
                said(
                        undeliverable().write(LIFE.delivered(FJORD, 2, 55)),
                        "it says UNDELIVERABLE, but there is a Delivered"),
                said(
                        purge(delivered(), e -> e.setPartition(3)),
                        "it names partition 3, where this signup's record cannot have been"),
                said(
                        purge(delivered(), e -> e.setInSyncReplicas(2)),
                        "it claims UNREACHABLE without the evidence: all replicas in sync"),
                said(
                        claimedBy(permitting(RECEIVED.minusSeconds(7200), PurgeLevel.UNREADABLE))
                                .write(permitting(RECEIVED.minusSeconds(7200), PurgeLevel.UNREADABLE)),
                        "it claims UNREACHABLE at 2026-11-22T13:00:01.430Z, where the examination at its router's start permits"
                                + " UNREADABLE"),
                said(
                        claimedBy(permitting(RECEIVED.minusSeconds(7200), PurgeLevel.UNREADABLE)),
                        "the router that claimed it at 2026-11-22T13:00:01.430Z had not published its examination of custody's"
                                + " place"),
                said(
                        delivered().without(CustodyExamined.class),
                        "it claims UNREACHABLE at 2026-11-22T13:00:01.430Z, but no router had examined custody's place"),
                said(
                        delivered()
                                .change(
                                        CustodyExamined.class,
                                        e -> permitting(RECEIVED.plusSeconds(120), PurgeLevel.ERASED)),
                        "it claims UNREACHABLE at 2026-11-22T13:00:01.430Z, but no router had examined custody's place"),
                said(
                        delivered()
                                .change(
                                        CustodyExamined.class,
                                        e -> permitting(
                                                LIFE.at(1430 + ProcessClocks.MOST_APART_MILLIS),
                                                PurgeLevel.UNREADABLE)),
                        "it claims UNREACHABLE at 2026-11-22T13:00:01.430Z, where the examination before it permits UNREADABLE"),
                said(
                        SampleHistories.published()
                                .write(
                                        LIFE.granted(),
                                        SampleHistories.withoutRecord(
                                                Purged.newBuilder(LIFE.purged(PurgeReason.INVALID, 0))
                                                        .setKeyErasedAt(RECEIVED.minusSeconds(62))
                                                        .setPurgedAt(RECEIVED.minusSeconds(61))
                                                        .build())),
                        "it was received at 2026-11-22T13:00:00Z, after its purge at 2026-11-22T12:58:59Z"),
                said(
                        delivered()
                                .change(
                                        CustodyExamined.class,
                                        e -> permitting(RECEIVED.minusSeconds(3600), PurgeLevel.UNREADABLE)),
                        "it claims UNREACHABLE at 2026-11-22T13:00:01.430Z, where the examination before it permits UNREADABLE"),
                said(
                        erased(LIFE.look(1, 800, 42L), LIFE.look(2, 800, 42L)),
                        "it claims ERASED on 3 replicas, but between the cut of signups at 2026-11-22T13:00:00.330Z and the claim"
                                + " the files of 2 brokers were found without its record"));
    }

    private static Arguments said(History history, String sentence) {
        return Arguments.of(sentence, history);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sentences")
    void a_breach_is_said_with_what_was_found(String sentence, History history) {
        assertThat(history.verdict(AFTER_THE_HOLD, false).violations())
                .extracting(Violation::sentence)
                .containsExactly(sentence);
    }
}
