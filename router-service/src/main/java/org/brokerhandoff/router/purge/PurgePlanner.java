package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
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
 * @param highest the highest level that may be claimed at present, whatever the brokers show
 * @param erasureWait longest time for which a purge that could be claimed {@code UNREACHABLE} waits for the brokers' files
 */
public record PurgePlanner(
        Duration checkpointInterval, Duration segmentAge, Supplier<PurgeLevel> highest, Duration erasureWait) {
    /** With a highest level that stays. */
    public PurgePlanner(Duration checkpointInterval, Duration segmentAge, PurgeLevel highest, Duration erasureWait) {
        this(checkpointInterval, segmentAge, () -> highest, erasureWait);
    }

    /** A cut is verified a little after the interval, since the broker's timer and ours do not start together. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    /** While cuts wait for their verification, their partitions are looked at so often. */
    private static final Duration LOOK_PERIOD = Duration.ofMillis(500);

    /** While files are waited for, a marker is appended so often. */
    private static final Duration ERASURE_MARKER_PERIOD = Duration.ofSeconds(5);

    /**
     * That the brokers no longer serve a signup's records.
     *
     * @param cut the first verified cut of {@code signups} that covers its record
     * @param parkedCut that of the parked topic, if it was parked
     * @param since when that was known
     */
    public record Reached(
            PartitionPurge.VerifiedCut cut, Optional<PartitionPurge.VerifiedCut> parkedCut, Instant since) {}

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
        // A short checkpoint interval verifies the cut before the segment is old enough; it needs its
        // marker all the same.
        Stream<PartitionPurge.Cut> cuts = Stream.concat(
                state.unverified().stream(), state.verified().map(PartitionPurge.VerifiedCut::cut).stream());
        return cuts.filter(cut -> cut.offset() == state.cutTo() && cut.offset() > state.markedTo())
                        .anyMatch(cut -> !now.isBefore(cut.confirmedAt().plus(segmentAge)))
                ? Optional.of(new Operation.AppendMarker())
                : Optional.empty();
    }

    /**
     * The newest cut that is old enough to be verified, if there is one. The interval runs from the cut, or from when all replicas
     * came to be in sync if that was later.
     *
     * @param inSyncSince since when all replicas have been in sync without a break; empty if they are not known to be
     */
    public Optional<Operation.Verify> verify(PartitionPurge state, Optional<Instant> inSyncSince, Instant now) {
        return state.unverified().stream()
                .filter(cut -> inSyncSince
                        .filter(since -> matured(cut.confirmedAt(), now) && matured(since, now))
                        .isPresent())
                .reduce((older, newer) -> newer)
                .map(Operation.Verify::new);
    }

    private boolean matured(Instant since, Instant now) {
        return !now.isBefore(since.plus(checkpointInterval).plus(MARGIN));
    }

    /**
     * Whether a partition is to be looked at: it has a cut to verify, and the last look is old. After a quiet time that is at once. Under
     * traffic a look need not follow each cut, since none may be verified before the next one is due anyhow.
     */
    public boolean look(PartitionPurge state, Optional<Instant> lastLookAt, Instant now) {
        return !state.unverified().isEmpty()
                && lastLookAt
                        .filter(at -> !at.isAfter(now) && now.isBefore(at.plus(LOOK_PERIOD)))
                        .isEmpty();
    }

    /**
     * When the next look or marker is due, if nothing else happens; empty if none will be.
     *
     * @param inSyncSince as for {@link #verify}
     * @param lastLookAt as for {@link #look}
     * @param erasureMarker since when files have been waited for, or when the last marker for that was appended if that was later
     */
    public Optional<Instant> nextAt(
            PartitionPurge state,
            Optional<Instant> inSyncSince,
            Optional<Instant> lastLookAt,
            Optional<Instant> erasureMarker) {
        Stream<Instant> looks = state.unverified().isEmpty()
                ? Stream.empty()
                : Stream.of(
                        lastLookAt.map(at -> at.plus(LOOK_PERIOD)).orElse(Instant.MIN),
                        inSyncSince
                                .map(since ->
                                        later(since, state.unverified().get(0).confirmedAt()))
                                .map(since -> since.plus(checkpointInterval).plus(MARGIN))
                                .orElse(Instant.MAX));
        Stream<Instant> marker = state.newestCut().stream()
                .filter(cut -> cut.offset() == state.cutTo() && cut.offset() > state.markedTo())
                .map(cut -> cut.confirmedAt().plus(segmentAge));
        return Stream.of(looks, marker, erasureMarker.map(at -> at.plus(ERASURE_MARKER_PERIOD)).stream())
                .flatMap(each -> each)
                .min(Comparator.naturalOrder());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /**
     * The level at which a purge may be claimed now; empty if it should wait for a higher one.
     *
     * @param state the partition of {@code signups}
     * @param parked the partition of the parked topic
     */
    public Optional<PurgeLevel> level(PendingPurge purge, PartitionPurge state, PartitionPurge parked, Instant now) {
        // Where no more may be claimed than what is true already, there is nothing to wait for. The cut
        // is made all the same.
        PurgeLevel most = highest.get();
        return most == PurgeLevel.UNREADABLE
                ? Optional.of(PurgeLevel.UNREADABLE)
                : verified(purge, state, parked, now).map(level -> level.compareTo(most) <= 0 ? level : most);
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

    /** Whether a verified cut of {@code signups} covers the record of a purge. */
    static boolean unreachable(PendingPurge purge, PartitionPurge state) {
        return state.verified().filter(verified -> covers(verified, purge)).isPresent();
    }

    private static boolean covers(PartitionPurge.VerifiedCut verified, PendingPurge purge) {
        OptionalLong needed = purge.cutNeeded();
        return needed.isPresent() && verified.cut().offset() >= needed.getAsLong();
    }

    /** Whether a verified cut of the parked topic covers the copies of a purge that was parked. */
    static boolean unreachableParked(PendingPurge purge, PartitionPurge parked) {
        return parked.verified()
                .filter(verified -> coversParked(verified, purge))
                .isPresent();
    }

    private static boolean coversParked(PartitionPurge.VerifiedCut verified, PendingPurge purge) {
        return purge.parkedEnd().isPresent()
                && verified.cut().offset() >= purge.parkedEnd().getAsLong();
    }

    /**
     * Whether the brokers no longer serve a purge's records, and since when that is known. A look at the files counts from the first
     * cut that covers the record: under traffic a newer one is verified every moment.
     *
     * @param before what this method said of the purge before
     */
    public Optional<Reached> reached(
            PendingPurge purge, PartitionPurge state, PartitionPurge parked, Optional<Reached> before, Instant now) {
        if (!unreachable(purge, state) || (purge.parked() && !unreachableParked(purge, parked))) {
            return Optional.empty();
        }
        return before.filter(known -> covers(known.cut(), purge)
                        && (!purge.parked()
                                || known.parkedCut()
                                        .filter(cut -> coversParked(cut, purge))
                                        .isPresent()))
                .or(() -> state.verified()
                        .map(verified ->
                                new Reached(verified, purge.parked() ? parked.verified() : Optional.empty(), now)));
    }

    /**
     * What is to become of a purge now.
     *
     * @param state its partition of {@code signups}
     * @param parked its partition of the parked topic
     * @param reached what {@link #reached} says of it
     * @param crowded whether so many purges wait that none should wait for files as well
     */
    public PurgeDecision decide(
            PendingPurge purge,
            int partition,
            PartitionPurge state,
            PartitionPurge parked,
            Optional<Reached> reached,
            ErasureReports reports,
            boolean crowded,
            Instant now) {
        Optional<PurgeLevel> level = level(purge, state, parked, now);
        if (level.isEmpty()) {
            Set<Integer> away = new TreeSet<>(state.away());
            if (purge.parked()) {
                away.addAll(parked.away());
            }
            return new PurgeDecision.Wait(away.isEmpty() ? new PurgeWait.ForCut() : new PurgeWait.ForReplicas(away));
        }
        if (level.get() != PurgeLevel.UNREACHABLE || reached.isEmpty() || highest.get() != PurgeLevel.ERASED) {
            return new PurgeDecision.Claim(level.get());
        }
        PurgeWait.ForErasure files = filesOf(purge, partition, reached.get(), reports, now);
        if (files.brokers().isEmpty() && files.parkedBrokers().isEmpty()) {
            return new PurgeDecision.Claim(PurgeLevel.ERASED);
        }
        Set<Integer> replicas = new TreeSet<>(reached.get().cut().replicas());
        reached.get().parkedCut().ifPresent(cut -> replicas.addAll(cut.replicas()));
        boolean worthwhile = !crowded
                && reports.reporting(replicas, now)
                && now.isBefore(reached.get().since().plus(erasureWait))
                && now.isBefore(purge.fallbackAt());
        return worthwhile ? new PurgeDecision.Wait(files) : new PurgeDecision.Claim(PurgeLevel.UNREACHABLE);
    }

    /**
     * A claim above {@code UNREADABLE}, held against the copies of records that could not be processed: they are served until their
     * retention ends.
     *
     * @param copies what stands in the purge's partition; empty if that is not known now, for which the claim waits as for a cut
     */
    public PurgeDecision limited(
            PurgeDecision.Claim claim, PendingPurge purge, Optional<SetAsideCopies> copies, Instant now) {
        if (copies.isPresent() && !copies.get().mayHold(purge.signupId())) {
            return claim;
        }
        return copies.isPresent() || !now.isBefore(purge.fallbackAt())
                ? new PurgeDecision.Claim(PurgeLevel.UNREADABLE)
                : new PurgeDecision.Wait(new PurgeWait.ForCut());
    }

    /** The brokers whose files may still hold a record of the signup, by topic. */
    private static PurgeWait.ForErasure filesOf(
            PendingPurge purge, int partition, Reached reached, ErasureReports reports, Instant now) {
        PartitionPurge.VerifiedCut cut = reached.cut();
        // Of a record whose place is not known, it is known that it stood before what the brokers serve.
        long last = purge.offset().orElse(cut.startOffset() - 1);
        return new PurgeWait.ForErasure(
                reports.mayHold(SealedTopic.SIGNUPS, partition, last, cut.cut().confirmedAt(), cut.replicas(), now),
                reached.parkedCut()
                        .<Set<Integer>>map(parkedCut -> reports.mayHold(
                                SealedTopic.SIGNUPS_PARKED,
                                partition,
                                purge.parkedEnd().orElse(parkedCut.startOffset()) - 1,
                                parkedCut.cut().confirmedAt(),
                                parkedCut.replicas(),
                                now))
                        .orElse(Set.of()));
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
