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
 * @param offset where its record stands; empty if none was ever published
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
        Instant keyErasedAt,
        ReadBack readBack,
        Optional<Instant> eraseBy,
        Instant fallbackAt) {}
