package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.HandoffEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the finished prefix of every partition this router has, verifies the cut after the brokers' checkpoint interval, publishes
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
    private static final Duration RESCAN_PERIOD = Duration.ofSeconds(5);
    /** A producer of ingest gives up after 10 s; after three times that, a record that is not there never comes. */
    private static final Duration PUBLICATION_LIMIT = Duration.ofSeconds(30);

    private final KeyCustody custody;
    private final LogCutter cutter;
    private final PurgeLog log;
    private final InstantSource clock;
    private final ToIntFunction<UUID> partitionOf;
    private final PurgePlanner planner;
    private final BiConsumer<Purged, Instant> published;
    private final Map<Integer, Partition> assigned = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closing;
    private volatile Instant nextScan = Instant.MIN;

    private static final class Partition {
        final CompletionTracker tracker;
        final Map<SlotReference, PendingPurge> pending = new ConcurrentHashMap<>();
        volatile PartitionPurge state = PartitionPurge.NONE;

        Partition(CompletionTracker tracker) {
            this.tracker = tracker;
        }
    }

    /**
     * A worker; {@link #start} starts it.
     *
     * @param partitionOf the partition that a signup lives in
     * @param segmentAge age at which an append rolls a segment
     * @param published told of each acknowledged purge and of the moment
     */
    public PurgeWorker(
            KeyCustody custody,
            LogCutter cutter,
            PurgeLog log,
            InstantSource clock,
            ToIntFunction<UUID> partitionOf,
            Duration segmentAge,
            BiConsumer<Purged, Instant> published) {
        this.custody = custody;
        this.cutter = cutter;
        this.log = log;
        this.clock = clock;
        this.partitionOf = partitionOf;
        this.published = published;
        this.planner = new PurgePlanner(cutter.checkpointInterval(), segmentAge);
        this.thread = new Thread(this::run, "purge");
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** This router now has a partition, whose finished records {@code tracker} knows. */
    public void assigned(int partition, CompletionTracker tracker) {
        assigned.put(partition, new Partition(tracker));
        // Erased slots of this partition may be waiting for their purge since before a crash.
        nextScan = Instant.MIN;
    }

    /** This router no longer has a partition; whoever has it finds its erased slots. */
    public void revoked(int partition) {
        assigned.remove(partition);
    }

    /** A handoff ended with an erased slot: its purge is due. */
    public void due(HandoffEnd end, SlotView slot) {
        Partition partition = assigned.get(end.signup().partition());
        if (partition != null) {
            partition.pending.putIfAbsent(
                    slot.reference(),
                    PurgeEvents.pending(
                            slot,
                            Optional.of(end.signup().eraseBy()),
                            PurgeEvents.readBack(end.readBack()),
                            patience()));
        }
    }

    /** A record was found whose slot is gone and whose purge the log does not have: its purge is due. */
    public void dueWithoutSlot(PendingSignup signup) {
        Partition partition = assigned.get(signup.partition());
        if (partition != null) {
            partition.pending.putIfAbsent(
                    new SlotReference(signup.slot(), signup.generation()),
                    PurgeEvents.withoutSlot(signup, clock.instant(), patience()));
        }
    }

    /** Purges that are due and not published. */
    public int pending() {
        return assigned.values().stream()
                .mapToInt(partition -> partition.pending.size())
                .sum();
    }

    private void run() {
        while (!closing) {
            try {
                cycle();
            } catch (RuntimeException e) {
                if (!closing) {
                    LOG.warn("purging waits after {}: {}", e.getClass().getSimpleName(), pending());
                }
                pause(Duration.ofSeconds(1));
            }
            pause(PERIOD);
        }
    }

    private void cycle() {
        scan();
        cut();
        mark();
        verify();
        publish();
    }

    /** Finds erased slots that no handoff has told of: left by a crash, withdrawn before consumption, or never published. */
    private void scan() {
        Instant now = clock.instant();
        if (now.isBefore(nextScan) || assigned.isEmpty()) {
            return;
        }
        nextScan = now.plus(RESCAN_PERIOD);
        guard();
        for (SlotView slot : custody.erased()) {
            int number = slot.position()
                    .map(LogPosition::partition)
                    .orElseGet(() -> partitionOf.applyAsInt(slot.signupId()));
            Partition partition = assigned.get(number);
            if (partition == null || partition.pending.containsKey(slot.reference())) {
                continue;
            }
            if (slot.position().isPresent() || neverPublished(slot, number, partition, now)) {
                partition.pending.putIfAbsent(
                        slot.reference(),
                        PurgeEvents.pending(
                                slot, Optional.empty(), PurgeEvents.readBack(Optional.empty()), patience()));
                // What was cut before a crash is not known here any more; cutting it again does no harm.
                slot.position().ifPresent(position -> partition.tracker.finishedEarlier(position.offset()));
            }
        }
    }

    /**
     * Looks whether cuts still hold. A broker that dies within the first half minute of its life has not written its start offsets
     * down yet, whatever its interval (Kafka starts that task with a delay of its own), and serves the records again.
     */
    private void guard() {
        Map<Integer, Partition> cut = new HashMap<>();
        assigned.forEach((number, partition) -> {
            if (partition.state.cutTo() > 0) {
                cut.put(number, partition);
            }
        });
        if (cut.isEmpty()) {
            return;
        }
        cutter.observe(cut.keySet())
                .forEach((number, observation) -> update(List.of(number), (same, partition) -> {
                    if (observation.startOffset() < partition.state.cutTo()) {
                        LOG.warn("partition {} serves cut records again; cutting it again", number);
                        partition.state = partition.state.undone(observation.startOffset());
                    }
                }));
    }

    private boolean neverPublished(SlotView slot, int number, Partition partition, Instant now) {
        Instant erasedAt = slot.erasedAt().orElse(now);
        if (now.isBefore(erasedAt.plus(PUBLICATION_LIMIT))) {
            return false;
        }
        long end = cutter.endOffset(number);
        return partition.tracker.completed().prefix() >= end
                && custody.read(slot.reference())
                        .filter(view -> view.position().isEmpty())
                        .isPresent();
    }

    private void cut() {
        Map<Integer, Long> offsets = new LinkedHashMap<>();
        assigned.forEach((number, partition) -> planner.cut(partition.state, partition.tracker.completed())
                .ifPresent(cut -> offsets.put(number, cut.offset())));
        if (offsets.isEmpty()) {
            return;
        }
        cutter.cut(offsets);
        Instant confirmedAt = clock.instant();
        update(
                offsets.keySet(),
                (number, partition) -> partition.state =
                        partition.state.cut(Objects.requireNonNull(offsets.get(number)), confirmedAt));
    }

    private void mark() {
        Instant now = clock.instant();
        assigned.forEach((number, partition) -> {
            if (planner.marker(partition.state, now).isPresent()) {
                cutter.appendMarker(number);
                partition.state = partition.state.marked();
            }
        });
    }

    private void verify() {
        Instant now = clock.instant();
        Map<Integer, PartitionPurge.Cut> due = new HashMap<>();
        assigned.forEach((number, partition) ->
                planner.verify(partition.state, now).ifPresent(operation -> due.put(number, operation.cut())));
        if (due.isEmpty()) {
            return;
        }
        Map<Integer, LogCutter.Observation> seen = cutter.observe(due.keySet());
        update(due.keySet(), (number, partition) -> {
            LogCutter.Observation observation = seen.get(number);
            PartitionPurge.Cut matured = due.get(number);
            if (observation != null && matured != null) {
                partition.state = partition.state.observed(
                        matured, observation.startOffset(), observation.replicas(), observation.inSyncReplicas());
            }
        });
    }

    private void update(Iterable<Integer> numbers, BiConsumer<Integer, Partition> change) {
        for (Integer number : numbers) {
            Partition partition = assigned.get(number);
            if (partition != null) {
                change.accept(number, partition);
            }
        }
    }

    private void publish() {
        Instant now = clock.instant();
        Map<CompletableFuture<?>, Runnable> acknowledgements = new LinkedHashMap<>();
        assigned.forEach((number, partition) -> {
            for (PendingPurge purge : planner.due(List.copyOf(partition.pending.values()), partition.state, now)) {
                PurgeLevel level = planner.level(purge, partition.state, now).orElseThrow();
                Purged event =
                        PurgeEvents.purged(purge, level, number, partition.state, planner.checkpointInterval(), now);
                acknowledgements.put(publish(purge, event).toCompletableFuture(), () -> {
                    custody.free(purge.slot(), purge.signupId());
                    partition.pending.remove(purge.slot());
                    published.accept(event, now);
                });
            }
        });
        // All are on their way at once; each slot is freed only when its own purge has been acknowledged.
        acknowledgements.forEach((acknowledged, then) -> {
            await(acknowledged);
            then.run();
        });
    }

    private CompletionStage<?> publish(PendingPurge purge, Purged event) {
        UUID signupId = purge.signupId();
        return custody.read(purge.slot())
                .filter(slot -> slot.state() == SlotState.ERASED)
                .flatMap(PurgeEvents::unrecordedWithdrawal)
                .<CompletionStage<?>>map(withdrawn ->
                        log.publish(signupId, withdrawn).thenCompose(acknowledged -> log.publish(signupId, event)))
                .orElseGet(() -> log.publish(signupId, event));
    }

    private static void await(CompletableFuture<?> acknowledged) {
        try {
            acknowledged.get(15, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a purge was not acknowledged");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        }
    }

    /** Time beyond the expiry that a purge whose promise is not known may wait for the stronger claim. */
    private Duration patience() {
        return planner.checkpointInterval().multipliedBy(2).plusSeconds(5);
    }

    private void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing = true;
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
