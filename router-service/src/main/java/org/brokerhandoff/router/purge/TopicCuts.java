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
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.eventlog.Await;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of one topic with sealed data that this router has, and how far each is cut. Partitions come and go on the consumer's
 * thread; everything else is the purge thread's.
 */
final class TopicCuts {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCuts.class);

    /** A cut is answered sooner, or given up. */
    private static final Duration CUT_LIMIT = Duration.ofSeconds(12);

    private final SealedTopic topic;
    private final LogCutter cutter;
    private final PurgePlanner planner;
    /** Held while partitions are cut, so that giving one up can wait for that. */
    private final ReentrantLock cutting = new ReentrantLock();

    private final Map<Integer, Partition> partitions = new ConcurrentHashMap<>();

    private static final class Partition {
        final CompletionTracker tracker;
        volatile PartitionPurge state = PartitionPurge.NONE;
        /** Purge thread only. */
        InSyncWatch watch = InSyncWatch.NOTHING;

        Optional<Instant> lookedAt = Optional.empty();
        OptionalLong wanted = OptionalLong.empty();
        /** Since when files have been waited for. */
        Optional<Instant> erasureAwaitedSince = Optional.empty();

        Instant erasureMarkerAt = Instant.EPOCH;

        Partition(CompletionTracker tracker) {
            this.tracker = tracker;
        }
    }

    TopicCuts(SealedTopic topic, LogCutter cutter, PurgePlanner planner) {
        this.topic = topic;
        this.cutter = cutter;
        this.planner = planner;
    }

    void assigned(int number, CompletionTracker tracker) {
        partitions.put(number, new Partition(tracker));
    }

    /**
     * The partition is no longer cut when this returns: a cut that is on its way is waited for, unless the brokers do not answer.
     * Even then nothing is lost, since a cut only ever covers what is finished.
     */
    void revoked(int number) {
        partitions.remove(number);
        try {
            if (cutting.tryLock(CUT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                cutting.unlock();
            } else {
                LOG.warn("partition {} is released while a cut of it has not been answered", number);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How far a partition is cut; nothing is known of one that this router does not have. */
    PartitionPurge state(int number) {
        Partition partition = partitions.get(number);
        return partition == null ? PartitionPurge.NONE : partition.state;
    }

    /** The offset after the last record consumed of a partition, if this router has it. */
    OptionalLong consumed(int number) {
        Partition partition = partitions.get(number);
        return partition == null ? OptionalLong.empty() : OptionalLong.of(partition.tracker.consumed());
    }

    /** The offset after the last record of a partition, if this router has it. */
    OptionalLong endOffset(int number) {
        return partitions.containsKey(number) ? OptionalLong.of(cutter.endOffset(number)) : OptionalLong.empty();
    }

    /** Says that a purge waits until the records of a partition before {@code offset} are cut. */
    void want(int number, long offset) {
        Partition partition = partitions.get(number);
        if (partition != null) {
            partition.wanted = OptionalLong.of(Math.max(partition.wanted.orElse(0), offset));
        }
    }

    /** Says since when purges have waited for the files of a partition, if any does. */
    void awaitErasure(int number, Optional<Instant> since) {
        Partition partition = partitions.get(number);
        if (partition != null) {
            partition.erasureAwaitedSince = since;
        }
    }

    /**
     * Says in the log what stood at the offsets that were finished since. Only what Kafka has acknowledged is committed and cut, so that the
     * next owner of a partition takes up no later than this account ends.
     */
    private boolean account(PurgeLog log, Instant now) {
        Map<CompletableFuture<?>, Runnable> acknowledgements = new LinkedHashMap<>();
        partitions.forEach((number, partition) -> partition
                .tracker
                .unaccounted()
                .ifPresent(account -> {
                    RecordsFinished event = FinishEvents.of(topic, number, account, now);
                    acknowledgements.put(
                            log.publish(event).toCompletableFuture(), () -> partition.tracker.accounted(account));
                }));
        int failed = 0;
        for (Map.Entry<CompletableFuture<?>, Runnable> each : acknowledgements.entrySet()) {
            if (Await.acknowledged(each.getKey())) {
                each.getValue().run();
            } else {
                failed++;
            }
        }
        if (failed > 0) {
            throw new IllegalStateException("the finished records are not accounted for");
        }
        return !acknowledgements.isEmpty();
    }

    /**
     * Accounts for what was finished since, and cuts it.
     *
     * @return whether there was anything to do
     * @throws RuntimeException if something of it failed; the rest is done
     */
    boolean accountAndCut(PurgeLog log, InstantSource clock) {
        boolean accounted = false;
        RuntimeException failure = null;
        try {
            accounted = account(log, clock.instant());
        } catch (RuntimeException e) {
            // What was accounted for before is cut all the same.
            failure = e;
        }
        boolean cut = cut(clock);
        if (failure != null) {
            throw failure;
        }
        return accounted || cut;
    }

    boolean cut(InstantSource clock) {
        cutting.lock();
        try {
            return cutFinished(clock);
        } finally {
            cutting.unlock();
        }
    }

    private boolean cutFinished(InstantSource clock) {
        Map<Integer, Long> offsets = new LinkedHashMap<>();
        partitions.forEach(
                (number, partition) -> planner.cut(partition.state, partition.tracker.completed(), partition.wanted)
                        .ifPresent(cut -> offsets.put(number, cut.offset())));
        if (offsets.isEmpty()) {
            return false;
        }
        Set<Integer> confirmed = cutter.cut(offsets);
        Instant confirmedAt = clock.instant();
        update(
                confirmed,
                (number, partition) -> partition.state =
                        partition.state.cut(Objects.requireNonNull(offsets.get(number)), confirmedAt));
        if (confirmed.size() < offsets.size()) {
            throw new IllegalStateException("not every partition was cut");
        }
        return true;
    }

    void mark(Instant now) {
        RuntimeException failure = null;
        for (Map.Entry<Integer, Partition> each : partitions.entrySet()) {
            try {
                mark(each.getKey(), each.getValue(), now);
            } catch (RuntimeException e) {
                // A partition without a leader does not keep the others from their markers.
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void mark(int number, Partition partition, Instant now) {
        if (planner.marker(partition.state, now).isPresent()) {
            cutter.appendMarker(number);
            partition.state = partition.state.marked();
        } else if (planner.erasureMarker(partition.erasureAwaitedSince, partition.erasureMarkerAt, now)
                .isPresent()) {
            cutter.appendMarker(number);
            partition.erasureMarkerAt = now;
        }
    }

    /**
     * Looks whether cuts hold that are old enough.
     *
     * @param uptime what a monotonic clock reads
     */
    void verify(Instant now, Duration uptime) {
        Set<Integer> looked = new HashSet<>();
        partitions.forEach((number, partition) -> {
            if (planner.look(partition.state, partition.lookedAt, now)
                    || planner.verify(partition.state, partition.watch.since(), now)
                            .isPresent()) {
                looked.add(number);
            }
        });
        if (looked.isEmpty()) {
            return;
        }
        Map<Integer, LogCutter.Observation> seen = cutter.observe(looked);
        update(looked, (number, partition) -> {
            LogCutter.Observation observation = seen.get(number);
            partition.lookedAt = Optional.of(now);
            if (observation == null) {
                // It is not known who was away meanwhile.
                partition.watch = InSyncWatch.NOTHING;
                return;
            }
            partition.watch = partition.watch.seen(new InSyncWatch.Seen(now, uptime, observation));
            partition.state = planner.verify(partition.state, partition.watch.since(), now)
                    .map(due -> partition.state.observed(due.cut(), observation.startOffset(), observation.replicas()))
                    .orElseGet(() -> partition.state.lookedAt(observation.startOffset(), observation.replicas()));
        });
    }

    /**
     * Looks whether cuts still hold. A broker that dies within the first half minute of its life has not written its start offsets
     * down yet, whatever its interval (Kafka starts that task with its own delay), and serves the records again.
     */
    void guard() {
        Map<Integer, Partition> cut = new HashMap<>();
        partitions.forEach((number, partition) -> {
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

    /** When the next look or marker is due, if nothing else happens. */
    Optional<Instant> nextAt() {
        return partitions.values().stream()
                .map(partition -> planner.nextAt(
                        partition.state,
                        partition.watch.since(),
                        partition.lookedAt,
                        partition.erasureAwaitedSince.map(since ->
                                since.isBefore(partition.erasureMarkerAt) ? partition.erasureMarkerAt : since)))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    private void update(Iterable<Integer> numbers, BiConsumer<Integer, Partition> change) {
        for (Integer number : numbers) {
            Optional.ofNullable(partitions.get(number)).ifPresent(partition -> change.accept(number, partition));
        }
    }
}
