package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.ReadBack;

/** Purges to plan, and the planner as most tests have it. */
final class PlannedPurges {
    static final Instant T0 = Instant.parse("2026-11-22T13:00:00Z");
    static final Duration CHECKPOINT = Duration.ofMinutes(1);
    static final Duration SEGMENT = Duration.ofSeconds(1);
    static final PurgePlanner PLANNER = new PurgePlanner(CHECKPOINT, SEGMENT, PurgeLevel.ERASED, Duration.ofMinutes(2));

    static PendingPurge purge(PurgeReason reason, OptionalLong offset) {
        return new PendingPurge(
                UUID.randomUUID(),
                new SlotReference(1, 1),
                reason,
                offset,
                false,
                OptionalLong.empty(),
                OptionalLong.empty(),
                T0,
                ReadBack.DIRECT,
                List.of(),
                Optional.of(T0.plusSeconds(600)),
                T0.plusSeconds(450));
    }

    static CompletionTracker.Completed completed(long prefix, long lastSignup) {
        return new CompletionTracker.Completed(prefix, lastSignup);
    }

    static PendingPurge parked(OptionalLong offset, OptionalLong parkedEnd) {
        return parked(offset, parkedEnd, OptionalLong.empty());
    }

    static PendingPurge parked(OptionalLong offset, OptionalLong parkedEnd, OptionalLong signupsEnd) {
        PendingPurge plain = purge(PurgeReason.DELIVERED, offset);
        return new PendingPurge(
                plain.signupId(),
                plain.slot(),
                plain.reason(),
                offset,
                true,
                parkedEnd,
                signupsEnd,
                T0,
                ReadBack.DIRECT,
                List.of(),
                plain.eraseBy(),
                plain.fallbackAt());
    }

    private PlannedPurges() {}
}
