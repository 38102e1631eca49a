package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ParkedSignup;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.Handoff;
import org.brokerhandoff.router.handoff.HandoffEnd;
import org.brokerhandoff.router.handoff.SignupLog;
import org.brokerhandoff.router.purge.CompletionTracker;
import org.brokerhandoff.router.purge.PurgeWorker;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes {@code signups} and the parked topic: one poll thread, bounded work in flight, completion tracked per partition. Two
 * records of one signup (ingest repeats itself after a crash; a copy is parked) are handled one after the other, which needs both
 * topics' partitions of one number to be here; the clients' assignor sees to that.
 *
 * <p>A parked record is due when it has stood for the parking interval. Since Kafka's clock gave it its time, records of a partition
 * become due in their order, and one that is not holds up only those that are not due either. What is due goes out a few at a time,
 * apart from the limit for fresh signups: a broker that comes back is not asked by all that wait for it at once, and what waits does
 * not get in the way of what is new.
 *
 * <p>The committed offset is only a hint where to start again: what is before it is finished, and what is finished after it shows
 * in its slot.
 */
public final class SignupConsumer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SignupConsumer.class);
    private static final Duration POLL = Duration.ofMillis(50);
    /** While parked records are due and wait for a place, which may be free any moment. */
    private static final Duration SHORT_POLL = Duration.ofMillis(2);
    /** Of the limit for fresh signups, so much is the limit for parked ones. */
    private static final int PARKED_SHARE = 8;

    private static final Duration SHORTEST_STAY = Duration.ofSeconds(1);
    private static final Duration ADOPTION_PAUSE = Duration.ofSeconds(1);

    private static final Duration COMMIT_PERIOD = Duration.ofSeconds(1);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final String topic;
    private final String parkedTopic;
    private final Handoff handoff;
    private final SignupLog log;
    private final SetAsideLog setAsideLog;
    private final Histories journal;
    private final PurgeWorker purges;
    private final int maximumInFlight;
    private final int maximumParkedInFlight;
    private final Duration parkingInterval;
    private final InstantSource clock;
    private final Thread thread;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger parkedInFlight = new AtomicInteger();
    private final Map<UUID, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
    /** Poll thread only. */
    private final Map<TopicPartition, Assigned> assigned = new HashMap<>();

    /** The partitions of {@code signups} that this consumer has; read by other threads. */
    private final Set<Integer> partitions = ConcurrentHashMap.newKeySet();

    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private boolean full;
    private int turn;
    private long nextAdoptionNanos = System.nanoTime();
    private long nextCommitNanos;
    private volatile boolean closing;
    private volatile boolean polling;

    /** A parked record, and {@link System#nanoTime()} when it was fetched. */
    private record Waiting(ConsumerRecord<byte[], byte[]> record, long fetchedNanos) {}

    /** What this consumer knows of a partition it has. Poll thread only, but for the tracker. */
    private static final class Assigned {
        final boolean parked;
        final CompletionTracker tracker;
        /** Parked records that were fetched and wait until they are due, and for their turn. */
        final Deque<Waiting> waiting = new ArrayDeque<>();
        /** Records before this offset may have a history; it is read when the first of them arrives. */
        final long recoverBefore;

        Map<UUID, History> histories = Map.of();
        boolean recovered;
        boolean paused;
        /** Cleared when the partition goes; read by the handoffs that are under way. */
        volatile boolean ours = true;

        Assigned(boolean parked, CompletionTracker tracker, long recoverBefore) {
            this.parked = parked;
            this.tracker = tracker;
            this.recoverBefore = recoverBefore;
        }
    }

    /** Sets a record aside that may not even be a signup. */
    @FunctionalInterface
    public interface SetAsideLog {
        /** Copies the record and records that; the stage completes when both are acknowledged. */
        CompletionStage<?> setAside(
                SealedTopic topic, int partition, long offset, byte[] key, byte[] value, SetAsideReason reason);
    }

    /** Reads the histories of the signups of a partition. */
    @FunctionalInterface
    public interface Histories {
        /** All that have one since {@code firstUnfinished}; blocks, and throws if Kafka cannot be reached. */
        Map<UUID, History> histories(int partition, Instant firstUnfinished);
    }

    /**
     * A consumer; {@link #start} starts it.
     *
     * @param consumer used and closed by this object's thread
     * @param journal used by this object's thread
     * @param maximumInFlight fresh signups that are worked on at once
     * @param parkingInterval time that a record stands in the parked topic before it is looked at
     */
    public SignupConsumer(
            Consumer<byte[], byte[]> consumer,
            EventCodec codec,
            EventLogSettings settings,
            Handoff handoff,
            SignupLog log,
            SetAsideLog setAsideLog,
            Histories journal,
            PurgeWorker purges,
            int maximumInFlight,
            Duration parkingInterval,
            InstantSource clock) {
        this.consumer = consumer;
        this.codec = codec;
        this.topic = Topic.SIGNUPS.name(settings.topicPrefix());
        this.parkedTopic = Topic.SIGNUPS_PARKED.name(settings.topicPrefix());
        this.handoff = handoff;
        this.log = log;
        this.setAsideLog = setAsideLog;
        this.journal = journal;
        this.purges = purges;
        this.maximumInFlight = maximumInFlight;
        this.maximumParkedInFlight = Math.max(1, maximumInFlight / PARKED_SHARE);
        this.parkingInterval = parkingInterval;
        this.clock = clock;
        this.thread = new Thread(this::run, "consume");
    }

    /** Starts the poll thread. */
    public void start() {
        thread.start();
    }

    /** Whether this consumer has {@code partition} of {@code signups}. */
    public boolean has(int partition) {
        return partitions.contains(partition);
    }

    /** Signups that are worked on now. */
    public int inFlight() {
        return inFlight.get() + parkedInFlight.get();
    }

    /** Whether the poll thread is alive and has polled. */
    public boolean polling() {
        return polling && thread.isAlive();
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(topic, parkedTopic), new Rebalance());
            while (!closing) {
                try {
                    dispatch(consumer.poll(placeIsWaitedFor() ? SHORT_POLL : POLL));
                    polling = true;
                    adoptMissing();
                    release();
                    throttle();
                    commitWhenDue();
                } catch (WakeupException e) {
                    // close() woke it up
                } catch (RuntimeException e) {
                    // The kind only: a Kafka exception may quote a record.
                    LOG.warn("consuming waits after {}", e.getClass().getSimpleName());
                    sleep(Duration.ofSeconds(1));
                }
            }
            drain(Set.copyOf(assigned.keySet()));
            commit(assigned.keySet());
        } catch (RuntimeException e) {
            LOG.warn("the consumer did not close cleanly: {}", e.getClass().getSimpleName());
        } finally {
            polling = false;
        }
    }

    private void dispatch(ConsumerRecords<byte[], byte[]> records) {
        RuntimeException failure = null;
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
            long next = batch.get(0).offset();
            try {
                Assigned state = adopt(partition, next);
                recover(partition, state, batch.get(0));
                if (state.parked) {
                    long fetchedNanos = System.nanoTime();
                    batch.forEach(record -> state.waiting.add(new Waiting(record, fetchedNanos)));
                    continue;
                }
                for (ConsumerRecord<byte[], byte[]> record : batch) {
                    dispatch(state, record);
                    next = record.offset() + 1;
                }
            } catch (RuntimeException e) {
                // poll() has moved past the whole batch; what was not dispatched has to come again, or it would be
                // committed and cut as if it had been.
                consumer.seek(partition, next);
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private boolean placeIsWaitedFor() {
        Instant now = clock.instant();
        return parkedInFlight.get() >= maximumParkedInFlight
                && assigned.values().stream().anyMatch(state -> due(state, now));
    }

    /**
     * Whether the first parked record has stood for the interval: by the brokers' clock, or by having been held here. What this router
     * has written is held a while in any case, else a clock that is ahead of the brokers' would have it moved on without end.
     */
    private boolean due(Assigned state, Instant now) {
        Waiting first = state.waiting.peek();
        if (first == null) {
            return false;
        }
        Duration held = Duration.ofNanos(System.nanoTime() - first.fetchedNanos());
        Instant dueAt = Instant.ofEpochMilli(first.record().timestamp()).plus(parkingInterval);
        boolean fresh = first.record().offset() >= state.recoverBefore;
        return held.compareTo(parkingInterval) >= 0
                || (!now.isBefore(dueAt) && (!fresh || held.compareTo(SHORTEST_STAY) >= 0));
    }

    /** Works on the parked records whose time has come, as many as there are places; another partition is first each time. */
    private void release() {
        Instant now = clock.instant();
        List<Assigned> states = new ArrayList<>(assigned.values());
        Collections.rotate(states, turn++);
        for (Assigned state : states) {
            while (parkedInFlight.get() < maximumParkedInFlight && due(state, now)) {
                // Dropped only once it is under way: what throws here is tried again.
                dispatch(state, Objects.requireNonNull(state.waiting.peek()).record());
                state.waiting.remove();
            }
        }
    }

    /** What is known of a partition; made here if the rebalance could not, since Kafka was not to be asked just then. */
    private Assigned adopt(TopicPartition partition, long next) {
        Assigned known = assigned.get(partition);
        if (known != null) {
            return known;
        }
        return adopt(
                partition,
                next,
                Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition)));
    }

    /**
     * Takes up the partitions that a rebalance has brought and that could not be asked for their ends just then. Where no record
     * comes any more, nothing else would: and there may be slots in them that wait for their purge.
     */
    private void adoptMissing() {
        if (assigned.size() == consumer.assignment().size() || System.nanoTime() - nextAdoptionNanos < 0) {
            return;
        }
        nextAdoptionNanos = System.nanoTime() + ADOPTION_PAUSE.toNanos();
        for (TopicPartition partition : Set.copyOf(consumer.assignment())) {
            if (!assigned.containsKey(partition)) {
                try {
                    long start = Objects.requireNonNull(
                            consumer.beginningOffsets(List.of(partition)).get(partition));
                    adopt(partition, firstUnfinished(partition, start));
                } catch (RuntimeException e) {
                    LOG.warn("{} is taken up later: {}", partition, e.getClass().getSimpleName());
                }
            }
        }
    }

    private Assigned adopt(TopicPartition partition, long next, long end) {
        Assigned adopted = new Assigned(partition.topic().equals(parkedTopic), new CompletionTracker(next), end);
        assigned.put(partition, adopted);
        if (!adopted.parked) {
            partitions.add(partition.partition());
        }
        if (adopted.parked) {
            purges.assignedParked(partition.partition(), adopted.tracker);
        } else {
            purges.assigned(partition.partition(), adopted.tracker);
        }
        return adopted;
    }

    /** The first offset that this router has to finish: records before the committed one, or cut already, are finished. */
    private long firstUnfinished(TopicPartition partition, long start) {
        return Math.max(consumer.position(partition), start);
    }

    /**
     * Reads the histories of the signups that a router before this one may have begun: before the first record is looked at, so
     * that a recorded assignment is always known. A parked record carries what was known when it was parked.
     */
    private void recover(TopicPartition partition, Assigned state, ConsumerRecord<byte[], byte[]> first) {
        if (!state.recovered && first.offset() < state.recoverBefore) {
            state.histories = journal.histories(partition.partition(), Instant.ofEpochMilli(first.timestamp()));
            LOG.info("{}: {} histories read from offset {} on", partition, state.histories.size(), first.offset());
        }
        state.recovered = true;
    }

    private void dispatch(Assigned state, ConsumerRecord<byte[], byte[]> record) {
        CompletionTracker tracker = state.tracker;
        Decoded decoded = record.value() == null ? new Decoded.Undecodable() : codec.decode(record.value());
        tracker.begin(record.offset());
        if (decoded instanceof Decoded.Event event && event.event() instanceof SegmentMarker) {
            tracker.complete(record.offset(), false);
        } else if (!state.parked
                && decoded instanceof Decoded.Event event
                && event.event() instanceof SealedSignup sealed) {
            signup(
                    state,
                    record,
                    SealedSignups.pending(
                            sealed, record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp())));
        } else if (state.parked
                && decoded instanceof Decoded.Event event
                && event.event() instanceof ParkedSignup sealed) {
            signup(
                    state,
                    record,
                    SealedSignups.parked(
                            sealed, record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp())));
        } else {
            setAside(
                    state,
                    record,
                    decoded instanceof Decoded.UnknownSchema
                            ? SetAsideReason.UNKNOWN_SCHEMA
                            : SetAsideReason.UNDECODABLE);
        }
        if (record.offset() + 1 >= state.recoverBefore) {
            state.histories = Map.of();
        }
    }

    private void signup(Assigned state, ConsumerRecord<byte[], byte[]> record, Optional<PendingSignup> signup) {
        if (signup.isEmpty()) {
            setAside(state, record, SetAsideReason.UNDECODABLE);
        } else if (!Arrays.equals(record.key(), SignupIds.bytes(signup.get().signupId()))) {
            setAside(state, record, SetAsideReason.KEY_MISMATCH);
        } else {
            History carried = signup.get().parking().map(Parking::history).orElse(History.NONE);
            History read = record.offset() < state.recoverBefore
                    ? state.histories.getOrDefault(signup.get().signupId(), History.NONE)
                    : History.NONE;
            handOff(state, record.offset(), signup.get(), carried.followedBy(read));
        }
    }

    private AtomicInteger places(Assigned state) {
        return state.parked ? parkedInFlight : inFlight;
    }

    private void handOff(Assigned state, long offset, PendingSignup signup, History history) {
        places(state).incrementAndGet();
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<Void> before = running.put(signup.signupId(), done);
        CompletionStage<HandoffEnd> end = before == null
                ? run(state, signup, history)
                // A repeat of this signup: what the first record did shows in the slot, or else in the log.
                : before.thenCompose(finished -> log.history(signup))
                        .thenCompose(read -> handoff.run(signup, read, () -> state.ours));
        var unused = end.thenCompose(this::settle).whenComplete((settled, failure) -> {
            if (failure != null) {
                LOG.error(
                        "signup {} ended in {}; its partition is not cut any further until a restart",
                        signup.signupId(),
                        failure.getClass().getSimpleName());
            } else {
                state.tracker.complete(offset, true);
            }
            places(state).decrementAndGet();
            running.remove(signup.signupId(), done);
            done.complete(null);
        });
    }

    private CompletionStage<HandoffEnd> run(Assigned state, PendingSignup signup, History history) {
        try {
            return handoff.run(signup, history, () -> state.ours);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Hands the purge on before the record counts as finished, so that a cut never runs ahead of its purge. */
    private CompletionStage<Void> settle(HandoffEnd ended) {
        if (!(ended instanceof HandoffEnd.Finished end)) {
            return CompletableFuture.completedFuture(null);
        }
        if (end.slot().isPresent()) {
            SlotView slot = end.slot().get();
            purges.due(end, slot);
            return CompletableFuture.completedFuture(null);
        }
        return log.purged(end.signup())
                .thenCompose(purged ->
                        purged ? CompletableFuture.<Void>completedFuture(null) : purges.dueWithoutSlot(end.signup()));
    }

    private void setAside(Assigned state, ConsumerRecord<byte[], byte[]> record, SetAsideReason reason) {
        LOG.warn("{}-{}@{} is set aside: {}", record.topic(), record.partition(), record.offset(), reason);
        byte[] key = record.key() == null ? new byte[0] : record.key();
        byte[] value = record.value() == null ? new byte[0] : record.value();
        places(state).incrementAndGet();
        var unused = setAsideLog
                .setAside(
                        state.parked ? SealedTopic.SIGNUPS_PARKED : SealedTopic.SIGNUPS,
                        record.partition(),
                        record.offset(),
                        key,
                        value,
                        reason)
                .whenComplete((acknowledged, failure) -> {
                    places(state).decrementAndGet();
                    if (failure == null) {
                        state.tracker.complete(record.offset(), true);
                    }
                });
    }

    /** Fetches no more of what cannot be worked on: anything, if too much is in flight; parked records, while some wait. */
    private void throttle() {
        int running = inFlight.get();
        full = full ? running >= maximumInFlight - maximumInFlight / 4 : running >= maximumInFlight;
        assigned.forEach((partition, state) -> {
            boolean pause = state.parked ? !state.waiting.isEmpty() : full;
            if (pause != state.paused) {
                if (pause) {
                    consumer.pause(List.of(partition));
                } else {
                    consumer.resume(List.of(partition));
                }
                state.paused = pause;
            }
        });
    }

    private void commitWhenDue() {
        long now = System.nanoTime();
        if (now - nextCommitNanos >= 0) {
            nextCommitNanos = now + COMMIT_PERIOD.toNanos();
            Map<TopicPartition, OffsetAndMetadata> offsets = changedOffsets(assigned.keySet());
            if (!offsets.isEmpty()) {
                consumer.commitAsync(offsets, (sent, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "offsets were not committed: {}",
                                failure.getClass().getSimpleName());
                    }
                });
            }
        }
    }

    private void commit(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = changedOffsets(partitions);
        try {
            if (!offsets.isEmpty()) {
                consumer.commitSync(offsets, Duration.ofSeconds(5));
            }
        } catch (KafkaException e) {
            // A hint that is missing costs some reading; a partition that is not let go would be purged by two routers.
            LOG.warn("offsets were not committed: {}", e.getClass().getSimpleName());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> changedOffsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Assigned state = assigned.get(partition);
            if (state != null) {
                long prefix = state.tracker.completed().prefix();
                Long before = committed.put(partition, prefix);
                if (before == null || before != prefix) {
                    offsets.put(partition, new OffsetAndMetadata(prefix));
                }
            }
        }
        return offsets;
    }

    /** Waits for the work in flight of some partitions, so that their next owner finds as little as possible to repeat. */
    private void drain(Set<TopicPartition> partitions) {
        long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
        while (System.nanoTime() < deadline
                && partitions.stream()
                        .map(assigned::get)
                        .filter(Objects::nonNull)
                        .anyMatch(state -> state.tracker.inFlight() > 0)) {
            sleep(Duration.ofMillis(20));
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // Should one of these fail, poll() throws and does not call this again: the partition is
            // adopted with its first record.
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (TopicPartition partition : partitions) {
                long first = firstUnfinished(partition, Objects.requireNonNull(starts.get(partition)));
                adopt(partition, first, Objects.requireNonNull(ends.get(partition)));
            }
            throttle();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!closing) {
                // At the end this was done before close(), which has already stopped the heartbeat.
                drain(Set.copyOf(partitions));
            }
            commit(partitions);
            forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            // Somebody else has them already: what is still in flight here is bound by its slots.
            forget(partitions);
        }

        private void forget(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> {
                Assigned gone = assigned.remove(partition);
                if (gone != null) {
                    gone.ours = false;
                }
                committed.remove(partition);
                if (partition.topic().equals(parkedTopic)) {
                    purges.revokedParked(partition.partition());
                } else {
                    purges.revoked(partition.partition());
                    SignupConsumer.this.partitions.remove(partition.partition());
                }
            });
        }
    }

    private void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing = true;
        }
    }

    /** Stops polling, waits for the work in flight, commits. */
    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
