package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.event.SealedTopic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps from finished records to freed slots, in their order, for all partitions that this router has. They block, and are the purge
 * thread's; partitions come and go on the consumer's.
 */
final class PurgeCycle {
    private static final Logger LOG = LoggerFactory.getLogger(PurgeCycle.class);
    /** Cuts are so far apart, under traffic. */
    private static final Duration CUT_PERIOD = Duration.ofMillis(500);

    private static final Duration GUARD_PERIOD = Duration.ofSeconds(5);

    private final KeyCustody custody;
    private final TopicCuts signups;
    private final TopicCuts parked;
    private final PurgeLog log;
    private final InstantSource clock;
    private final Supplier<Duration> uptime;
    private final PurgePlanner planner;
    private final Supplier<ErasureReports> erasureReports;
    private final ErasedSlotScan scan;
    private final PurgePublication publication;
    private final Map<Integer, DuePurges> assigned = new ConcurrentHashMap<>();
    private final List<Step> steps;
    private volatile PurgeWaits waits = PurgeWaits.NONE;
    private Instant nextGuard = Instant.MIN;
    /** When something was last accounted for or cut, by {@link #uptime}. */
    private Optional<Duration> lastCutAt = Optional.empty();

    private record Step(String name, Runnable action) {}

    PurgeCycle(
            PurgeWorker.Parts parts,
            PurgeWorker.Terms terms,
            ToIntFunction<UUID> partitionOf,
            InstantSource clock,
            Supplier<Duration> uptime) {
        this.custody = parts.custody();
        this.log = parts.log();
        this.clock = clock;
        this.uptime = uptime;
        this.erasureReports = parts.erasureReports();
        this.planner = new PurgePlanner(
                parts.cutter().checkpointInterval(),
                terms.segmentAge(),
                () -> terms.ceiling().get().highest(),
                terms.erasureWait());
        this.signups = new TopicCuts(SealedTopic.SIGNUPS, parts.cutter(), planner);
        this.parked = new TopicCuts(SealedTopic.SIGNUPS_PARKED, parts.parkedCutter(), planner);
        this.scan = new ErasedSlotScan(custody, signups, partitionOf, terms.reserve());
        this.publication = new PurgePublication(parts, planner, terms.ceiling());
        this.steps = List.of(
                new Step("scanning", this::scan),
                new Step("guarding", this::guard),
                new Step("looking for the end of the parked topic", this::lookForParkedEnds),
                new Step("cutting", this::cut),
                new Step("marking", () -> signups.mark(clock.instant())),
                new Step("marking the parked topic", () -> parked.mark(clock.instant())),
                new Step("verifying", () -> signups.verify(clock.instant(), uptime.get())),
                new Step("verifying the parked topic", () -> parked.verify(clock.instant(), uptime.get())),
                new Step("publishing", this::publish));
    }

    // ------------------------------------------------------------ any thread

    void assigned(int partition, CompletionTracker tracker) {
        signups.assigned(partition, tracker);
        assigned.put(partition, new DuePurges(new PurgeQueue(planner, partition)));
        // Erased slots of this partition may be waiting for their purge since before a crash.
        scan.soon();
    }

    void assignedParked(int partition, CompletionTracker tracker) {
        parked.assigned(partition, tracker);
    }

    /** Waits for a cut in progress. */
    void revoked(int partition) {
        signups.revoked(partition);
        DuePurges gone = assigned.remove(partition);
        if (gone != null) {
            gone.gone();
        }
    }

    /** Waits for a cut in progress. */
    void revokedParked(int partition) {
        parked.revoked(partition);
    }

    /** What is due of a partition, if this router has it. */
    Optional<DuePurges> due(int partition) {
        return Optional.ofNullable(assigned.get(partition));
    }

    /** Purges that are due and not published. */
    int pending() {
        return assigned.values().stream().mapToInt(DuePurges::pending).sum();
    }

    /** What the pending purges waited for when they were last looked at. */
    PurgeWaits waits() {
        return waits;
    }

    // ------------------------------------------------------------ purge thread

    /**
     * A step that fails does not keep the others: what cannot be cut is still claimed in time, at the lower level.
     *
     * @return whether all steps were done
     */
    boolean run() {
        assigned.values().forEach(due -> due.take(custody, clock.instant()));
        boolean all = true;
        for (Step step : steps) {
            all &= done(step);
        }
        return all;
    }

    private boolean done(Step step) {
        try {
            step.action().run();
            return true;
        } catch (RuntimeException e) {
            LOG.warn(
                    "{} backs off after {}; {} purges are due",
                    step.name(),
                    e.getClass().getSimpleName(),
                    pending());
            return false;
        }
    }

    /** How long no cut is made, whatever is finished; not positive if one may be made. */
    Duration untilCutsMayBeMade() {
        Duration now = uptime.get();
        return lastCutAt.map(at -> at.plus(CUT_PERIOD).minus(now)).orElse(Duration.ZERO);
    }

    /** How long nothing is to be done if there are no news. At most the period of the guard. */
    Duration untilSomethingIsDue() {
        Instant now = clock.instant();
        Stream<Instant> next = Stream.concat(
                Stream.of(Optional.of(nextGuard), Optional.of(scan.nextAt()), signups.nextAt(), parked.nextAt())
                        .flatMap(Optional::stream),
                assigned.values().stream().flatMap(due -> due.queue().nextAt(now).stream()));
        Duration longest = next.min(Comparator.naturalOrder())
                .filter(at -> at.isBefore(now.plus(GUARD_PERIOD)))
                .map(at -> at.isBefore(now) ? Duration.ZERO : Duration.between(now, at))
                .orElse(GUARD_PERIOD);
        // After a cut there may be more to cut, of which no news were taken.
        Duration untilNextCut = untilCutsMayBeMade();
        return untilNextCut.compareTo(Duration.ZERO) > 0 && untilNextCut.compareTo(longest) < 0
                ? untilNextCut
                : longest;
    }

    private void scan() {
        Instant now = clock.instant();
        if (scan.begin(now)) {
            Map<Integer, PurgeQueue> queues = new HashMap<>();
            assigned.forEach((number, due) -> queues.put(number, due.queue()));
            try {
                scan.scan(queues, now);
            } finally {
                assigned.values().forEach(DuePurges::count);
            }
        }
    }

    private void guard() {
        Instant now = clock.instant();
        // A clock that was set back must not put it off.
        if (!now.isBefore(nextGuard) || nextGuard.isAfter(now.plus(GUARD_PERIOD))) {
            nextGuard = now.plus(GUARD_PERIOD);
            signups.guard();
            parked.guard();
        }
    }

    /** Both topics in one turn; a topic that cannot be cut does not keep the other. */
    private void cut() {
        if (untilCutsMayBeMade().compareTo(Duration.ZERO) > 0) {
            return;
        }
        Duration now = uptime.get();
        boolean cut = false;
        RuntimeException failure = null;
        for (TopicCuts topic : List.of(signups, parked)) {
            try {
                cut |= topic.accountAndCut(log, clock);
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (cut) {
            lastCutAt = Optional.of(now);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Looks where the topics end for purges that have to cover the parked one. It is looked after their keys were destroyed and, where
     * a handoff is in progress, again after its end, so that no copy can come behind it, except from a router that does not know that it
     * has lost its partition.
     */
    private void lookForParkedEnds() {
        eachPartition((number, queue) -> {
            if (queue.lacksEnds()) {
                OptionalLong end = parked.endOffset(number);
                OptionalLong signupsEnd = signups.endOffset(number);
                if (end.isPresent() && signupsEnd.isPresent()) {
                    queue.standBefore(end.getAsLong(), signupsEnd.getAsLong(), clock.instant());
                    parked.want(number, end.getAsLong());
                    signups.want(number, signupsEnd.getAsLong());
                }
            }
        });
    }

    /** A partition without a leader does not hold up the others. */
    private void eachPartition(BiConsumer<Integer, PurgeQueue> action) {
        RuntimeException failure = null;
        for (Map.Entry<Integer, DuePurges> each : assigned.entrySet()) {
            try {
                action.accept(each.getKey(), each.getValue().queue());
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void publish() {
        Instant now = clock.instant();
        ErasureReports reports = erasureReports.get();
        PurgeWaits waiting = PurgeWaits.NONE;
        List<PurgePublication.Batch> batches = new ArrayList<>();
        for (Map.Entry<Integer, DuePurges> each : assigned.entrySet()) {
            int number = each.getKey();
            DuePurges due = each.getValue();
            // What was told before its record counted as finished is in the queue before a cut of it is verified.
            due.take(custody, now);
            PurgeQueue queue = due.queue();
            queue.cut(signups.state(number), parked.state(number), now);
            batches.add(new PurgePublication.Batch(number, queue, queue.claims(reports, now), due::acknowledged));
            waiting = waiting.and(queue.waits());
            signups.awaitErasure(number, queue.filesAwaitedSince());
            parked.awaitErasure(number, queue.parkedFilesAwaitedSince());
        }
        tell(waiting);
        waits = waiting.and(publication.publish(batches, assigned.keySet(), now));
    }

    /** Says what purges wait for: once when it begins, once when it ends. */
    private void tell(PurgeWaits now) {
        if (!now.brokersAway().equals(waits.brokersAway())) {
            if (now.brokersAway().isEmpty()) {
                LOG.info("no purge waits for replicas any longer");
            } else {
                LOG.warn(
                        "{} purges wait at UNREADABLE, their keys destroyed, because Kafka brokers {} hold their records and"
                                + " are not in sync",
                        now.forReplicas(),
                        now.brokersAway());
            }
        }
        waits = now;
    }
}
