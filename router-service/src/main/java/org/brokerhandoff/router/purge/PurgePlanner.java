package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;

/**
 * When to cut, mark, verify and claim. Pure.
 *
 * @param checkpointInterval longest time until the brokers have written a new start offset down; a cut can be undone by the death
 *     of a broker until then
 * @param segmentAge age at which an append rolls the segment
 * @param highest the highest level that may be claimed on this host, whatever the brokers show
 */
public record PurgePlanner(Duration checkpointInterval, Duration segmentAge, PurgeLevel highest) {
    /** A cut is verified a little after the interval, since the broker's timer and ours do not start together. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    /** What is to be done for a partition. */
    public sealed interface Operation {
        /** Delete the records before {@code offset}. */
        record Cut(long offset) implements Operation {}

        /** Append a marker, so that the segment with the cut records is rolled and can be deleted. */
        record AppendMarker() implements Operation {}

        /** Look whether {@code cut} holds on all replicas. */
        record Verify(PartitionPurge.Cut cut) implements Operation {}
    }

    /**
     * The cut that is due, if there is a finished signup that no cut has reached, or a purge waits for one.
     *
     * @param wanted offset that a purge waits to see cut, though perhaps only markers are left before it
     */
    public Optional<Operation.Cut> cut(
            PartitionPurge state, CompletionTracker.Completed completed, OptionalLong wanted) {
        boolean waitedFor = wanted.isPresent()
                && completed.prefix() >= wanted.getAsLong()
                && state.newestCut().map(PartitionPurge.Cut::offset).orElse(-1L) < wanted.getAsLong();
        return waitedFor || completed.lastSignup() >= state.cutTo()
                ? Optional.of(new Operation.Cut(completed.prefix()))
                : Optional.empty();
    }

    /**
     * The marker that is due: once after the newest cut, and only when the segment is old enough for the append to roll it. Under
     * traffic the next signup does the same and no marker is needed.
     */
    public Optional<Operation.AppendMarker> marker(PartitionPurge state, Instant now) {
        // A short checkpoint interval verifies the cut before the segment is old enough; it needs its marker all the
        // same.
        Stream<PartitionPurge.Cut> cuts = Stream.concat(
                state.unverified().stream(), state.verified().map(PartitionPurge.VerifiedCut::cut).stream());
        return cuts.filter(cut -> cut.offset() == state.cutTo() && cut.offset() > state.markedTo())
                        .anyMatch(cut -> !now.isBefore(cut.confirmedAt().plus(segmentAge)))
                ? Optional.of(new Operation.AppendMarker())
                : Optional.empty();
    }

    /** The newest cut that is old enough to be verified, if there is one. */
    public Optional<Operation.Verify> verify(PartitionPurge state, Instant now) {
        return state.unverified().stream()
                .filter(cut ->
                        !now.isBefore(cut.confirmedAt().plus(checkpointInterval).plus(MARGIN)))
                .reduce((older, newer) -> newer)
                .map(Operation.Verify::new);
    }

    /**
     * The level at which a purge may be claimed now; empty if it should wait for a higher one.
     *
     * @param state the partition of {@code signups}
     * @param parked the partition of the parked topic
     */
    public Optional<PurgeLevel> level(PendingPurge purge, PartitionPurge state, PartitionPurge parked, Instant now) {
        // Where no more may be claimed than what is true already, there is nothing to wait for. The cut is made all the
        // same.
        return highest == PurgeLevel.UNREADABLE
                ? Optional.of(PurgeLevel.UNREADABLE)
                : verified(purge, state, parked, now).map(level -> level.compareTo(highest) <= 0 ? level : highest);
    }

    private static Optional<PurgeLevel> verified(
            PendingPurge purge, PartitionPurge state, PartitionPurge parked, Instant now) {
        if (purge.reason() == PurgeReason.INVALID) {
            // A sealed copy may have been set aside, so it would not be true that no broker serves it.
            return Optional.of(PurgeLevel.UNREADABLE);
        }
        if (unreachable(purge, state) && (!purge.parked() || unreachableParked(purge, parked))) {
            return Optional.of(PurgeLevel.UNREACHABLE);
        }
        // A record that was never published cannot be cut; and no promise is broken for the sake of a stronger claim.
        boolean neverPublished = purge.offset().isEmpty() && !purge.parked();
        return neverPublished || !now.isBefore(purge.fallbackAt())
                ? Optional.of(PurgeLevel.UNREADABLE)
                : Optional.empty();
    }

    private static boolean unreachable(PendingPurge purge, PartitionPurge state) {
        // Where only the parked copy is known, the record it was made of was finished before this router had the
        // partition:
        // what is finished then is cut with the first cut.
        return state.verified().isPresent()
                && (purge.offset().isPresent()
                        ? state.verified().get().cut().offset() > purge.offset().getAsLong()
                        : purge.parked());
    }

    private static boolean unreachableParked(PendingPurge purge, PartitionPurge parked) {
        return purge.parkedEnd().isPresent()
                && parked.verified().isPresent()
                && parked.verified().get().cut().offset() >= purge.parkedEnd().getAsLong();
    }

    /** Those of {@code purges} that may be claimed now. */
    public List<PendingPurge> due(List<PendingPurge> purges, PartitionPurge state, PartitionPurge parked, Instant now) {
        return purges.stream()
                .filter(purge -> level(purge, state, parked, now).isPresent())
                .toList();
    }
}
