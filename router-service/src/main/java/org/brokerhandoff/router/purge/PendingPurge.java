package org.brokerhandoff.router.purge;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.brokerhandoff.custody.CellConfirmation;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.ReadBack;

/**
 * A destroyed key whose purge has not been published.
 *
 * @param signupId the signup
 * @param slot its slot, freed when the purge is acknowledged
 * @param reason why it is purged
 * @param offset where its record is in {@code signups}; empty if none was ever published, or if only a parked copy is known
 * @param parked whether copies may be in the parked topic
 * @param parkedEnd the end of the parked topic's partition, seen after the key was destroyed: every copy stands before it
 * @param signupsEnd the end of the partition of {@code signups}, seen then, for a purge of which only the parked copy is known
 * @param keyErasedAt when the key was overwritten
 * @param readBack how the zeroes were read back
 * @param cells the memory cells that read them back
 * @param eraseBy when the purge has to be proven, where known
 * @param fallbackAt from when on the purge is claimed at the level reached, even if a higher one is not verified yet
 */
public record PendingPurge(
        UUID signupId,
        SlotReference slot,
        PurgeReason reason,
        OptionalLong offset,
        boolean parked,
        OptionalLong parkedEnd,
        OptionalLong signupsEnd,
        Instant keyErasedAt,
        ReadBack readBack,
        List<CellConfirmation> cells,
        Optional<Instant> eraseBy,
        Instant fallbackAt) {
    /** Copies the list. */
    public PendingPurge {
        cells = List.copyOf(cells);
    }

    /**
     * One use of one slot by one signup. Generations wrap, so a record that outlived its slot may name a reference that is another
     * else's by now; each is due its own purge.
     */
    record Key(SlotReference slot, UUID signupId) {
        static Key of(SlotView slot) {
            return new Key(slot.reference(), slot.signupId());
        }
    }

    Key key() {
        return new Key(slot, signupId);
    }

    /** The offset up to which {@code signups} has to be cut before no broker serves its record; empty while that is not known. */
    OptionalLong cutNeeded() {
        // Where only the parked copy is known, the record it was made of stood before the end that was
        // seen later. It was finished then, but perhaps out of order, so that no cut has come that far.
        return offset.isPresent() ? OptionalLong.of(offset.getAsLong() + 1) : signupsEnd;
    }

    /**
     * This purge, found in a slot or told by a handoff, and another of the same key: the more that is known, the better; and where
     * two records hold the same signup, the claim has to cover both.
     */
    PendingPurge merge(PendingPurge other) {
        boolean knowsMore = (eraseBy.isPresent() && readBack != ReadBack.UNOBSERVED) || other.eraseBy.isEmpty();
        PendingPurge better = knowsMore ? this : other;
        return new PendingPurge(
                signupId,
                slot,
                better.reason,
                later(offset, other.offset),
                parked || other.parked,
                later(parkedEnd, other.parkedEnd),
                later(signupsEnd, other.signupsEnd),
                better.keyErasedAt,
                better.readBack,
                better.cells,
                better.eraseBy,
                better.fallbackAt);
    }

    /** With the ends of both topics. */
    PendingPurge standingBefore(long newParkedEnd, long newSignupsEnd) {
        return with(OptionalLong.of(newParkedEnd), OptionalLong.of(newSignupsEnd));
    }

    /** With the finding that copies may be in the parked topic, whose end has to be looked for, if need be again. */
    PendingPurge foundParked() {
        return with(OptionalLong.empty(), OptionalLong.empty());
    }

    private PendingPurge with(OptionalLong newParkedEnd, OptionalLong newSignupsEnd) {
        return new PendingPurge(
                signupId,
                slot,
                reason,
                offset,
                true,
                newParkedEnd,
                newSignupsEnd,
                keyErasedAt,
                readBack,
                cells,
                eraseBy,
                fallbackAt);
    }

    private static OptionalLong later(OptionalLong one, OptionalLong other) {
        return one.isPresent() && other.isPresent()
                ? OptionalLong.of(Math.max(one.getAsLong(), other.getAsLong()))
                : one.isPresent() ? one : other;
    }
}
