package org.brokerhandoff.eventlog;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads incrementally, on each call, the first partition of some topics, which has the events without a signup, and reports a few types of
 * events among many: others are skipped by their header, undecoded. Not thread-safe.
 */
public final class EventFollower implements AutoCloseable {
    /** The partition of events without a signup. */
    private static final int PARTITION = 0;

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final AcknowledgedEnds acknowledged;
    private final Map<TopicPartition, Topic> partitions = new HashMap<>();
    /** Full names of the types in the topics' catalogue that are not wanted. */
    private final Set<String> passedOver = new HashSet<>();

    private final Optional<LogMark> mark;
    /** The next offsets; empty until the first read has determined them. */
    private final Map<TopicPartition, Long> next = new HashMap<>();

    private long recordsRead;

    /**
     * A follower of {@code topics}.
     *
     * @param wanted the types of events to report; unknown types are reported as well
     * @param mark start position; if absent, the beginning
     */
    public EventFollower(
            KafkaClients clients,
            EventCodec codec,
            String clientId,
            Collection<Topic> topics,
            Collection<Class<? extends SpecificRecord>> wanted,
            Optional<LogMark> mark) {
        this.consumer = clients.rangeConsumer(clientId);
        this.codec = codec;
        this.acknowledged = clients.acknowledged();
        this.mark = mark;
        for (Topic topic : topics) {
            partitions.put(new TopicPartition(topic.name(clients.settings().topicPrefix()), PARTITION), topic);
            topic.recordTypes().stream()
                    .filter(type -> !wanted.contains(type))
                    .forEach(type -> passedOver.add(type.getName()));
        }
        consumer.assign(partitions.keySet());
    }

    /**
     * Reports new events since the last read, up to the current end; blocks for {@code limit} at most. Events are not reported twice, unless
     * {@code handler} threw.
     *
     * @return whether the end was reached
     * @throws EventLogUnavailable if Kafka does not answer
     */
    public boolean read(Duration limit, Consumer<ReceivedEvent> handler) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            Map<TopicPartition, Long> ends = ends(limit);
            if (next.isEmpty()) {
                Map<TopicPartition, Long> starts = new HashMap<>(consumer.beginningOffsets(partitions.keySet(), limit));
                mark.ifPresent(known -> starts.putAll(known.starts(consumer, partitions, ends)));
                next.putAll(starts);
            }
            // After a failure the client may be ahead of what was reported.
            next.forEach(consumer::seek);
            while (!reached(ends) && System.nanoTime() - deadline < 0) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record, handler);
                }
                // Skips gaps, too.
                next.replaceAll((partition, offset) -> consumer.position(partition));
            }
            return reached(ends);
        } catch (KafkaException e) {
            throw EventLogUnavailable.whileWaiting("the event log cannot be read", e);
        }
    }

    /** A stale leader may report an end from before what was acknowledged since. */
    private Map<TopicPartition, Long> ends(Duration limit) {
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions.keySet(), limit));
        ends.replaceAll((partition, end) -> Math.max(
                end, acknowledged.end(Objects.requireNonNull(partitions.get(partition)), partition.partition())));
        return ends;
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> next.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Consumer<ReceivedEvent> handler) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Header type = record.headers().lastHeader(CloudEventHeaders.TYPE);
        recordsRead++;
        if (type == null || !passedOver.contains(new String(type.value(), StandardCharsets.UTF_8))) {
            handler.accept(ReceivedEvent.of(Objects.requireNonNull(partitions.get(partition)), record, codec));
        }
        next.put(partition, record.offset() + 1);
    }

    /** Number of records read so far, including skipped ones. */
    public long recordsRead() {
        return recordsRead;
    }

    /** Its position, for a later follower; not before the first read. */
    public LogMark mark(Instant at) {
        Map<Topic, List<Long>> ends = new EnumMap<>(Topic.class);
        next.forEach(
                (partition, offset) -> ends.put(Objects.requireNonNull(partitions.get(partition)), List.of(offset)));
        return new LogMark(at, ends);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
