package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/** Reads ranges of the event log, up to the end at the start of the read. Not thread-safe: one reader, one thread. */
public final class EventReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final EventLogSettings settings;
    private final Map<TopicPartition, Long> readTo = new HashMap<>();
    private long eventsRead;

    /** A reader whose Kafka client has the name {@code clientId}. */
    public EventReader(KafkaClients clients, EventCodec codec, String clientId) {
        this.settings = clients.settings();
        this.consumer = clients.rangeConsumer(clientId);
        this.codec = codec;
    }

    /**
     * Reads all partitions of {@code topics} from their first record; events of one partition arrive in order.
     *
     * @throws TimeoutException if nothing arrived for 15 s
     */
    public void readAll(Collection<Topic> topics, Consumer<ReceivedEvent> handler) {
        Map<TopicPartition, Topic> partitions = assigned(topics);
        read(partitions, consumer.beginningOffsets(partitions.keySet()), handler);
    }

    /**
     * Reads what was appended to {@code topics} since the last call of this method, at first everything; events of one partition arrive in
     * order. For topics without deletion.
     *
     * @throws TimeoutException if nothing arrived for 15 s; events delivered until then are delivered again
     */
    public void readNew(Collection<Topic> topics, Consumer<ReceivedEvent> handler) {
        Map<TopicPartition, Topic> partitions = assigned(topics);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions.keySet());
        starts.replaceAll((partition, beginning) -> readTo.getOrDefault(partition, beginning));
        readTo.putAll(read(partitions, starts, handler));
    }

    /**
     * Reads partitions of {@code topics}, each from the first record appended at its time or later, or from {@code mark}, whichever is later;
     * events of one partition arrive in order.
     *
     * @param numbers the partitions to read, with their start times
     * @param wanted which records are decoded and delivered
     * @throws TimeoutException if nothing arrived for 15 s
     */
    void readSince(
            Collection<Topic> topics,
            Map<Integer, Instant> numbers,
            Optional<LogMark> mark,
            WantedKeys wanted,
            Consumer<ReceivedEvent> handler) {
        Map<TopicPartition, Topic> partitions = new HashMap<>();
        Map<TopicPartition, Instant> since = new HashMap<>();
        for (Topic topic : topics) {
            numbers.forEach((number, from) -> {
                TopicPartition partition = new TopicPartition(topic.name(settings.topicPrefix()), number);
                partitions.put(partition, topic);
                since.put(partition, from);
            });
        }
        consumer.assign(partitions.keySet());
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions.keySet());
        Map<TopicPartition, Long> starts = LogMark.firstSince(consumer, ends, since);
        mark.ifPresent(known -> known.starts(consumer, partitions, ends)
                .forEach((partition, start) -> starts.merge(partition, start, Math::max)));
        read(partitions, starts, wanted, handler);
    }

    /**
     * Reads partitions from given offsets; events of one partition arrive in order.
     *
     * @param starts by topic and partition
     * @throws TimeoutException if nothing arrived for 15 s
     */
    public void readFrom(Map<Topic, ? extends Map<Integer, Long>> starts, Consumer<ReceivedEvent> handler) {
        Map<TopicPartition, Topic> partitions = new HashMap<>();
        Map<TopicPartition, Long> offsets = new HashMap<>();
        starts.forEach((topic, numbers) -> numbers.forEach((number, offset) -> {
            TopicPartition partition = new TopicPartition(topic.name(settings.topicPrefix()), number);
            partitions.put(partition, topic);
            offsets.put(partition, offset);
        }));
        consumer.assign(partitions.keySet());
        read(partitions, offsets, handler);
    }

    private Map<TopicPartition, Topic> assigned(Collection<Topic> topics) {
        Map<TopicPartition, Topic> partitions = new HashMap<>();
        for (Topic topic : topics) {
            consumer.partitionsFor(topic.name(settings.topicPrefix()))
                    .forEach(info -> partitions.put(new TopicPartition(info.topic(), info.partition()), topic));
        }
        consumer.assign(partitions.keySet());
        return partitions;
    }

    /**
     * Reads one partition of {@code topic} from the first record appended at {@code from} or later.
     *
     * @throws TimeoutException if nothing arrived for 15 s
     */
    public void readSince(Topic topic, int partition, Instant from, Consumer<ReceivedEvent> handler) {
        readSince(topic, partition, from, WantedKeys.ALL, handler);
    }

    /**
     * As above, for records with such keys.
     *
     * @param wanted which records are decoded and delivered
     */
    public void readSince(
            Topic topic, int partition, Instant from, WantedKeys wanted, Consumer<ReceivedEvent> handler) {
        TopicPartition topicPartition = new TopicPartition(topic.name(settings.topicPrefix()), partition);
        // Assigned before it is queried: Kafka's client warns at each query about an unassigned partition.
        consumer.assign(List.of(topicPartition));
        OffsetAndTimestamp start = consumer.offsetsForTimes(Map.of(topicPartition, from.toEpochMilli()))
                .get(topicPartition);
        if (start != null) {
            read(Map.of(topicPartition, topic), Map.of(topicPartition, start.offset()), wanted, handler);
        }
    }

    /**
     * Reads the record at {@code offset} of a partition; empty if it no longer exists. Blocks for {@code limit} at most.
     *
     * @throws EventLogUnavailable if it does not arrive in time
     */
    public Optional<ReceivedEvent> readOne(Topic topic, int partition, long offset, Duration limit) {
        TopicPartition topicPartition = new TopicPartition(topic.name(settings.topicPrefix()), partition);
        consumer.assign(List.of(topicPartition));
        consumer.seek(topicPartition, offset);
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            do {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    return record.offset() == offset
                            ? Optional.of(ReceivedEvent.of(topic, record, codec))
                            : Optional.empty();
                }
            } while (System.nanoTime() - deadline < 0);
            throw new EventLogUnavailable("a record cannot be read", new TimeoutException());
        } catch (KafkaException e) {
            throw EventLogUnavailable.whileWaiting("the event log cannot be read", e);
        }
    }

    /** The offset after the last record of a partition. */
    public long endOffset(Topic topic, int partition) {
        TopicPartition topicPartition = new TopicPartition(topic.name(settings.topicPrefix()), partition);
        consumer.assign(List.of(topicPartition));
        return Objects.requireNonNull(
                consumer.endOffsets(List.of(topicPartition)).get(topicPartition));
    }

    /** Returns the ends up to which it has read. */
    private Map<TopicPartition, Long> read(
            Map<TopicPartition, Topic> partitions, Map<TopicPartition, Long> starts, Consumer<ReceivedEvent> handler) {
        return read(partitions, starts, WantedKeys.ALL, handler);
    }

    private Map<TopicPartition, Long> read(
            Map<TopicPartition, Topic> partitions,
            Map<TopicPartition, Long> starts,
            WantedKeys wanted,
            Consumer<ReceivedEvent> handler) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions.keySet());
        starts.forEach(consumer::seek);
        long giveUpNanos = System.nanoTime() + PATIENCE.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                giveUpNanos = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() - giveUpNanos >= 0) {
                // If a leader is lost meanwhile, poll() waits forever.
                throw new TimeoutException("nothing could be read for " + PATIENCE.toSeconds() + " s");
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < Objects.requireNonNull(ends.get(partition))) {
                    eventsRead++;
                    if (wanted.has(record.key()) || isNewer(record)) {
                        handler.accept(
                                ReceivedEvent.of(Objects.requireNonNull(partitions.get(partition)), record, codec));
                    }
                }
            }
        }
        return ends;
    }

    /** An unknown record of a newer version may be about any signup, whatever its key. */
    private boolean isNewer(ConsumerRecord<byte[], byte[]> record) {
        return record.value() != null && codec.isOfUnknownSchema(record.value());
    }

    /** Number of events read so far, including unwanted ones. */
    public long eventsRead() {
        return eventsRead;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
