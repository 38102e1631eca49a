package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.SealedTopic;

/**
 * When to cut, mark, verify and claim. Pure.
 *
 * @param checkpointInterval longest time until the brokers have written a new start offset down; a cut can be undone by the death
 *     of a broker until then
 * @param segmentAge age at which an append rolls the segment
 * @param erasureWait longest time for which a purge that could be claimed {@code UNREACHABLE} waits for the brokers' files
 */
public record PurgePlanner(Duration checkpointInterval, Duration segmentAge, Duration erasureWait) {
    /** A cut is verified a little after the interval, since the broker's timer and ours do not start together. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    /** While files are waited for, a marker is appended so often. */
    private static final Duration ERASURE_MARKER_PERIOD = Duration.ofSeconds(5);

    /**
     * That the brokers no longer serve a record.
     *
     * @param cut the first verified cut that covers it
     * @param since when that was known
     */
    public record Reached(PartitionPurge.VerifiedCut cut, Instant since) {}

    /** What is to be done for a partition. */
    public sealed interface Operation {
        /** Delete the records before {@code offset}. */
        record Cut(long offset) implements Operation {}

        /** Append a marker, so that the segment with the cut records is rolled and can be deleted. */
        record AppendMarker() implements Operation {}

        /** Look whether {@code cut} holds on all replicas. */
        record Verify(PartitionPurge.Cut cut) implements Operation {}
    }

    /** The cut that is due, if there is a finished signup that no cut has reached. */
    public Optional<Operation.Cut> cut(PartitionPurge state, CompletionTracker.Completed completed) {
        return completed.lastSignup() >= state.cutTo()
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

    /** The level at which a purge may be claimed now; empty if it should wait for a higher one. */
    public Optional<PurgeLevel> level(PendingPurge purge, PartitionPurge state, Instant now) {
        if (purge.reason() == PurgeReason.INVALID) {
            // A sealed copy may stand in the parked topic, so it would not be true that no broker serves it.
            return Optional.of(PurgeLevel.UNREADABLE);
        }
        boolean unreachable = purge.offset().isPresent()
                && state.verified().isPresent()
                && state.verified().get().cut().offset() > purge.offset().getAsLong();
        if (unreachable) {
            return Optional.of(PurgeLevel.UNREACHABLE);
        }
        // A record that was never published cannot be cut; and no promise is broken for the sake of a stronger claim.
        return purge.offset().isEmpty() || !now.isBefore(purge.fallbackAt())
                ? Optional.of(PurgeLevel.UNREADABLE)
                : Optional.empty();
    }

    /**
     * Whether the brokers no longer serve a purge's record, and since when that is known. A look at the files counts from the first cut
     * that covers the record: under traffic a newer one is verified every moment.
     *
     * @param before what this method said of the purge before
     */
    public Optional<Reached> reached(PendingPurge purge, PartitionPurge state, Optional<Reached> before, Instant now) {
        Optional<PartitionPurge.VerifiedCut> covering = state.verified()
                .filter(verified -> purge.offset().isPresent()
                        && verified.cut().offset() > purge.offset().getAsLong());
        return covering.map(verified -> before.filter(
                        known -> known.cut().cut().offset() > purge.offset().getAsLong())
                .orElseGet(() -> new Reached(verified, now)));
    }

    /**
     * What is to become of a purge of {@code signups} now.
     *
     * @param reached what {@link #reached} says of it
     * @param crowded whether so many purges wait that none should wait for files as well
     */
    public PurgeDecision decide(
            PendingPurge purge,
            int partition,
            PartitionPurge state,
            Optional<Reached> reached,
            ErasureReports reports,
            boolean crowded,
            Instant now) {
        Optional<PurgeLevel> level = level(purge, state, now);
        if (level.isEmpty()) {
            return new PurgeDecision.Wait(
                    state.away().isEmpty() ? new PurgeWait.ForCut() : new PurgeWait.ForReplicas(state.away()));
        }
        if (level.get() != PurgeLevel.UNREACHABLE
                || reached.isEmpty()
                || purge.offset().isEmpty()) {
            return new PurgeDecision.Claim(level.get());
        }
        PartitionPurge.VerifiedCut cut = reached.get().cut();
        Set<Integer> mayHold = reports.mayHold(
                SealedTopic.SIGNUPS,
                partition,
                purge.offset().getAsLong(),
                cut.cut().confirmedAt(),
                cut.replicas(),
                now);
        if (mayHold.isEmpty()) {
            return new PurgeDecision.Claim(PurgeLevel.ERASED);
        }
        boolean worthwhile = !crowded
                && reports.reporting(cut.replicas(), now)
                && now.isBefore(reached.get().since().plus(erasureWait))
                && now.isBefore(purge.fallbackAt());
        return worthwhile
                ? new PurgeDecision.Wait(new PurgeWait.ForErasure(mayHold))
                : new PurgeDecision.Claim(PurgeLevel.UNREACHABLE);
    }

    /**
     * A further marker while files are waited for. A follower that was away may take records and the marker behind them in one piece,
     * and so into one segment; only a later append rolls it.
     *
     * @param awaitedSince since when a file has been waited for, if one is
     * @param lastMarkerAt when this method's last marker was appended
     */
    public Optional<Operation.AppendMarker> erasureMarker(
            Optional<Instant> awaitedSince, Instant lastMarkerAt, Instant now) {
        return awaitedSince
                .filter(since -> !now.isBefore(since.plus(ERASURE_MARKER_PERIOD)))
                .filter(since -> now.isBefore(lastMarkerAt) || !now.isBefore(lastMarkerAt.plus(ERASURE_MARKER_PERIOD)))
                .map(since -> new Operation.AppendMarker());
    }
}
