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
 * Reads on, each time it is asked, in the first partition of some topics, where what is about no signup stands, and tells of few
 * types of events among many: the others are passed over by their header, undecoded. Not thread-safe.
 */
public final class EventFollower implements AutoCloseable {
    /** Where events stand that are about no signup. */
    private static final int PARTITION = 0;

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final AcknowledgedEnds acknowledged;
    private final Map<TopicPartition, Topic> partitions = new HashMap<>();
    /** Full names of the types that are in the topics' catalogue and not wanted. */
    private final Set<String> passedOver = new HashSet<>();

    private final Optional<LogMark> mark;
    /** What is to be read next; empty until the first reading has found out. */
    private final Map<TopicPartition, Long> next = new HashMap<>();

    private long recordsRead;

    /**
     * A follower of {@code topics}.
     *
     * @param wanted the types of events to tell of; those that this version does not know are told of as well
     * @param mark from where on; from the beginning, if there is none
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
     * Tells of what came since the last reading, up to the end as it is now; blocks for {@code limit} at most. What was told is not
     * told again, unless {@code handler} threw.
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
            // After a failure the client may be further than what was told.
            next.forEach(consumer::seek);
            while (!reached(ends) && System.nanoTime() - deadline < 0) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record, handler);
                }
                // Past gaps, too.
                next.replaceAll((partition, offset) -> consumer.position(partition));
            }
            return reached(ends);
        } catch (KafkaException e) {
            throw EventLogUnavailable.whileWaiting("the event log cannot be read", e);
        }
    }

    /** A broker that was the leader and does not know yet that it is not has an end from before what was acknowledged since. */
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

    /** How many records were read so far, those passed over included. */
    public long recordsRead() {
        return recordsRead;
    }

    /** Where it is, for a follower after this one; not before the first reading. */
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
