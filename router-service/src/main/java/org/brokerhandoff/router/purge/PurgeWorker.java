package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.HandoffEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the finished prefix of every partition this router has, of {@code signups} and of the parked topic, verifies the cut after the brokers' checkpoint interval, publishes
 * the purges and frees the slots. One thread.
 *
 * <p>What {@code kill -9} loses, step by step: before the cut, nothing – the record is consumed again and its erased slot leads
 * here; between the cut and the verification, the cut may be undone by the brokers, and is made again since the erased slots are
 * found at the start; between the verification and the acknowledgement of {@code Purged}, or before the slot is freed, the purge
 * is published again with the same event id.
 */
public final class PurgeWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PurgeWorker.class);
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration RESCAN_PERIOD = Duration.ofSeconds(5);
    /** A producer of ingest gives up after 10 s; after three times that, a record that is not there never comes. */
    private static final Duration PUBLICATION_LIMIT = Duration.ofSeconds(30);
    /** So many purges of one partition may wait for files: more would cost slots, and time in every cycle. */
    private static final int CROWD = 10_000;

    private final KeyCustody custody;
    private final TopicCuts signups;
    private final TopicCuts parked;
    private final SetAsideLook setAside;
    private final PurgeLog log;
    private final InstantSource clock;
    private final ToIntFunction<UUID> partitionOf;
    private final PurgePlanner planner;
    private final Duration reserve;
    private final Supplier<ErasureReports> erasureReports;
    private final BiConsumer<Purged, Instant> published;
    private final Map<Integer, Partition> assigned = new ConcurrentHashMap<>();
    private final List<Step> steps;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Instant nextScan = Instant.MIN;
    private volatile PurgeWaits waits = PurgeWaits.NONE;
    /** Purge thread only. */
    private Instant nextGuard = Instant.MIN;

    private static final class Partition {
        final Map<PendingPurge.Key, PendingPurge> pending = new ConcurrentHashMap<>();
        /** Whoever waits for the purge of a record without a slot. */
        final Map<PendingPurge.Key, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();
        /** End of the partition when a slot without a record was first looked at. Purge thread only. */
        final Map<PendingPurge.Key, Long> ends = new HashMap<>();
        /** Since when the brokers no longer serve the records of a pending purge. Purge thread only. */
        final Map<PendingPurge.Key, PurgePlanner.Reached> reached = new HashMap<>();
    }

    /**
     * What a worker works with.
     *
     * @param cutter cuts {@code signups}
     * @param parkedCutter cuts the parked topic
     * @param setAside looks at the copies of records that could not be processed; used by the worker's thread
     * @param erasureReports what the agents beside the brokers have said
     * @param published told of each acknowledged purge and of the moment
     */
    public record Parts(
            KeyCustody custody,
            LogCutter cutter,
            LogCutter parkedCutter,
            SetAsideLook setAside,
            PurgeLog log,
            Supplier<ErasureReports> erasureReports,
            BiConsumer<Purged, Instant> published) {}

    /**
     * What claims depend on.
     *
     * @param segmentAge age at which an append rolls a segment
     * @param highest the highest level that may be claimed on this host
     * @param reserve time between a key's expiry and the promise, for records that nobody has read
     * @param erasureWait longest time for which a purge waits for the brokers' files
     */
    public record Terms(Duration segmentAge, PurgeLevel highest, Duration reserve, Duration erasureWait) {}

    /**
     * A worker; {@link #start} starts it.
     *
     * @param partitionOf the partition that a signup lives in
     * @param uptime a clock that nobody can set; only differences count
     */
    public PurgeWorker(
            Parts parts, Terms terms, ToIntFunction<UUID> partitionOf, InstantSource clock, Supplier<Duration> uptime) {
        this.custody = parts.custody();
        this.setAside = parts.setAside();
        this.log = parts.log();
        this.clock = clock;
        this.partitionOf = partitionOf;
        this.reserve = terms.reserve();
        this.erasureReports = parts.erasureReports();
        this.published = parts.published();
        this.planner = new PurgePlanner(
                parts.cutter().checkpointInterval(), terms.segmentAge(), terms.highest(), terms.erasureWait());
        this.signups = new TopicCuts(SealedTopic.SIGNUPS, parts.cutter(), planner);
        this.parked = new TopicCuts(SealedTopic.SIGNUPS_PARKED, parts.parkedCutter(), planner);
        this.steps = List.of(
                new Step("scanning", this::scan),
                new Step("guarding", this::guard),
                new Step("looking for the end of the parked topic", this::lookForParkedEnds),
                new Step("accounting", () -> signups.account(log, clock.instant())),
                new Step("accounting for the parked topic", () -> parked.account(log, clock.instant())),
                new Step("cutting", () -> signups.cut(clock)),
                new Step("cutting the parked topic", () -> parked.cut(clock)),
                new Step("marking", () -> signups.mark(clock.instant())),
                new Step("marking the parked topic", () -> parked.mark(clock.instant())),
                new Step("verifying", () -> signups.verify(clock.instant(), uptime.get())),
                new Step("verifying the parked topic", () -> parked.verify(clock.instant(), uptime.get())),
                new Step("publishing", this::publish));
        this.thread = new Thread(this::run, "purge");
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** This router now has a partition of the parked topic, whose finished records {@code tracker} knows. */
    public void assignedParked(int partition, CompletionTracker tracker) {
        parked.assigned(partition, tracker);
    }

    /** This router no longer has a partition of the parked topic. */
    public void revokedParked(int partition) {
        parked.revoked(partition);
    }

    /** This router now has a partition of {@code signups}, whose finished records {@code tracker} knows. */
    public void assigned(int partition, CompletionTracker tracker) {
        signups.assigned(partition, tracker);
        assigned.put(partition, new Partition());
        // Erased slots of this partition may be waiting for their purge since before a crash.
        nextScan = Instant.MIN;
    }

    /** This router no longer has a partition of {@code signups}; whoever has it finds its erased slots. */
    public void revoked(int partition) {
        signups.revoked(partition);
        Partition gone = assigned.remove(partition);
        if (gone != null) {
            gone.waiting.values().forEach(waiting -> waiting.complete(false));
        }
    }

    /** A handoff ended with an erased slot: its purge is due. */
    public void due(HandoffEnd.Finished end, SlotView slot) {
        Partition partition = assigned.get(end.signup().partition());
        if (partition != null) {
            // The slot holds the position of the last record of this signup; this record may be another
            // one of the same.
            LogPosition position =
                    LogPosition.inSignups(end.signup().partition(), end.signup().offset());
            PendingPurge purge = PurgeEvents.pending(
                    slot,
                    Optional.of(position),
                    end.parked(),
                    Optional.of(end.signup().eraseBy()),
                    PurgeEvents.readBack(end.readBack()),
                    reserve);
            partition.pending.compute(purge.key(), (key, before) -> {
                PendingPurge merged = before == null ? purge : before.merge(purge);
                // A copy may have been written since the scan found the slot and looked where the parked topic ends.
                return end.parked() ? merged.foundParked() : merged;
            });
        }
    }

    /**
     * A record was found whose slot is gone and whose purge the log does not have: its purge is due. No slot would bring it back
     * after a crash, so its record must not count as finished before Kafka has acknowledged the purge.
     *
     * @return completes with whether the purge was acknowledged; {@code false} if the partition has gone to another router, for
     *     which the record has to stay
     */
    public CompletionStage<Boolean> dueWithoutSlot(PendingSignup signup) {
        Partition partition = assigned.get(signup.partition());
        if (partition == null) {
            return CompletableFuture.completedFuture(false);
        }
        PendingPurge purge = PurgeEvents.withoutSlot(signup, clock.instant());
        CompletableFuture<Boolean> acknowledged =
                partition.waiting.computeIfAbsent(purge.key(), key -> new CompletableFuture<>());
        partition.pending.merge(purge.key(), purge, PendingPurge::merge);
        if (assigned.get(signup.partition()) != partition) {
            acknowledged.complete(false);
        }
        return acknowledged;
    }

    /** Whether the thread is alive. */
    public boolean running() {
        return thread.isAlive();
    }

    /** Purges that are due and not published. */
    public int pending() {
        return assigned.values().stream()
                .mapToInt(partition -> partition.pending.size())
                .sum();
    }

    /** What the pending purges waited for when they were last looked at. */
    public PurgeWaits waits() {
        return waits;
    }

    private void run() {
        while (!closing()) {
            pause(cycle() ? PERIOD : PAUSE_AFTER_FAILURE);
        }
    }

    private boolean closing() {
        return closed.getCount() == 0;
    }

    /**
     * A step that fails does not keep the others: what cannot be cut is still claimed in time, at the lower level.
     *
     * @return whether all steps were done
     */
    boolean cycle() {
        boolean all = true;
        for (Step step : steps) {
            all &= done(step);
        }
        return all;
    }

    private record Step(String name, Runnable action) {}

    private boolean done(Step step) {
        try {
            step.action().run();
            return true;
        } catch (RuntimeException e) {
            if (!closing()) {
                LOG.warn(
                        "{} waits after {}; {} purges are due",
                        step.name(),
                        e.getClass().getSimpleName(),
                        pending());
            }
            return false;
        }
    }

    /** The scan's period is the guard's as well; a scan that fails does not keep the guard. */
    private boolean due(Instant next, Instant now) {
        // A clock that was set back must not put it off.
        return !now.isBefore(next) || next.isAfter(now.plus(RESCAN_PERIOD));
    }

    private void guard() {
        Instant now = clock.instant();
        if (due(nextGuard, now)) {
            nextGuard = now.plus(RESCAN_PERIOD);
            signups.guard();
            parked.guard();
        }
    }

    /**
     * Looks where the topics end for purges that have to cover the parked one. It is looked after their keys were destroyed and, where
     * a handoff is under way, again after its end, so that no copy can come behind it, except from a router that does not know that it
     * has lost its partition.
     */
    @SuppressWarnings("ReferenceEquality") // the same finding, not one that says the same
    private void lookForParkedEnds() {
        eachPartition((number, partition) -> {
            List<PendingPurge> waiting = partition.pending.values().stream()
                    .filter(purge -> purge.parked() && purge.parkedEnd().isEmpty())
                    .toList();
            if (!waiting.isEmpty()) {
                OptionalLong end = parked.endOffset(number);
                OptionalLong signupsEnd = signups.endOffset(number);
                if (end.isPresent() && signupsEnd.isPresent()) {
                    // Only what has not changed since: due() may have told of a copy that stands behind this end.
                    waiting.forEach(purge -> partition.pending.computeIfPresent(
                            purge.key(),
                            (key, now) -> now == purge
                                    ? purge.standingBefore(end.getAsLong(), signupsEnd.getAsLong())
                                    : now));
                    parked.want(number, end.getAsLong());
                    signups.want(number, signupsEnd.getAsLong());
                }
            }
        });
    }

    /** A partition without a leader does not hold up the others. */
    private void eachPartition(BiConsumer<Integer, Partition> action) {
        RuntimeException failure = null;
        for (Map.Entry<Integer, Partition> each : assigned.entrySet()) {
            try {
                action.accept(each.getKey(), each.getValue());
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Finds erased slots that no handoff has told of: left by a crash, withdrawn before consumption, or never published. Where
     * nobody can say whether a record will come, since its partition is stopped, the purge is claimed in time all the same.
     */
    private void scan() {
        Instant now = clock.instant();
        if (!due(nextScan, now) || assigned.isEmpty()) {
            return;
        }
        nextScan = now.plus(RESCAN_PERIOD);
        List<SlotView> erased = custody.erased();
        Set<PendingPurge.Key> seen = new HashSet<>();
        Map<Integer, RuntimeException> failures = new HashMap<>();
        for (SlotView slot : erased) {
            PendingPurge.Key key = PendingPurge.Key.of(slot);
            seen.add(key);
            int number = slot.position()
                    .map(LogPosition::partition)
                    .orElseGet(() -> partitionOf.applyAsInt(slot.signupId()));
            Partition partition = assigned.get(number);
            if (partition == null || partition.pending.containsKey(key)) {
                continue;
            }
            if (slot.position().isPresent()
                    || !now.isBefore(PurgeEvents.fallbackAt(slot, reserve))
                    || neverPublished(slot, number, partition, now, failures)) {
                boolean wasParked = slot.position().filter(LogPosition::parked).isPresent();
                PendingPurge purge = PurgeEvents.pending(
                        slot,
                        slot.position(),
                        wasParked,
                        Optional.empty(),
                        PurgeEvents.readBack(Optional.empty()),
                        reserve);
                partition.pending.merge(key, purge, PendingPurge::merge);
            }
        }
        assigned.values().forEach(partition -> partition.ends.keySet().retainAll(seen));
        for (RuntimeException failure : failures.values()) {
            throw failure;
        }
    }

    /**
     * Whether no record of this slot will ever come: ingest's producer has given up, and everything that was in the partition
     * after that has been consumed, by which its slot would have been told a position. Whether all of it is finished does not
     * matter, which may take a day.
     */
    private boolean neverPublished(
            SlotView slot, int number, Partition partition, Instant now, Map<Integer, RuntimeException> failures) {
        Instant erasedAt = slot.erasedAt().orElse(now);
        // One that does not answer is asked once in a scan, and does not keep the others' slots from being found.
        if (now.isBefore(erasedAt.plus(PUBLICATION_LIMIT)) || failures.containsKey(number)) {
            return false;
        }
        PendingPurge.Key key = PendingPurge.Key.of(slot);
        Long end = partition.ends.get(key);
        if (end == null) {
            try {
                signups.endOffset(number).ifPresent(offset -> partition.ends.put(key, offset));
            } catch (RuntimeException e) {
                failures.put(number, e);
            }
            return false;
        }
        return signups.consumed(number).orElse(0) >= end
                && slotOf(key).filter(view -> view.position().isEmpty()).isPresent();
    }

    private void publish() {
        Instant now = clock.instant();
        ErasureReports reports = erasureReports.get();
        Map<CompletableFuture<?>, Runnable> acknowledgements = new LinkedHashMap<>();
        PurgeWaits waiting = PurgeWaits.NONE;
        Optional<Map<Integer, SetAsideCopies>> copies = Optional.empty();
        boolean looked = false;
        for (Map.Entry<Integer, Partition> each : assigned.entrySet()) {
            int number = each.getKey();
            Partition partition = each.getValue();
            PartitionPurge cut = signups.state(number);
            PartitionPurge cutParked = parked.state(number);
            List<PendingPurge> pending = List.copyOf(partition.pending.values());
            partition.reached.keySet().retainAll(partition.pending.keySet());
            Optional<Instant> awaited = Optional.empty();
            Optional<Instant> awaitedParked = Optional.empty();
            for (PendingPurge purge : pending) {
                Optional<PurgePlanner.Reached> reached = planner.reached(
                        purge, cut, cutParked, Optional.ofNullable(partition.reached.get(purge.key())), now);
                reached.ifPresentOrElse(
                        known -> partition.reached.put(purge.key(), known),
                        () -> partition.reached.remove(purge.key()));
                PurgeDecision decision =
                        planner.decide(purge, number, cut, cutParked, reached, reports, pending.size() > CROWD, now);
                if (decision instanceof PurgeDecision.Claim claim && claim.level() != PurgeLevel.UNREADABLE) {
                    if (!looked) {
                        looked = true;
                        copies = copiesSetAside();
                    }
                    decision = planner.limited(
                            claim, purge, copies.flatMap(known -> Optional.ofNullable(known.get(number))), now);
                }
                if (decision instanceof PurgeDecision.Claim claim
                        && claim.level() != PurgeLevel.UNREADABLE
                        && !purge.parked()
                        && parkedSince(purge)) {
                    // By a router that has lost the partition to this one, when this one knew the slot already.
                    partition.pending.computeIfPresent(purge.key(), (same, known) -> known.foundParked());
                } else if (decision instanceof PurgeDecision.Claim claim) {
                    Purged event = PurgeEvents.purged(
                            purge, claim.level(), number, reached, planner.checkpointInterval(), now);
                    acknowledgements.put(
                            publish(purge, event).toCompletableFuture(),
                            () -> acknowledged(partition, purge, event, now));
                } else if (decision instanceof PurgeDecision.Wait wait) {
                    waiting = waiting.and(wait.reason());
                    if (wait.reason() instanceof PurgeWait.ForErasure files) {
                        Optional<Instant> since = reached.map(PurgePlanner.Reached::since);
                        awaited = files.brokers().isEmpty() ? awaited : earlier(awaited, since);
                        awaitedParked = files.parkedBrokers().isEmpty() ? awaitedParked : earlier(awaitedParked, since);
                    }
                }
            }
            signups.awaitErasure(number, awaited);
            parked.awaitErasure(number, awaitedParked);
        }
        tell(waiting);
        // All are on their way at once; each slot is freed only when its own purge has been
        // acknowledged, and the failure of one does not make the others' be published again.
        int failed = 0;
        for (Map.Entry<CompletableFuture<?>, Runnable> each : acknowledgements.entrySet()) {
            if (Await.acknowledged(each.getKey())) {
                each.getValue().run();
            } else {
                failed++;
            }
        }
        if (failed > 0) {
            throw new IllegalStateException("purges were not acknowledged");
        }
    }

    /** Once a cycle at most, and only if a claim depends on it; after the cuts were looked at. Empty if it cannot be read now. */
    private Optional<Map<Integer, SetAsideCopies>> copiesSetAside() {
        try {
            return Optional.of(setAside.look(assigned.keySet()));
        } catch (RuntimeException e) {
            LOG.warn(
                    "records that were set aside cannot be looked at: {}",
                    e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private Optional<SlotView> slotOf(PendingPurge.Key key) {
        return custody.read(key.slot()).filter(slot -> slot.signupId().equals(key.signupId()));
    }

    private boolean parkedSince(PendingPurge purge) {
        return slotOf(purge.key())
                .flatMap(SlotView::position)
                .filter(LogPosition::parked)
                .isPresent();
    }

    private void acknowledged(Partition partition, PendingPurge purge, Purged event, Instant now) {
        custody.free(purge.slot(), purge.signupId());
        partition.pending.remove(purge.key());
        CompletableFuture<Boolean> waiting = partition.waiting.remove(purge.key());
        if (waiting != null) {
            waiting.complete(true);
        }
        published.accept(event, now);
    }

    private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        return Stream.of(one, other).flatMap(Optional::stream).min(Comparator.naturalOrder());
    }

    /** Says what purges wait for: once when it begins, once when it ends. */
    private void tell(PurgeWaits now) {
        if (!now.brokersAway().equals(waits.brokersAway())) {
            if (now.brokersAway().isEmpty()) {
                LOG.info("no purge waits for replicas any more");
            } else {
                LOG.warn(
                        "{} purges wait at UNREADABLE, their keys destroyed, because Kafka brokers {} have their records and"
                                + " are not in sync",
                        now.forReplicas(),
                        now.brokersAway());
            }
        }
        waits = now;
    }

    private CompletionStage<?> publish(PendingPurge purge, Purged event) {
        UUID signupId = purge.signupId();
        return slotOf(purge.key())
                .filter(slot -> slot.state() == SlotState.ERASED)
                .flatMap(PurgeEvents::unrecordedWithdrawal)
                .<CompletionStage<?>>map(withdrawn ->
                        log.publish(signupId, withdrawn).thenCompose(acknowledged -> log.publish(signupId, event)))
                .orElseGet(() -> log.publish(signupId, event));
    }

    private void pause(Duration duration) {
        try {
            var unused = closed.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    /** Waits for the cycle that runs. It is not interrupted: that would close the slot file's channel under everybody's feet. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
