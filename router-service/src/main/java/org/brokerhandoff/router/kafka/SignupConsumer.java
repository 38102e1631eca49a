package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.router.handoff.Handoff;
import org.brokerhandoff.router.handoff.SignupLog;
import org.brokerhandoff.router.lane.Lane;
import org.brokerhandoff.router.purge.PurgeWorker;
import org.brokerhandoff.router.trace.HandoffTraces;
import org.brokerhandoff.schemas.EventCodec;
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
 * <p>A record that cannot be worked on now, because its schema is not known or because something failed, stops its own partition and
 * no other. What stands there stays as it is, unfinished.
 *
 * <p>The committed offset is only a hint where to start again: what is before it is finished, and what is finished after it shows
 * in its slot. When a partition goes, cuts of it end first; work still in progress then is left to the next owner and does not
 * count as finished.
 */
public final class SignupConsumer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SignupConsumer.class);
    private static final Duration POLL = Duration.ofMillis(50);
    /**
     * Between two polls that bring records. Each poll that finds one costs a fetch here and in Kafka, a wake-up of a lane and a sync; what has
     * come meanwhile shares them.
     */
    private static final Duration GATHERING = Duration.ofMillis(4);
    /** While parked records are due and wait for a place, which may be free any moment. */
    private static final Duration SHORT_POLL = Duration.ofMillis(2);
    /** Of the limit for fresh signups, so much is the limit for parked ones. */
    private static final int PARKED_SHARE = 8;

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final String parkedTopic;
    private final Histories journal;
    private final List<RecordWork> work;
    private final RecordWork.InFlight inFlight = new RecordWork.InFlight();
    private final Limits limits;
    private final InstantSource clock;
    private final Thread thread;

    private final OwnedPartitions partitions;

    private final Stops stops = new Stops();
    private final Commits commits;
    private boolean full;
    private int turn;
    private volatile boolean closing;
    private volatile boolean polling;

    /**
     * What records are worked on with.
     *
     * @param lanes a partition's records, of both topics, are worked on in the lane of its number, modulo their count
     * @param leases a partition is worked on, and cut, under its lease
     * @param journal used by the consumer's thread
     * @param traces told of each record that is worked on
     */
    public record Parts(
            List<HandoffLane> lanes,
            PartitionLeases leases,
            EventCodec codec,
            SetAsideLog setAsideLog,
            Histories journal,
            PurgeWorker purges,
            HandoffTraces traces) {
        /** Copies the list. */
        public Parts {
            lanes = List.copyOf(lanes);
        }
    }

    /**
     * A lane, and what hands off in it.
     *
     * @param log asked when a record turns up a second time, or without its slot
     */
    public record HandoffLane(Lane lane, Handoff handoff, SignupLog log) {}

    /**
     * How much is worked on, and when.
     *
     * @param maximumInFlight fresh signups that are worked on at once
     * @param parkingInterval time that a record stands in the parked topic before it is looked at
     */
    public record Limits(int maximumInFlight, Duration parkingInterval) {
        int maximumParkedInFlight() {
            return Math.max(1, maximumInFlight / PARKED_SHARE);
        }
    }

    /**
     * A consumer; {@link #start} starts it.
     *
     * @param consumer used and closed by this object's thread
     */
    public SignupConsumer(
            Consumer<byte[], byte[]> consumer,
            EventLogSettings settings,
            Parts parts,
            Limits limits,
            InstantSource clock) {
        this.consumer = consumer;
        this.topic = Topic.SIGNUPS.name(settings.topicPrefix());
        this.parkedTopic = Topic.SIGNUPS_PARKED.name(settings.topicPrefix());
        this.partitions = new OwnedPartitions(consumer, parkedTopic, parts.leases(), parts.purges());
        this.commits = new Commits(consumer, partitions.all());
        this.journal = parts.journal();
        this.work = parts.lanes().stream()
                .map(lane -> new RecordWork(
                        lane, parts.codec(), parts.setAsideLog(), parts.purges(), parts.traces(), inFlight))
                .toList();
        this.limits = limits;
        this.clock = clock;
        this.thread = new Thread(this::run, "consume");
    }

    /** Starts the poll thread. */
    public void start() {
        thread.start();
    }

    /** Signups that are worked on now. */
    public int inFlight() {
        return inFlight.fresh() + inFlight.parked();
    }

    /** Whether the poll thread is alive and has polled. */
    public boolean polling() {
        return polling && thread.isAlive();
    }

    /** Partitions that are stopped at a record or an event of a newer version; each entry says where, without content. */
    public List<String> stoppedForSchema() {
        return stops.described(true);
    }

    /** Partitions that are stopped after another failure and tried again; each entry says where and the kind of failure. */
    public List<String> stoppedAfterFailure() {
        return stops.described(false);
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(topic, parkedTopic), new Rebalance());
            while (!closing) {
                try {
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(placeIsWaitedFor() ? SHORT_POLL : POLL);
                    dispatch(records);
                    polling = true;
                    forget(partitions.lost());
                    partitions.takeMissing();
                    release();
                    throttle();
                    commits.commitWhenDue();
                    if (!records.isEmpty()) {
                        sleep(GATHERING);
                    }
                } catch (WakeupException e) {
                    // close() woke it up
                } catch (RuntimeException e) {
                    // The kind only: a Kafka exception may quote a record.
                    LOG.warn("consuming pauses after {}", e.getClass().getSimpleName());
                    sleep(Duration.ofSeconds(1));
                }
            }
            drain(partitions.all().keySet());
            commits.commit(partitions.all().keySet());
        } catch (RuntimeException e) {
            LOG.warn("the consumer did not close cleanly: {}", e.getClass().getSimpleName());
        } finally {
            polling = false;
        }
    }

    private void dispatch(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
            long next = batch.get(0).offset();
            Optional<AssignedPartition> owned = partitions.get(partition);
            if (owned.isEmpty()) {
                // Fetched before it was paused. It comes again once it is owned.
                consumer.seek(partition, next);
                continue;
            }
            AssignedPartition state = owned.get();
            try {
                recover(state, batch.get(0));
                if (state.parked) {
                    long fetchedNanos = System.nanoTime();
                    batch.forEach(record -> state.waiting.add(new AssignedPartition.Waiting(record, fetchedNanos)));
                    continue;
                }
                List<Runnable> begun = new ArrayList<>(batch.size());
                try {
                    for (ConsumerRecord<byte[], byte[]> record : batch) {
                        work(partition).begin(state, record).ifPresent(begun::add);
                        next = record.offset() + 1;
                    }
                } finally {
                    // Also of a batch that stops in the middle: these count as begun.
                    work(partition).run(begun);
                }
                stops.remove(partition);
            } catch (RuntimeException e) {
                // poll() has moved past the whole batch; what was not dispatched has to come again, or it would be
                // committed and cut as if it had been.
                consumer.seek(partition, next);
                stop(state, e);
            }
        }
    }

    private RecordWork work(TopicPartition partition) {
        return work.get(partition.partition() % work.size());
    }

    /** The partition waits before the record that failed; the others continue. */
    private void stop(AssignedPartition state, RuntimeException failure) {
        boolean unknownSchema = failure instanceof UnknownSchema;
        String what = unknownSchema
                ? String.valueOf(failure.getMessage())
                // The kind only: a Kafka exception may quote a record.
                : "retried after " + failure.getClass().getSimpleName();
        if (stops.add(state.partition, new Stops.Stop(unknownSchema, what))) {
            LOG.warn("{} is stopped: {}", state.partition, what);
        }
        state.stop(unknownSchema ? AssignedPartition.PAUSE_FOR_SCHEMA : AssignedPartition.PAUSE_AFTER_FAILURE);
    }

    private boolean placeIsWaitedFor() {
        Instant now = clock.instant();
        return inFlight.parked() >= limits.maximumParkedInFlight()
                && partitions.all().values().stream().anyMatch(state -> state.due(limits.parkingInterval(), now));
    }

    /** Works on the parked records whose time has come, as many as there are places; another partition is first each time. */
    private void release() {
        Instant now = clock.instant();
        List<AssignedPartition> states = new ArrayList<>(partitions.all().values());
        Collections.rotate(states, turn++);
        for (AssignedPartition state : states) {
            while (inFlight.parked() < limits.maximumParkedInFlight() && state.due(limits.parkingInterval(), now)) {
                try {
                    // Dropped only once it is in progress: what throws here is tried again.
                    Optional<Runnable> begun = work(state.partition)
                            .begin(
                                    state,
                                    Objects.requireNonNull(state.waiting.peek()).record());
                    state.waiting.remove();
                    work(state.partition).run(begun.stream().toList());
                    stops.remove(state.partition);
                } catch (RuntimeException e) {
                    stop(state, e);
                }
            }
        }
    }

    /**
     * Reads the histories of the signups that a router before this one may have begun: before the first record is looked at, so
     * that a recorded assignment is always known. A parked record carries what was known when it was parked.
     */
    private void recover(AssignedPartition state, ConsumerRecord<byte[], byte[]> first) {
        if (!state.recovered && first.offset() < state.recoverBefore) {
            state.histories = journal.histories(state.partition.partition(), Instant.ofEpochMilli(first.timestamp()));
            LOG.info(
                    "{}: {} histories read from offset {} on", state.partition, state.histories.size(), first.offset());
        }
        state.recovered = true;
    }

    /**
     * Fetches no more of what cannot be worked on: anything of a stopped partition; any fresh record, if too much is in flight;
     * parked records, while some wait.
     */
    private void throttle() {
        int running = inFlight.fresh();
        int maximum = limits.maximumInFlight();
        full = full ? running >= maximum - maximum / 4 : running >= maximum;
        partitions.all().forEach((partition, state) -> {
            boolean pause = state.stopped() || (state.parked ? !state.waiting.isEmpty() : full);
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

    /** Waits for the work in flight of some partitions, so that their next owner finds as little as possible to repeat. */
    private void drain(Set<TopicPartition> going) {
        long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
        while (System.nanoTime() < deadline
                && going.stream()
                        .map(partitions.all()::get)
                        .filter(Objects::nonNull)
                        .anyMatch(state -> state.tracker.inFlight() > 0)) {
            sleep(Duration.ofMillis(20));
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> newPartitions) {
            partitions.take(newPartitions);
            throttle();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            if (!closing) {
                // At the end this was done before close(), which has already stopped the heartbeat.
                drain(Set.copyOf(revoked));
            }
            commits.commit(revoked);
            forget(revoked);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            // Another member is to have them. Until what is in flight here has ended, this router still owns them.
            forget(lost);
        }
    }

    private void forget(Collection<TopicPartition> gone) {
        partitions.forget(gone);
        for (TopicPartition partition : gone) {
            commits.forget(partition);
            stops.remove(partition);
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
        if (thread.getState() == Thread.State.NEW) {
            // Its thread, which closes it otherwise, was never started.
            consumer.close();
            return;
        }
        consumer.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
