package org.brokerhandoff.router.purge;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.ReadBack;

/**
 * A destroyed key whose purge has not been published.
 *
 * @param signupId the signup
 * @param slot its slot, freed when the purge is acknowledged
 * @param reason why it is purged
 * @param offset where its record stands in {@code signups}; empty if none was ever published, or if only a parked copy is known
 * @param parked whether copies may stand in the parked topic
 * @param parkedEnd the end of the parked topic's partition, seen after the key was destroyed: every copy stands before it
 * @param keyErasedAt when the key was overwritten
 * @param readBack how the zeroes were read back
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
        Instant keyErasedAt,
        ReadBack readBack,
        Optional<Instant> eraseBy,
        Instant fallbackAt) {
    /**
     * This purge, found in a slot or told by a handoff, and another of the same slot: the more that is known, the better; and where
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
                better.keyErasedAt,
                better.readBack,
                better.eraseBy,
                better.fallbackAt);
    }

    /** With the end of the parked topic. */
    PendingPurge parkedBefore(long end) {
        return new PendingPurge(
                signupId,
                slot,
                reason,
                offset,
                parked,
                OptionalLong.of(end),
                keyErasedAt,
                readBack,
                eraseBy,
                fallbackAt);
    }

    private static OptionalLong later(OptionalLong one, OptionalLong other) {
        return one.isPresent() && other.isPresent()
                ? OptionalLong.of(Math.max(one.getAsLong(), other.getAsLong()))
                : one.isPresent() ? one : other;
    }
}
