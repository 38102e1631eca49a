package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.verify.SampleHistories.AFTER_THE_HOLD;
import static org.brokerhandoff.audit.verify.SampleHistories.EXPIRY_MILLIS;
import static org.brokerhandoff.audit.verify.SampleHistories.HOUR_BEFORE;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.erased;
import static org.brokerhandoff.audit.verify.SampleHistories.evidence;
import static org.brokerhandoff.audit.verify.SampleHistories.expired;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.invalid;
import static org.brokerhandoff.audit.verify.SampleHistories.parked;
import static org.brokerhandoff.audit.verify.SampleHistories.parkedAndErased;
import static org.brokerhandoff.audit.verify.SampleHistories.parkedEvidence;
import static org.brokerhandoff.audit.verify.SampleHistories.permitting;
import static org.brokerhandoff.audit.verify.SampleHistories.undeliverable;
import static org.brokerhandoff.audit.verify.SampleHistories.withdrawnAfter;

import java.util.stream.Stream;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.event.Undeliverable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Violations of the rules on the purge: each is found by its rule and by no other. */
class PurgeRulesTest {
    static Stream<Arguments> breaches() {
        return Stream.of(
                breach("purged-in-time", "no purge", delivered().without(Purged.class)),
                breach(
                        "purged-once",
                        "two keys under one id",
                        delivered()
                                .write(Purged.newBuilder(LIFE.purged(PurgeReason.DELIVERED, 3000))
                                        .setSlot(4711)
                                        .build())),
                breach(
                        "purged-once",
                        "the slot reused",
                        delivered()
                                .write(Purged.newBuilder(LIFE.purged(PurgeReason.DELIVERED, 3000))
                                        .setGeneration(4711)
                                        .build())),
                breach(
                        "purged-once",
                        "accepted after its purge",
                        delivered()
                                .write(SampleHistories.withoutRecord(
                                        Purged.newBuilder(LIFE.purged(PurgeReason.DELIVERED, 0))
                                                .setKeyErasedAt(RECEIVED.minusSeconds(62))
                                                .setPurgedAt(RECEIVED.minusSeconds(61))
                                                .build()))),
                breach(
                        "purged-once",
                        "an attempt after its purge",
                        delivered().write(LIFE.attempt(FJORD, 2, 3_600_000, AttemptOutcome.UNKNOWN))),
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
                breach("purge-reason", "no decision says so", undeliverable().without(Undeliverable.class)),
                breach("purge-reason", "a broker has it", undeliverable().write(LIFE.delivered(FJORD, 2, 55))),
                breach(
                        "purge-reason",
                        "destroyed before it expired",
                        expired()
                                .change(
                                        Purged.class,
                                        e -> LIFE.purged(
                                                PurgeReason.EXPIRED,
                                                EXPIRY_MILLIS - 1 - ProcessClocks.MOST_APART_MILLIS))),
                breach(
                        "purge-reason",
                        "a slot file loses no key",
                        expired().change(Purged.class, e -> LIFE.purged(PurgeReason.LOST, 230))),
                breach(
                        "purge-reason",
                        "lost, but no cell reported it",
                        expired()
                                .change(
                                        Purged.class,
                                        e -> Purged.newBuilder(LIFE.purged(PurgeReason.LOST, 230))
                                                .setReadBack(ReadBack.UNOBSERVED)
                                                .build())),
                breach(
                        "purge-reason",
                        "unreadable, but delivered",
                        delivered().change(Purged.class, e -> LIFE.purged(PurgeReason.INVALID, 230))),
                evidence(
                        "claimed before the key was destroyed",
                        e -> e.setPurgedAt(LIFE.at(229 - ProcessClocks.MOST_APART_MILLIS))
                                .setLevel(PurgeLevel.UNREADABLE)),
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
                        "custody's place was not examined",
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
                        "a higher claim without proof",
                        erased(LIFE.look(1, 800, 42L), LIFE.look(2, 800, 42L), LIFE.look(3, 800, 42L))
                                .change(
                                        Purged.class,
                                        e -> Purged.newBuilder(e)
                                                .setStartOffset(null)
                                                .build())),
                breach("erasure-observed", "no agent scanned", erased()),
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
                        "one scan was before the cut",
                        erased(LIFE.look(1, 330, 42L), LIFE.look(2, 800, 42L), LIFE.look(3, 800, 42L))),
                breach(
                        "erasure-observed",
                        "one scan was after the claim",
                        erased(LIFE.look(1, 1431, 42L), LIFE.look(2, 800, 42L), LIFE.look(3, 800, 42L))),
                breach(
                        "erasure-observed",
                        "one broker has no file of the partition, so it is not a replica",
                        erased(LIFE.look(1, 800, null), LIFE.look(2, 800, 42L), LIFE.look(3, 800, 42L))),
                breach(
                        "erasure-observed",
                        "one scan was of another topic",
                        erased(
                                LogErased.newBuilder(LIFE.look(1, 800, 42L))
                                        .setTopic(SealedTopic.SIGNUPS_PARKED)
                                        .build(),
                                LIFE.look(2, 800, 42L),
                                LIFE.look(3, 800, 42L))),
                breach(
                        "erasure-observed",
                        "one scan was of another partition",
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
        foundByItsRuleOnly(rule, history);
    }
}
