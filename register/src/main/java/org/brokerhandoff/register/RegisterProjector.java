package org.brokerhandoff.register;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the kept topics and writes them into a {@link Register}, on one thread. Rows and positions are written in one transaction, so that
 * the database holds exactly the events before its positions, whenever the process ends.
 *
 * <p>Kafka's group management distributes the partitions among the processes that project into one register. It cannot keep a process that
 * was believed dead from resuming and writing; the check of the positions fences it.
 */
public final class RegisterProjector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegisterProjector.class);

    private static final int MOST_EVENTS_PER_TRANSACTION = 5_000;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration KAFKA_LIMIT = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    // Under load each event would cost a fetch and a transaction; those of one pause share them. A status lags behind
    // its event by two pauses at most, and not at all under light load.
    private static final Duration GATHERING = Duration.ofMillis(30);
    private static final int EVENTS_WITHOUT_GATHERING = 1_000;
    private static final long SHORTEST_BACKOFF_MILLIS = 100;
    private static final long LONGEST_BACKOFF_MILLIS = 5_000;

    private static final String CLIENT_ID = "handoff-register";

    private final KafkaClients clients;
    private final EventCodec codec;
    private final Register register;
    private final Admin admin;
    private final Map<String, Topic> topics;
    private final Thread thread;
    private final long sessionNanos;
    private final LongAdder projectedEvents = new LongAdder();
    private final LongAdder unreadableEvents = new LongAdder();

    /** Positions in the database, for our partitions; on the projecting thread only. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    /** Why assigned partitions could not be positioned; on the projecting thread only. */
    private Optional<RuntimeException> assignmentFailure = Optional.empty();

    private final ProjectionHealth health = new ProjectionHealth();
    private volatile Optional<Set<Integer>> ours = Optional.empty();
    /** When the thread last polled Kafka: a process suspended since may have lost all partitions. */
    private volatile long lookedNanos = System.nanoTime();

    private volatile boolean closed;
    private volatile Optional<KafkaConsumer<byte[], byte[]>> running = Optional.empty();

    private RegisterProjector(KafkaClients clients, EventCodec codec, Register register) {
        this.clients = forProjecting(clients);
        this.sessionNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(
                this.clients.settings().clientProperties().getOrDefault(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "")));
        this.codec = codec;
        this.register = register;
        this.topics = Register.keptTopics().stream()
                .collect(Collectors.toMap(topic -> topic.name(clients.settings().topicPrefix()), Function.identity()));
        this.thread = new Thread(this::run, "handoff-register");
        this.thread.setDaemon(true);
        this.admin = this.clients.admin("handoff-register-admin");
    }

    /** Starts to project into {@code register}, which the caller keeps. Neither Kafka nor the database has to be available yet. */
    public static RegisterProjector start(KafkaClients clients, EventCodec codec, Register register) {
        RegisterProjector projector = new RegisterProjector(clients, codec, register);
        projector.thread.start();
        return projector;
    }

    /**
     * The partitions, of each topic, that this process projects; empty during a rebalance, or if nothing can be projected. Another process
     * may project them as well while one of the two does not know yet that it lost them, but not once this process has been suspended.
     */
    public Optional<Set<Integer>> ours() {
        return stoodStill() ? Optional.empty() : ours;
    }

    private boolean stoodStill() {
        return System.nanoTime() - lookedNanos > sessionNanos;
    }

    private static String group(EventLogSettings settings) {
        return settings.topicPrefix() + "handoff-register";
    }

    /** Events that this process has projected, repeats and skipped ones included. */
    public long projectedEvents() {
        return projectedEvents.sum();
    }

    /** Events that this process skipped because they were unreadable or of an unknown type. */
    public long unreadableEvents() {
        return unreadableEvents.sum();
    }

    /** Health of the projection. */
    public RegisterHealth health() {
        return health.current();
    }

    /** Ends the projection after the current transaction. */
    @Override
    public void close() {
        closed = true;
        running.ifPresent(KafkaConsumer::wakeup);
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admin.close(Duration.ofSeconds(1));
    }

    private void run() {
        try {
            followUntilClosed();
        } finally {
            // Only an Error gets here while it is open; nothing is projected any more.
            health.ended();
        }
    }

    private void followUntilClosed() {
        long backoffMillis = SHORTEST_BACKOFF_MILLIS;
        while (!closed) {
            try {
                follow();
            } catch (WakeupException e) {
                // Closed; the loop ends.
            } catch (RuntimeException e) {
                if (closed) {
                    return;
                }
                // Whatever the failure, the database determines where to continue.
                backoffMillis = health.interrupted(e)
                        ? SHORTEST_BACKOFF_MILLIS
                        : Math.min(LONGEST_BACKOFF_MILLIS, 2 * backoffMillis);
                pause(backoffMillis * 1_000_000);
            }
        }
    }

    private void follow() {
        EventLogSettings settings = clients.settings();
        String cluster = Await.result(admin.describeCluster().clusterId(), KAFKA_LIMIT, "Kafka does not answer");
        register.claim(new LogSource(cluster, settings.topicPrefix()), Freshness.allPartitions(settings));
        KafkaConsumer<byte[], byte[]> consumer =
                clients.groupConsumer(CLIENT_ID, group(settings), MOST_EVENTS_PER_TRANSACTION);
        running = Optional.of(consumer);
        try {
            consumer.subscribe(topics.keySet(), new Assignments(consumer));
            lookedNanos = System.nanoTime();
            while (!closed) {
                project(consumer);
            }
        } finally {
            running = Optional.empty();
            positions.clear();
            ours = Optional.empty();
            health.revokedAll();
            assignmentFailure = Optional.empty();
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
        }
    }

    private void project(KafkaConsumer<byte[], byte[]> consumer) {
        if (stoodStill()) {
            ours = Optional.empty();
            consumer.enforceRebalance("stood still");
        }
        lookedNanos = System.nanoTime();
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        long polledNanos = System.nanoTime();
        if (assignmentFailure.isPresent()) {
            throw assignmentFailure.get();
        }
        SortedMap<LogPartition, RegisterWriter.Step> steps = new TreeMap<>();
        records.nextOffsets().forEach((partition, next) -> {
            Long from = positions.get(partition);
            if (from == null || from == next.offset()) {
                return;
            }
            if (from > next.offset()) {
                throw logLostEvents();
            }
            steps.put(logPartition(partition), new RegisterWriter.Step(from, next.offset()));
        });
        EventBatch batch = new EventBatch();
        for (TopicPartition partition : records.partitions()) {
            Topic topic = Objects.requireNonNull(topics.get(partition.topic()));
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                byte[] value = record.value();
                Decoded decoded = value == null ? new Decoded.Undecodable() : codec.decode(value);
                if (decoded instanceof Decoded.UnknownSchema unknown) {
                    stop(consumer, partition, UnknownSchema.at(record, unknown), record.offset(), steps);
                    break;
                }
                batch.add(topic, decoded);
            }
        }
        if (steps.isEmpty()) {
            return;
        }
        try {
            register.apply(batch, steps);
        } catch (PositionMoved e) {
            LOG.debug("positions have moved; continuing from the database's");
            position(consumer, consumer.assignment());
            return;
        }
        steps.forEach((partition, step) -> positions.put(topicPartition(partition), step.to()));
        projectedEvents.add(batch.events());
        unreadableEvents.add(batch.unreadable());
        if (batch.events() < EVENTS_WITHOUT_GATHERING) {
            pause(GATHERING.toNanos() - (System.nanoTime() - polledNanos));
        }
    }

    /**
     * Skipping what a newer version recorded would lose it permanently: the partition is projected up to there, and resumes after the
     * upgrade.
     */
    private void stop(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            UnknownSchema unknown,
            long offset,
            SortedMap<LogPartition, RegisterWriter.Step> steps) {
        RegisterWriter.Step whole = steps.remove(logPartition(partition));
        if (whole != null && whole.from() < offset) {
            steps.put(logPartition(partition), new RegisterWriter.Step(whole.from(), offset));
        }
        consumer.seek(partition, offset);
        consumer.pause(List.of(partition));
        health.stopped(partition, String.valueOf(unknown.getMessage()));
    }

    private void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !closed; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** Reads partitions from the positions in the database. */
    private void position(KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, KAFKA_LIMIT);
        Map<LogPartition, Long> stored = register.positions();
        for (TopicPartition partition : partitions) {
            long position = stored.getOrDefault(logPartition(partition), 0L);
            if (position > Objects.requireNonNull(ends.get(partition))) {
                throw logLostEvents();
            }
            positions.put(partition, position);
            consumer.seek(partition, position);
        }
    }

    private static ForeignRegister logLostEvents() {
        return new ForeignRegister("the register holds events that are not in the log");
    }

    private LogPartition logPartition(TopicPartition partition) {
        return new LogPartition(Objects.requireNonNull(topics.get(partition.topic())), partition.partition());
    }

    private TopicPartition topicPartition(LogPartition partition) {
        return new TopicPartition(partition.topic().name(clients.settings().topicPrefix()), partition.partition());
    }

    /** Nothing is pending between polls, so that partitions can be revoked at any time. */
    private final class Assignments implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> consumer;

        Assignments(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            try {
                position(consumer, partitions);
            } catch (RuntimeException e) {
                // Thrown from here, it would be logged with its stack trace at every attempt.
                assignmentFailure = Optional.of(e);
                consumer.pause(partitions);
                return;
            }
            ours = Optional.of(consumer.assignment().stream()
                    .map(TopicPartition::partition)
                    .collect(Collectors.toUnmodifiableSet()));
            health.following();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            positions.keySet().removeAll(List.copyOf(partitions));
            ours = Optional.empty();
            health.revoked(partitions);
        }
    }

    /**
     * After a kill, the partitions of a process wait for its session timeout. Kafka's 45 s are long for a website's query; 6 s are the
     * minimum that brokers allow by default.
     */
    private static KafkaClients forProjecting(KafkaClients clients) {
        Map<String, String> properties = new HashMap<>();
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000");
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "2000");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, String.valueOf(POLL.toMillis()));
        properties.putAll(clients.settings().clientProperties());
        return clients.with(properties);
    }
}
