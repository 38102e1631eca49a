package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads kept topics as the ledger's leaves: one for each offset, also where Kafka has no record. Consecutive ranges are read as one stream,
 * in any order of partitions. Not thread-safe.
 */
public final class LeafReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    /** Records prefetched from a partition at which it is paused. */
    private static final int AHEAD = 1_000;

    private static final int FETCH_BYTES = ConsumerConfig.DEFAULT_MAX_PARTITION_FETCH_BYTES;
    private static final int ONE_BATCH = 1;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topicPrefix;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final Map<TopicPartition, String> baseNames = new HashMap<>();
    private final Map<TopicPartition, Deque<Fetched>> ahead = new HashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();

    /** A reader of {@code partitions} of each of {@code topics}, which must exist. */
    public LeafReader(KafkaClients clients, String clientId, Collection<Topic> topics, Collection<Integer> partitions) {
        this(
                clients.knownRangeConsumer(clientId, FETCH_BYTES),
                clients.settings().topicPrefix(),
                topics,
                partitions);
    }

    /** A reader of the same that is fast for single scattered leaves, and slow for long ranges. */
    public static LeafReader ofScattered(
            KafkaClients clients, String clientId, Collection<Topic> topics, Collection<Integer> partitions) {
        return new LeafReader(
                clients.knownRangeConsumer(clientId, ONE_BATCH),
                clients.settings().topicPrefix(),
                topics,
                partitions);
    }

    private LeafReader(
            KafkaConsumer<byte[], byte[]> consumer,
            String topicPrefix,
            Collection<Topic> topics,
            Collection<Integer> partitions) {
        this.consumer = consumer;
        this.topicPrefix = topicPrefix;
        for (Topic topic : topics) {
            for (int partition : partitions) {
                TopicPartition place = new TopicPartition(topic.name(topicPrefix), partition);
                this.partitions.add(place);
                baseNames.put(place, topic.baseName());
                ahead.put(place, new ArrayDeque<>());
            }
        }
        consumer.assign(this.partitions);
        // Without a position the consumer would query for one, and fail.
        this.partitions.forEach(place -> consumer.seek(place, 0));
        consumer.pause(this.partitions);
    }

    /**
     * First and last offset of every partition: from the first that Kafka may still have to the high watermark.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     */
    public Map<Place, Extent> extents() {
        try {
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions, LIMIT);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, LIMIT);
            Map<Place, Extent> extents = new HashMap<>();
            partitions.forEach(partition -> extents.put(
                    new Place(Objects.requireNonNull(baseNames.get(partition)), partition.partition()),
                    new Extent(
                            Objects.requireNonNull(starts.get(partition)),
                            Objects.requireNonNull(ends.get(partition)))));
            return extents;
        } catch (KafkaException e) {
            throw new EventLogUnavailable("the ends of the kept topics cannot be read", e);
        }
    }

    /** A record, and whether its append time is the Kafka broker's, not the producer's. */
    private record Fetched(Leaf.Present leaf, boolean appendedByBroker) {}

    /** Receives leaves with the source of their timestamp. */
    public interface Taker {
        /** Receives the leaf of the next offset; {@code appendedByBroker} is false where Kafka has no record. */
        void take(Leaf leaf, boolean appendedByBroker);
    }

    /** A topic, by its base name, and a partition. */
    public record Place(String topic, int partition) {}

    /** Offsets {@code [start, end)}. */
    public record Extent(long start, long end) {}

    /** Discards prefetched records: the next read queries Kafka again. */
    public void rewind() {
        next.clear();
    }

    /**
     * Reads the leaves at offsets {@code [first, first + count)}, in order. They must be below the high watermark.
     *
     * @throws EventLogUnavailable if nothing arrived for 30 s
     * @throws LogChanged if the partition, or another that was read, ends before what was already read
     */
    public void read(String topic, int partition, long first, int count, Consumer<Leaf> leaves) {
        readStored(topic, partition, first, count, (leaf, appendedByBroker) -> leaves.accept(leaf));
    }

    /** As above, with the source of each record's timestamp. */
    public void readStored(String topic, int partition, long first, long count, Taker leaves) {
        TopicPartition place = new TopicPartition(topicPrefix + topic, partition);
        Deque<Fetched> records = Objects.requireNonNull(ahead.get(place));
        try {
            if (!Objects.equals(next.get(place), first)) {
                records.clear();
                consumer.seek(place, first);
            }
            // If this fails in the middle, the next read starts over.
            next.remove(place);
            long offset = first;
            long lastProgressNanos = System.nanoTime();
            while (offset < first + count) {
                Fetched record = records.peekFirst();
                if (record != null && record.leaf().place().offset() == offset) {
                    records.removeFirst();
                    leaves.take(record.leaf(), record.appendedByBroker());
                    offset++;
                } else if (record != null || consumer.position(place, LIMIT) > offset) {
                    // The consumer has skipped this offset without a record.
                    leaves.take(new Leaf.Nothing(new Leaf.Place(topic, partition, offset)), false);
                    offset++;
                } else {
                    if (poll(place)) {
                        lastProgressNanos = System.nanoTime();
                    } else if (System.nanoTime() - lastProgressNanos > PATIENCE_NANOS) {
                        throw new EventLogUnavailable("the kept topics cannot be read", new TimeoutException());
                    }
                }
            }
            next.put(place, offset);
        } catch (KafkaException e) {
            throw new EventLogUnavailable("the kept topics cannot be read", e);
        }
    }

    /** Reads on, {@code wanted} and whatever else is not far enough ahead. Returns whether {@code wanted} has advanced. */
    private boolean poll(TopicPartition wanted) {
        List<TopicPartition> behind = partitions.stream()
                .filter(each -> each.equals(wanted)
                        || (next.containsKey(each)
                                && Objects.requireNonNull(ahead.get(each)).size() < AHEAD))
                .toList();
        consumer.pause(partitions);
        consumer.resume(behind);
        long before = consumer.position(wanted, LIMIT);
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition place = new TopicPartition(record.topic(), record.partition());
                Objects.requireNonNull(ahead.get(place))
                        .add(new Fetched(leaf(record), record.timestampType() == TimestampType.LOG_APPEND_TIME));
            }
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach(this::goOnBehindCut);
        }
        return consumer.position(wanted, LIMIT) > before;
    }

    /** Offsets truncated at the start are skipped without records; if the end is missing, the log is not the one read before. */
    private void goOnBehindCut(TopicPartition place, long position) {
        long start = Objects.requireNonNull(
                consumer.beginningOffsets(List.of(place), LIMIT).get(place));
        if (position >= start) {
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(place), LIMIT).get(place));
            // The next read may start anywhere; it must not fail because of this one's position.
            next.remove(place);
            Objects.requireNonNull(ahead.get(place)).clear();
            consumer.seek(place, start);
            throw new LogChanged(Objects.requireNonNull(baseNames.get(place)), place.partition(), end);
        }
        consumer.seek(place, start);
    }

    private Leaf.Present leaf(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition place = new TopicPartition(record.topic(), record.partition());
        return leaf(record, Objects.requireNonNull(baseNames.get(place)));
    }

    /** The leaf of a record in the topic of this name, without an installation's prefix. */
    public static Leaf.Present leaf(ConsumerRecord<byte[], byte[]> record, String baseName) {
        return new Leaf.Present(
                new Leaf.Place(baseName, record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                Optional.ofNullable(record.key()),
                headers(record.headers()),
                Optional.ofNullable(record.value()));
    }

    /** A record's headers in the form of its leaf. */
    static List<Leaf.Header> headers(Headers headers) {
        return Arrays.stream(headers.toArray())
                .map(header -> new Leaf.Header(header.key(), Optional.ofNullable(header.value())))
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
