package org.brokerhandoff.audit.live;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.brokerhandoff.audit.log.KafkaRefusal;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the kept topics in a separate thread and publishes a view once a second. After an outage of Kafka it continues where it was. */
final class LogFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
    private static final List<Topic> TOPICS = List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES);
    private static final Duration POLL = Duration.ofMillis(300);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long MOST_APART_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final long BETWEEN_VIEWS_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 2000;

    private final KafkaClients clients;
    private final EventCodec codec;
    private final InstantSource clock;
    private final LiveState state = new LiveState();
    private final Set<String> wanted = new HashSet<>();
    private final Map<TopicPartition, Topic> partitions = new HashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Readings<TopicPartition> readings = new Readings<>(MOST_APART_MILLIS);
    private final Thread thread = new Thread(this::follow, "audit-live");
    private volatile boolean closed;
    private volatile LiveView view;
    private volatile LiveView.Progress progress = LiveView.Progress.none();
    private long records;
    private long newestAppendMillis;
    private boolean caughtUp;

    private LogFollower(KafkaClients clients, EventCodec codec, InstantSource clock) {
        this.clients = clients;
        this.codec = codec;
        this.clock = clock;
        this.view = state.view(clock.instant());
        LiveState.EVENTS.forEach(type -> wanted.add(type.getName()));
        thread.setDaemon(true);
    }

    /** Starts at the first record. */
    static LogFollower start(KafkaClients clients, EventCodec codec, InstantSource clock) {
        LogFollower follower = new LogFollower(clients, codec, clock);
        follower.thread.start();
        return follower;
    }

    /** The latest view. */
    LiveView view() {
        return view;
    }

    /** Its progress. */
    LiveView.Progress progress() {
        return progress;
    }

    private void follow() {
        while (!closed) {
            try (KafkaConsumer<byte[], byte[]> consumer = clients.rangeConsumer("handoff-audit-live")) {
                open(consumer);
                long shown = System.nanoTime() - BETWEEN_VIEWS_NANOS;
                while (!closed) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                        take(record);
                    }
                    if (System.nanoTime() - shown >= BETWEEN_VIEWS_NANOS) {
                        show(consumer);
                        shown = System.nanoTime();
                    }
                }
            } catch (WakeupException e) {
                return;
            } catch (KafkaException e) {
                LOG.warn("the kept topics cannot be read: {}", e.getClass().getName());
                fail(KafkaRefusal.explained(e).orElse("Kafka does not answer"));
            }
        }
    }

    private void open(KafkaConsumer<byte[], byte[]> consumer) {
        if (partitions.isEmpty()) {
            for (Topic topic : TOPICS) {
                for (PartitionInfo info :
                        consumer.partitionsFor(topic.name(clients.settings().topicPrefix()), LIMIT)) {
                    partitions.put(new TopicPartition(info.topic(), info.partition()), topic);
                }
            }
        }
        consumer.assign(partitions.keySet());
        consumer.beginningOffsets(partitions.keySet(), LIMIT)
                .forEach((partition, first) -> next.putIfAbsent(partition, first));
        next.forEach(consumer::seek);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        records++;
        next.put(partition, record.offset() + 1);
        readings.read(partition, record.timestamp());
        newestAppendMillis = Math.max(newestAppendMillis, record.timestamp());
        Topic topic = partitions.get(partition);
        Header type = record.headers().lastHeader(CloudEventHeaders.TYPE);
        if (topic != null
                && record.value() != null
                && type != null
                && wanted.contains(new String(type.value(), StandardCharsets.UTF_8))
                && codec.decode(record.value()) instanceof Decoded.Event known
                && topic.recordTypes().contains(known.event().getClass())) {
            state.take(known.event());
        }
    }

    private void show(KafkaConsumer<byte[], byte[]> consumer) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions.keySet(), LIMIT);
        List<TopicPartition> unfinished = new ArrayList<>();
        long behind = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            long left = end.getValue() - next.getOrDefault(end.getKey(), 0L);
            if (left > 0) {
                behind += left;
                unfinished.add(end.getKey());
            }
        }
        consumer.resume(consumer.paused());
        consumer.pause(readings.ahead(unfinished));
        caughtUp |= behind == 0;
        view = state.view(clock.instant());
        progress = new LiveView.Progress(
                records,
                behind,
                newestAppendMillis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(newestAppendMillis)),
                caughtUp,
                Optional.empty());
    }

    private void fail(String why) {
        LiveView.Progress last = progress;
        progress = new LiveView.Progress(
                last.read(), last.behind(), last.lastAppendedAt(), last.caughtUp(), Optional.of(why));
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
