package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.brokerhandoff.event.PurgeLevel;

/**
 * The pending purges of one partition, each where it waits. A verified cut releases those at the head of a queue by offset, so that a
 * purge is processed when something has happened to it, not in every cycle. Decides by {@link PurgePlanner}. Confined to one thread; no
 * clock, no I/O.
 *
 * <pre>
 *             parked, ends unknown
 *   add ----&gt; WITHOUT_ENDS --ends--&gt; FOR_CUT --verified--&gt; FOR_PARKED_CUT --verified--&gt; READY &lt;--&gt; FOR_FILES
 *    |                                  ^ | not parked: verified                        ^  |
 *    |                                  | +---------------------------------------------+  | acknowledged
 *    +-- nothing to wait for; or the fallback time, from each of the first three ---------&gt;+---&gt; gone
 *                                       +---- a cut is undone, a copy is found: from each ---- (back)
 * </pre>
 *
 * <p>Nothing here outlives a crash, and nothing has to: the slots are the outbox, and {@link ErasedSlotScan} finds them.
 */
final class PurgeQueue {
    /** So many purges of one partition may wait for files: more would cost slots. */
    private static final int CROWD = 10_000;

    /** Those that wait for files are looked at when the reports change, and so often for what time changes: an agent's silence, a limit. */
    private static final Duration FILES_PERIOD = Duration.ofSeconds(1);

    /** What was ready and could not be published, and ends that could not be seen, are retried after this. */
    private static final Duration RETRY_PERIOD = Duration.ofMillis(500);

    private final PurgePlanner planner;
    private final int partition;
    private final Map<PendingPurge.Key, Entry> entries = new HashMap<>();

    private final Set<Entry> withoutEnds = new LinkedHashSet<>();
    private final NavigableSet<Entry> forCut = new TreeSet<>(order(entry -> entry.cutNeeded));
    private final NavigableSet<Entry> forParkedCut = new TreeSet<>(order(entry -> entry.parkedCutNeeded));
    private final Set<Entry> forFiles = new LinkedHashSet<>();
    private final Set<Entry> ready = new LinkedHashSet<>();
    /** Those of the first three, by the time at which they are claimed at the level reached. */
    private final NavigableSet<Entry> byFallback = new TreeSet<>(
            Comparator.comparing((Entry entry) -> entry.fallbackAt).thenComparingLong(entry -> entry.number));

    private PartitionPurge signups = PartitionPurge.NONE;
    private PartitionPurge parked = PartitionPurge.NONE;
    private ErasureReports reports = ErasureReports.NONE;
    private Instant filesJudgedAt = Instant.MIN;
    private long added;
    /** Parked ones among those that wait for cuts. */
    private int parkedWaiting;

    /** A purge and where it waits. What it is ordered by changes only while it is in no order. */
    private static final class Entry {
        final long number;
        PendingPurge purge;
        long cutNeeded;
        long parkedCutNeeded;
        Instant fallbackAt;
        Optional<PurgePlanner.Reached> reached = Optional.empty();
        Optional<PurgeWait.ForErasure> files = Optional.empty();
        Optional<Collection<Entry>> place = Optional.empty();

        Entry(long number, PendingPurge purge) {
            this.number = number;
            this.purge = purge;
            this.fallbackAt = purge.fallbackAt();
        }

        void set(PendingPurge known) {
            purge = known;
            cutNeeded = known.cutNeeded().orElse(0);
            parkedCutNeeded = known.parkedEnd().orElse(0);
            fallbackAt = known.fallbackAt();
        }
    }

    /**
     * A purge that may be published now.
     *
     * @param reached the verified cuts that a claim above {@code UNREADABLE} rests on
     */
    record Claim(PendingPurge purge, PurgeLevel level, Optional<PurgePlanner.Reached> reached) {}

    /** An empty queue. */
    PurgeQueue(PurgePlanner planner, int partition) {
        this.planner = planner;
        this.partition = partition;
    }

    private static Comparator<Entry> order(ToLongFunction<Entry> offset) {
        return Comparator.comparingLong(offset).thenComparingLong(entry -> entry.number);
    }

    /** Number of pending purges. */
    int size() {
        return entries.size();
    }

    boolean contains(PendingPurge.Key key) {
        return entries.containsKey(key);
    }

    /**
     * Adds a purge, or what is newly known of one. A copy in the parked topic may have been written since its end was looked at, so that is
     * looked at again.
     */
    void add(PendingPurge purge, Instant now) {
        Entry entry = entries.get(purge.key());
        if (entry == null) {
            entry = new Entry(added++, purge);
            entries.put(purge.key(), entry);
            change(entry, purge, now);
        } else {
            PendingPurge merged = entry.purge.merge(purge);
            change(entry, purge.parked() ? merged.foundParked() : merged, now);
        }
    }

    /** A copy may be in the parked topic, whose end has to be looked for. */
    void foundParked(PendingPurge.Key key, Instant now) {
        Optional.ofNullable(entries.get(key)).ifPresent(entry -> change(entry, entry.purge.foundParked(), now));
    }

    /** Whether some were parked and it is not known yet up to where their copies stand. */
    boolean lacksEnds() {
        return !withoutEnds.isEmpty();
    }

    /** The ends of both topics, looked at after everything that was added: all copies of those that lacked them stand before these. */
    void standBefore(long parkedEnd, long signupsEnd, Instant now) {
        List.copyOf(withoutEnds)
                .forEach(entry -> change(entry, entry.purge.standingBefore(parkedEnd, signupsEnd), now));
    }

    /** How far the partition is cut now, in both topics. Releases what a verified cut covers, and takes back what an undone one covered. */
    void cut(PartitionPurge newSignups, PartitionPurge newParked, Instant now) {
        boolean undone = verifiedTo(newSignups) < verifiedTo(signups) || verifiedTo(newParked) < verifiedTo(parked);
        signups = newSignups;
        parked = newParked;
        if (undone) {
            List.copyOf(entries.values()).forEach(entry -> placeAgain(entry, now));
            return;
        }
        while (!forCut.isEmpty() && PurgePlanner.unreachable(forCut.first().purge, signups)) {
            placeAgain(forCut.first(), now);
        }
        while (!forParkedCut.isEmpty() && PurgePlanner.unreachableParked(forParkedCut.first().purge, parked)) {
            placeAgain(forParkedCut.first(), now);
        }
    }

    private static long verifiedTo(PartitionPurge state) {
        return state.verified().map(verified -> verified.cut().offset()).orElse(-1L);
    }

    /** What may be claimed now. Each stays until it is {@link #acknowledged}, and is told again otherwise. */
    List<Claim> claims(ErasureReports newReports, Instant now) {
        while (!byFallback.isEmpty() && !now.isBefore(byFallback.first().fallbackAt)) {
            placeAgain(byFallback.first(), now);
        }
        if (!newReports.equals(reports)
                || now.isBefore(filesJudgedAt)
                || !now.isBefore(filesJudgedAt.plus(FILES_PERIOD))) {
            reports = newReports;
            filesJudgedAt = now;
            List.copyOf(forFiles).forEach(entry -> move(entry, ready));
        }
        List<Claim> claims = new ArrayList<>(ready.size());
        for (Entry entry : List.copyOf(ready)) {
            entry.reached = planner.reached(entry.purge, signups, parked, entry.reached, now);
            PurgeDecision decision = planner.decide(
                    entry.purge, partition, signups, parked, entry.reached, reports, entries.size() > CROWD, now);
            if (decision instanceof PurgeDecision.Claim claim) {
                claims.add(new Claim(entry.purge, claim.level(), entry.reached));
            } else if (decision instanceof PurgeDecision.Wait wait
                    && wait.reason() instanceof PurgeWait.ForErasure files) {
                entry.files = Optional.of(files);
                move(entry, forFiles);
            } else {
                placeAgain(entry, now);
            }
        }
        return claims;
    }

    /** Kafka has the purge. */
    void acknowledged(PendingPurge.Key key) {
        Entry entry = entries.remove(key);
        if (entry != null) {
            take(entry);
        }
    }

    /** What the purges that are not ready wait for. */
    PurgeWaits waits() {
        Set<Integer> away = new TreeSet<>(signups.away());
        PurgeWaits plain = PurgeWaits.forCuts(byFallback.size() - parkedWaiting, away);
        away.addAll(parked.away());
        return plain.and(PurgeWaits.forCuts(parkedWaiting, away)).and(new PurgeWaits(0, 0, forFiles.size(), Set.of()));
    }

    /** Since when purges have waited for the brokers' files of {@code signups}, if any does. */
    Optional<Instant> filesAwaitedSince() {
        return since(forFiles.stream()
                .filter(entry ->
                        entry.files.filter(files -> !files.brokers().isEmpty()).isPresent()));
    }

    /** Since when purges have waited for the brokers' files of the parked topic, if any does. */
    Optional<Instant> parkedFilesAwaitedSince() {
        return since(forFiles.stream()
                .filter(entry -> entry.files
                        .filter(files -> !files.parkedBrokers().isEmpty())
                        .isPresent()));
    }

    private static Optional<Instant> since(Stream<Entry> waiting) {
        return waiting.flatMap(entry -> entry.reached.stream())
                .map(PurgePlanner.Reached::since)
                .min(Comparator.naturalOrder());
    }

    /** When it is to be looked at again, if no cut is verified and nothing is added until then; empty if never. */
    Optional<Instant> nextAt(Instant now) {
        return withoutEnds.isEmpty() && forFiles.isEmpty() && ready.isEmpty()
                ? byFallback.isEmpty() ? Optional.empty() : Optional.of(byFallback.first().fallbackAt)
                : Optional.of(now.plus(RETRY_PERIOD));
    }

    private void change(Entry entry, PendingPurge purge, Instant now) {
        take(entry);
        entry.set(purge);
        place(entry, now);
    }

    private void placeAgain(Entry entry, Instant now) {
        take(entry);
        place(entry, now);
    }

    private void place(Entry entry, Instant now) {
        PendingPurge purge = entry.purge;
        if (planner.level(purge, signups, parked, now).isPresent()) {
            move(entry, ready);
            return;
        }
        entry.reached = Optional.empty();
        if (purge.parked() && purge.parkedEnd().isEmpty()) {
            move(entry, withoutEnds);
        } else if (PurgePlanner.unreachable(purge, signups)) {
            move(entry, forParkedCut);
        } else {
            move(entry, forCut);
        }
        byFallback.add(entry);
        parkedWaiting += purge.parked() ? 1 : 0;
    }

    private void move(Entry entry, Collection<Entry> place) {
        entry.place.ifPresent(before -> before.remove(entry));
        place.add(entry);
        entry.place = Optional.of(place);
    }

    private void take(Entry entry) {
        entry.place.ifPresent(before -> before.remove(entry));
        entry.place = Optional.empty();
        if (byFallback.remove(entry) && entry.purge.parked()) {
            parkedWaiting--;
        }
    }
}
