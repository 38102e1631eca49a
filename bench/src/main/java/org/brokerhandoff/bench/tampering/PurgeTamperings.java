package org.brokerhandoff.bench.tampering;

import static org.brokerhandoff.bench.tampering.Forger.any;
import static org.brokerhandoff.bench.tampering.Forger.plain;
import static org.brokerhandoff.bench.tampering.Tampering.found;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.brokerhandoff.bench.tampering.Forger.Life;
import org.brokerhandoff.event.CanaryOutcome;
import org.brokerhandoff.event.CellReadBack;
import org.brokerhandoff.event.CellRun;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.CustodyFileSystem;
import org.brokerhandoff.event.FinishedRecords;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.ParkedCut;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.ServiceName;

/** Faults in statements about the end: keys, cuts, files, and positions. */
final class PurgeTamperings {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final BiPredicate<Purged, Life> PURGED = plain();

    private PurgeTamperings() {}

    /** Claimed with evidence from Kafka. */
    private static boolean proven(Purged purge, Life life) {
        return PURGED.test(purge, life) && purge.getLevel() != PurgeLevel.UNREADABLE && purge.getOffset() != null;
    }

    private static boolean erased(Purged purge, Life life) {
        return proven(purge, life) && purge.getLevel() == PurgeLevel.ERASED;
    }

    private static boolean parked(Purged purge, Life life) {
        return purge.getParked() != null && purge.getLevel() != PurgeLevel.UNREADABLE;
    }

    private static boolean routers(CustodyExamined examined, Life life) {
        return examined.getService() == ServiceName.ROUTER;
    }

    static List<Tampering> all() {
        return List.of(
                found("purged-in-time", "no purge", f -> f.remove(Purged.class, PURGED)),
                found(
                        "purged-in-time",
                        "a purge after the promised time",
                        f -> purged(f, PURGED, e -> e.setPurgedAt(e.getEraseBy().plusMillis(1)))),
                found(
                        "purged-in-time",
                        "a key destroyed after the promised time",
                        f -> purged(
                                f,
                                PURGED,
                                e -> e.setKeyErasedAt(e.getEraseBy().plus(HOUR))
                                        .setPurgedAt(e.getEraseBy().plus(HOUR)))),
                found(
                        "purged-in-time",
                        "a purge that promises a later time than the consent",
                        f -> purged(f, PURGED, e -> e.setEraseBy(e.getEraseBy().plusMillis(1)))),
                found(
                        "purged-once",
                        "a second purge of another slot",
                        f -> f.again(
                                Purged.class,
                                PURGED,
                                e -> Purged.newBuilder(e)
                                        .setSlot(e.getSlot() + 100)
                                        .build())),
                found(
                        "purged-once",
                        "the key was destroyed an hour before the attempt that used it",
                        f -> purged(
                                f,
                                PURGED,
                                e -> e.setKeyErasedAt(e.getKeyErasedAt().minus(HOUR)))),
                found(
                        "purge-repeats-follow",
                        "a second purge that is dated before the first",
                        f -> f.again(
                                Purged.class,
                                PURGED,
                                e -> Purged.newBuilder(e)
                                        .setPurgedAt(e.getPurgedAt().minus(HOUR))
                                        .build())),
                found(
                        "purge-reason",
                        "delivered, and purged as expired",
                        f -> purged(f, PURGED, e -> e.setReason(PurgeReason.EXPIRED))),
                found(
                        "purge-reason",
                        "delivered, and purged as withdrawn",
                        f -> purged(f, PURGED, e -> e.setReason(PurgeReason.WITHDRAWN))),
                found(
                        "purge-reason",
                        "delivered, and purged as unreadable",
                        f -> purged(
                                f, PURGED, e -> e.setReason(PurgeReason.INVALID).setLevel(PurgeLevel.UNREADABLE))),
                found(
                        "purge-evidence",
                        "claimed before the key was destroyed",
                        f -> purged(
                                f, PURGED, e -> e.setPurgedAt(e.getKeyErasedAt().minus(HOUR)))),
                found(
                        "purge-evidence",
                        "a partition where the record cannot have been",
                        f -> purged(f, PurgeTamperings::proven, e -> e.setPartition(e.getPartition() + 1))),
                found(
                        "purge-evidence",
                        "no partition",
                        f -> purged(f, PurgeTamperings::proven, e -> e.setPartition(null))),
                found("purge-evidence", "no place", f -> purged(f, PurgeTamperings::proven, e -> e.setOffset(null))),
                found(
                        "purge-evidence",
                        "still served",
                        f -> purged(f, PurgeTamperings::proven, e -> e.setStartOffset(e.getOffset()))),
                found(
                        "purge-evidence",
                        "no start of the log",
                        f -> purged(f, PurgeTamperings::proven, e -> e.setStartOffset(null))),
                found(
                        "purge-evidence",
                        "a replica is behind",
                        f -> purged(f, PurgeTamperings::proven, e -> e.setReplicas(e.getReplicas() + 1))),
                found(
                        "purge-evidence",
                        "no replicas",
                        f -> purged(f, PurgeTamperings::proven, e -> e.setReplicas(null))),
                found(
                        "purge-evidence",
                        "replicas in sync were not counted",
                        f -> purged(f, PurgeTamperings::proven, e -> e.setInSyncReplicas(null))),
                found(
                        "purge-evidence",
                        "no cut",
                        f -> purged(f, PurgeTamperings::proven, e -> e.setCutConfirmedAt(null))),
                found(
                        "purge-evidence",
                        "the checkpoint of the log's start was not waited for",
                        f -> purged(
                                f,
                                PurgeTamperings::proven,
                                e -> e.setCutConfirmedAt(e.getPurgedAt().minusMillis(1)))),
                found(
                        "purge-evidence",
                        "no interval of checkpoints",
                        f -> purged(f, PurgeTamperings::proven, e -> e.setCheckpointIntervalMillis(null))),
                found(
                        "purge-evidence",
                        "parked, and no cut of the parked topic",
                        f -> purged(f, PurgeTamperings::parked, e -> e.setParked(null))),
                found(
                        "purge-evidence",
                        "parked, and a copy is still served",
                        f -> parkedCut(f, cut -> cut.setStartOffset(cut.getEndOffset() - 1))),
                found(
                        "purge-evidence",
                        "parked, and a replica of the parked topic is behind",
                        f -> parkedCut(f, cut -> cut.setReplicas(cut.getReplicas() + 1))),
                found(
                        "purge-level-permitted",
                        "the place of the keys was not examined",
                        f -> f.removeAll(CustodyExamined.class, PurgeTamperings::routers)),
                found(
                        "purge-level-permitted",
                        "the examination permitted less",
                        f -> f.change(
                                CustodyExamined.class,
                                PurgeTamperings::routers,
                                e -> CustodyExamined.newBuilder(e)
                                        .setHighestLevel(PurgeLevel.UNREADABLE)
                                        .build())),
                found(
                        "purge-level-permitted",
                        "the place was examined an hour after",
                        f -> f.change(
                                CustodyExamined.class,
                                PurgeTamperings::routers,
                                e -> CustodyExamined.newBuilder(e)
                                        .setExaminedAt(e.getExaminedAt().plus(HOUR))
                                        .build())),
                found(
                        "cells-read-back",
                        "a memory cell that was never examined is named",
                        f -> purged(
                                f,
                                PURGED,
                                e -> e.setCells(List.of(new CellReadBack(1, 0, new CellRun(new byte[20])))))),
                found(
                        "examination-permits",
                        "keys on a file system that keeps copies",
                        f -> f.change(
                                CustodyExamined.class,
                                PurgeTamperings::routers,
                                e -> CustodyExamined.newBuilder(e)
                                        .setFileSystem(CustodyFileSystem.BTRFS)
                                        .setHighestLevel(PurgeLevel.ERASED)
                                        .build())),
                found(
                        "examination-permits",
                        "no test that keys are overwritten",
                        f -> f.change(
                                CustodyExamined.class,
                                PurgeTamperings::routers,
                                e -> CustodyExamined.newBuilder(e)
                                        .setCanary(CanaryOutcome.NOT_DONE)
                                        .setHighestLevel(PurgeLevel.ERASED)
                                        .build())),
                found(
                        "erasure-observed",
                        "no agent scanned the brokers' files",
                        f -> f.first(Purged.class, PurgeTamperings::erased)
                                .flatMap(any -> f.removeAll(LogErased.class, any()))),
                found(
                        "erasure-observed",
                        "a file held the record again after the claim",
                        f -> f.add(
                                Purged.class,
                                PurgeTamperings::erased,
                                e -> LogErased.newBuilder(f.first(LogErased.class, any())
                                                .orElseThrow()
                                                .event())
                                        .setTopic(SealedTopic.SIGNUPS)
                                        .setPartition(e.getPartition())
                                        .setLowestOffset(e.getOffset())
                                        .setObservedAt(e.getPurgedAt().plusMillis(1))
                                        .build())),
                found(
                        "claims-agree",
                        "two records at one place",
                        f -> twice(f, (e, other) -> e.setOffset(other.getOffset()))),
                found(
                        "offsets-accounted",
                        "no account of a signup's record",
                        f -> f.remove(
                                RecordsFinished.class,
                                (e, life) -> e.getTopic() == SealedTopic.SIGNUPS && e.getFirstOffset() > 0)),
                found(
                        "offsets-accounted",
                        "an account begins one offset later",
                        f -> finished(f, e -> e.setFirstOffset(e.getFirstOffset() + 1))),
                found(
                        "offsets-accounted",
                        "an account of another partition",
                        f -> finished(f, e -> e.setPartition(e.getPartition() + 1))),
                found(
                        "offsets-accounted",
                        "an account names fewer signups than records",
                        f -> runs(
                                f,
                                RecordEnd.ENDED,
                                run -> new FinishedRecords(run.getEnd(), run.getCount() + 1, run.getSignups()))),
                found(
                        "offsets-accounted",
                        "a record set aside that is not accounted for otherwise",
                        f -> runs(
                                f,
                                RecordEnd.ENDED,
                                run -> new FinishedRecords(RecordEnd.SET_ASIDE, run.getCount(), List.of()))),
                found(
                        "accepted-seen",
                        "a marker where a signup's record stood",
                        f -> runs(
                                f,
                                RecordEnd.ENDED,
                                run -> new FinishedRecords(RecordEnd.MARKER, run.getCount(), List.of()))));
    }

    private static Optional<Forgery> purged(
            Forger forger, BiPredicate<Purged, Life> which, Consumer<Purged.Builder> change) {
        return forger.change(Purged.class, which, e -> {
            Purged.Builder builder = Purged.newBuilder(e);
            change.accept(builder);
            return builder.build();
        });
    }

    private static Optional<Forgery> parkedCut(Forger forger, Consumer<ParkedCut.Builder> change) {
        return purged(forger, PurgeTamperings::parked, e -> {
            ParkedCut.Builder cut = ParkedCut.newBuilder(e.getParked());
            change.accept(cut);
            e.setParked(cut.build());
        });
    }

    /** A purge's statement about its record or slot is replaced by that of another purge, of the same partition, about another's. */
    private static Optional<Forgery> twice(Forger forger, BiConsumer<Purged.Builder, Purged> change) {
        return forger.first(Purged.class, PurgeTamperings::proven)
                .flatMap(first -> forger.change(
                        Purged.class,
                        (e, life) -> proven(e, life)
                                && !e.getSignupId().equals(first.event().getSignupId())
                                && e.getPartition().equals(first.event().getPartition()),
                        e -> {
                            Purged.Builder builder = Purged.newBuilder(e);
                            change.accept(builder, first.event());
                            return builder.build();
                        }));
    }

    private static Optional<Forgery> finished(Forger forger, Consumer<RecordsFinished.Builder> change) {
        return forger.change(RecordsFinished.class, (e, life) -> e.getTopic() == SealedTopic.SIGNUPS, e -> {
            RecordsFinished.Builder builder = RecordsFinished.newBuilder(e);
            change.accept(builder);
            return builder.build();
        });
    }

    /** Changes the first run of records with this end. */
    private static Optional<Forgery> runs(Forger forger, RecordEnd end, UnaryOperator<FinishedRecords> change) {
        return forger.change(
                RecordsFinished.class,
                (e, life) -> e.getTopic() == SealedTopic.SIGNUPS
                        && e.getRecords().stream().anyMatch(run -> run.getEnd() == end),
                e -> {
                    List<FinishedRecords> records = new ArrayList<>(e.getRecords());
                    for (int i = 0; i < records.size(); i++) {
                        if (records.get(i).getEnd() == end) {
                            records.set(i, change.apply(records.get(i)));
                            break;
                        }
                    }
                    return RecordsFinished.newBuilder(e).setRecords(records).build();
                });
    }
}
