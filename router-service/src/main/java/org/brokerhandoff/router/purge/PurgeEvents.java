package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.CellReadBack;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ParkedCut;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.schemas.SignupIds;

/** The content of a purge, from the state of custody and the cluster. Pure. */
final class PurgeEvents {
    private PurgeEvents() {}

    /**
     * The purge that an erased slot is due.
     *
     * @param position where its record is in {@code signups}, or the newest copy of it, if there is one
     * @param parked whether copies may be in the parked topic
     * @param eraseBy the promise, if the record was read
     * @param reserve time between the key's expiry and the promise by this router's configuration, for where it was not
     */
    static PendingPurge pending(
            SlotView slot,
            Optional<LogPosition> position,
            boolean parked,
            Optional<Instant> eraseBy,
            ReadBack readBack,
            Duration reserve) {
        Instant keyErasedAt = slot.erasedAt().orElse(slot.expiry());
        return new PendingPurge(
                slot.signupId(),
                slot.reference(),
                reason(slot.reason().orElse(EraseReason.EXPIRED)),
                position.filter(at -> !at.parked())
                        .map(LogPosition::offset)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()),
                parked,
                OptionalLong.empty(),
                OptionalLong.empty(),
                keyErasedAt,
                readBack,
                slot.cells(),
                eraseBy,
                fallbackAt(slot, slot.expiry(), eraseBy.orElse(slot.expiry().plus(reserve))));
    }

    /** The purge of a record whose slot custody does not know any more and whose purge the log does not have either. */
    static PendingPurge withoutSlot(PendingSignup signup, Instant noticedAt) {
        return new PendingPurge(
                signup.signupId(),
                new SlotReference(signup.slot(), signup.generation()),
                PurgeReason.INVALID,
                OptionalLong.of(signup.offset()),
                signup.parking().isPresent(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                noticedAt,
                ReadBack.UNOBSERVED,
                List.of(),
                Optional.of(signup.eraseBy()),
                fallbackAt(signup.keyExpiry(), signup.eraseBy()));
    }

    /** When the purge of a slot is claimed at the level reached, though its record was not read. */
    static Instant fallbackAt(SlotView slot, Duration reserve) {
        return fallbackAt(slot, slot.expiry(), slot.expiry().plus(reserve));
    }

    /** A key that was destroyed only after the promise, kept for an order or because nothing ran, leaves the same time from then on. */
    private static Instant fallbackAt(SlotView slot, Instant keyExpiry, Instant eraseBy) {
        Instant from = slot.erasedAt().filter(at -> !at.isBefore(eraseBy)).orElse(keyExpiry);
        return fallbackAt(from, from.plus(Duration.between(keyExpiry, eraseBy)));
    }

    /** Three quarters of the reserve may go into waiting for the stronger claim; then the weaker one is made in time. */
    private static Instant fallbackAt(Instant keyExpiry, Instant eraseBy) {
        return eraseBy.minus(Duration.between(keyExpiry, eraseBy).dividedBy(4));
    }

    /**
     * The claim.
     *
     * @param reached the verified cuts that a claim above {@code UNREADABLE} rests on
     * @param ceiling whose examination permits the level
     */
    static Purged purged(
            PendingPurge purge,
            PurgeLevel level,
            int partition,
            Optional<PurgePlanner.Reached> reached,
            Duration checkpointInterval,
            Ceiling ceiling,
            Instant now) {
        Purged.Builder purged = Purged.newBuilder()
                .setSignupId(SignupIds.fixed(purge.signupId()))
                .setReason(purge.reason())
                .setLevel(level)
                .setEraseBy(purge.eraseBy().orElse(null))
                .setKeyErasedAt(purge.keyErasedAt())
                .setReadBack(purge.readBack())
                .setSlot(purge.slot().slot())
                .setGeneration(purge.slot().generation())
                .setPurgedAt(now)
                .setInstance(ceiling.instance());
        List<CellReadBack> cells = ceiling.permits(purge.cells()).cells();
        if (!cells.isEmpty()) {
            purged.setCells(cells);
        }
        if (purge.offset().isPresent() || purge.parked()) {
            purged.setPartition(partition);
        }
        purge.offset().ifPresent(purged::setOffset);
        if (level != PurgeLevel.UNREADABLE) {
            PartitionPurge.VerifiedCut verified = reached.orElseThrow().cut();
            purged.setStartOffset(verified.startOffset())
                    .setReplicas(verified.replicas().size())
                    .setInSyncReplicas(verified.replicas().size())
                    .setCutConfirmedAt(verified.cut().confirmedAt())
                    .setCheckpointIntervalMillis(checkpointInterval.toMillis());
            if (purge.parked()) {
                purged.setParked(parkedCut(purge, reached.get().parkedCut().orElseThrow()));
            }
        }
        return purged.build();
    }

    private static ParkedCut parkedCut(PendingPurge purge, PartitionPurge.VerifiedCut verified) {
        return ParkedCut.newBuilder()
                .setEndOffset(purge.parkedEnd().orElseThrow())
                .setStartOffset(verified.startOffset())
                .setReplicas(verified.replicas().size())
                .setInSyncReplicas(verified.replicas().size())
                .setCutConfirmedAt(verified.cut().confirmedAt())
                .build();
    }

    /** The withdrawal that an erased slot says was granted and whose event ingest did not live to publish; empty if there is none. */
    static Optional<ConsentWithdrawn> unrecordedWithdrawal(SlotView slot) {
        return slot.reason().filter(EraseReason.WITHDRAWN::equals).isPresent() && !slot.recorded()
                ? Optional.of(ConsentWithdrawn.newBuilder()
                        .setSignupId(SignupIds.fixed(slot.signupId()))
                        .setWithdrawnAt(slot.erasedAt().orElse(slot.expiry()))
                        .setMethod(WithdrawalMethod.NOT_RECORDED)
                        .setOutcome(
                                slot.attempt() == 0
                                        ? WithdrawalOutcome.ERASED_BEFORE_HANDOFF
                                        : WithdrawalOutcome.HANDOFF_STARTED)
                        .setAttempts(slot.attempt())
                        .build())
                : Optional.empty();
    }

    static ReadBack readBack(Optional<org.brokerhandoff.custody.ReadBack> seen) {
        return seen.map(way -> switch (way) {
                    case DIRECT -> ReadBack.DIRECT;
                    case MAPPED -> ReadBack.MAPPED;
                    case CELLS -> ReadBack.CELLS;
                })
                .orElse(ReadBack.UNOBSERVED);
    }

    private static PurgeReason reason(EraseReason reason) {
        return switch (reason) {
            case DELIVERED -> PurgeReason.DELIVERED;
            case WITHDRAWN -> PurgeReason.WITHDRAWN;
            case EXPIRED -> PurgeReason.EXPIRED;
            case UNDELIVERABLE -> PurgeReason.UNDELIVERABLE;
            case INVALID -> PurgeReason.INVALID;
            case LOST -> PurgeReason.LOST;
        };
    }
}
