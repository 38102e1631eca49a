package org.brokerhandoff.register.feed;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.register.LogPartition;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads the kept topics from a position and returns entries, for each partition number in the order of their events. Its memory is bounded,
 * however far behind it is. Confined to one thread, as its consumer is.
 */
public final class FeedReader implements AutoCloseable {
    /** Fetch limits of all partitions together, and of one: many readers may be open at the same time. */
    private static final int MOST_FETCHED_BYTES = 1 << 20;

    private static final int MOST_FETCHED_BYTES_OF_PARTITION = 128 * 1024;
    private static final int MOST_RECORDS_OF_POLL = 500;
    private static final Duration KAFKA_LIMIT = Duration.ofSeconds(3);
    private static final Set<String> TOLD =
            FeedRules.TOLD.stream().map(Class::getName).collect(Collectors.toUnmodifiableSet());

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final String topicPrefix;
    private final int partitions;
    private final Map<String, Topic> topics;
    private final FeedOrder order = new FeedOrder();
    private int turn;

    private FeedReader(KafkaConsumer<byte[], byte[]> consumer, KafkaClients clients, EventCodec codec) {
        this.consumer = consumer;
        this.codec = codec;
        this.topicPrefix = clients.settings().topicPrefix();
        this.partitions = clients.settings().partitions();
        this.topics = FeedRules.TOPICS.stream()
                .collect(Collectors.toUnmodifiableMap(topic -> topic.name(topicPrefix), Function.identity()));
    }

    /** A reader of the whole log, without a position yet. */
    public static FeedReader ofLog(KafkaClients clients, EventCodec codec, String clientId) {
        FeedReader reader = new FeedReader(bounded(clients).exactConsumer(clientId), clients, codec);
        reader.consumer.assign(reader.all());
        return reader;
    }

    /** A reader of the partitions that a group assigns. */
    static FeedReader ofGroup(KafkaClients clients, EventCodec codec, KafkaConsumer<byte[], byte[]> consumer) {
        return new FeedReader(consumer, clients, codec);
    }

    static KafkaClients bounded(KafkaClients clients) {
        Map<String, String> properties = new HashMap<>();
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, String.valueOf(MOST_FETCHED_BYTES));
        properties.put(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(MOST_FETCHED_BYTES_OF_PARTITION));
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, String.valueOf(MOST_RECORDS_OF_POLL));
        properties.putAll(clients.settings().clientProperties());
        return clients.with(properties);
    }

    /**
     * An entry with its position.
     *
     * @param at the partition of its event
     * @param offset the event's offset
     * @param appendedAt the broker's clock at the append
     */
    public record Placed(LogPartition at, long offset, Instant appendedAt, FeedEntry entry) {}

    /**
     * The position after everything in the log now.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     */
    public FeedPosition newest(Instant now) {
        Map<LogPartition, Long> next = new HashMap<>();
        answered(() -> consumer.endOffsets(all(), KAFKA_LIMIT))
                .forEach((partition, end) -> next.put(logPartition(partition), end));
        return new FeedPosition(next, now);
    }

    /**
     * Continues from {@code position}; false if this log does not have its offsets.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     */
    public boolean start(FeedPosition position) {
        Map<TopicPartition, Long> ends = answered(() -> consumer.endOffsets(all(), KAFKA_LIMIT));
        Map<TopicPartition, Long> beginnings = answered(() -> consumer.beginningOffsets(all(), KAFKA_LIMIT));
        for (TopicPartition partition : all()) {
            long next = Objects.requireNonNull(position.next().get(logPartition(partition)));
            if (next > Objects.requireNonNull(ends.get(partition))
                    || next < Objects.requireNonNull(beginnings.get(partition))) {
                return false;
            }
        }
        begin(position.next());
        return true;
    }

    /** Starts to read these assigned partitions, each from an offset. */
    void begin(Map<LogPartition, Long> starts) {
        starts.forEach((partition, start) -> consumer.seek(topicPartition(partition), start));
        order.start(starts);
    }

    /** Stops reading these partitions. */
    void end(Collection<LogPartition> ended) {
        order.stop(ended);
    }

    /**
     * The next entries, {@code most} at most; waits for {@code limit} if there are none.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     * @throws UnknownSchema if a newer version recorded what this one cannot read: nothing is skipped
     */
    public List<Placed> read(Duration limit, int most) {
        List<Placed> ready = ready(most);
        if (ready.isEmpty()) {
            poll(limit);
            ready = ready(most);
        }
        return ready;
    }

    private List<Placed> ready(int most) {
        List<Placed> ready = new ArrayList<>();
        // Partition numbers take turns: one that is far behind does not delay the others.
        for (int without = 0; ready.size() < most && without < partitions; turn = (turn + 1) % partitions) {
            Optional<Placed> next = next(turn);
            without = next.isPresent() ? 0 : without + 1;
            next.ifPresent(ready::add);
        }
        return ready;
    }

    /** The next entry of one partition number; empty if none has been read. */
    Optional<Placed> next(int number) {
        return order.next(number).map(item -> new Placed(item.at(), item.offset(), item.appendedAt(), item.entry()));
    }

    /** The offsets from which to resume so that everything not returned is read again. */
    public Map<LogPartition, Long> positions() {
        return order.positions();
    }

    /** Reads new records, and waits for {@code limit} if there are none. */
    void poll(Duration limit) {
        Set<TopicPartition> full = new HashSet<>();
        Set<TopicPartition> others = new HashSet<>();
        for (TopicPartition partition : consumer.assignment()) {
            (order.full(logPartition(partition)) ? full : others).add(partition);
        }
        ConsumerRecords<byte[], byte[]> records = answered(() -> {
            consumer.pause(full);
            consumer.resume(others);
            return consumer.poll(limit);
        });
        for (ConsumerRecord<byte[], byte[]> record : records) {
            take(record);
        }
        records.nextOffsets().forEach((partition, next) -> {
            if (consumer.assignment().contains(partition)) {
                order.read(logPartition(partition), next.offset());
            }
        });
        if (order.beyondRound()) {
            Map<LogPartition, Long> ends = new HashMap<>();
            answered(() -> consumer.endOffsets(consumer.assignment(), KAFKA_LIMIT))
                    .forEach((partition, end) -> ends.put(logPartition(partition), end));
            order.ends(ends);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        Header type = record.headers().lastHeader(CloudEventHeaders.TYPE);
        byte[] value = record.value();
        if (type == null || value == null || !TOLD.contains(new String(type.value(), StandardCharsets.UTF_8))) {
            return;
        }
        Decoded decoded = codec.decode(value);
        if (decoded instanceof Decoded.UnknownSchema unknown) {
            throw UnknownSchema.at(record, unknown);
        }
        if (decoded instanceof Decoded.Event event) {
            SpecificRecord told = event.event();
            FeedRules.entry(told)
                    .ifPresent(entry -> order.add(new FeedOrder.Item(
                            logPartition(new TopicPartition(record.topic(), record.partition())),
                            record.offset(),
                            Instant.ofEpochMilli(record.timestamp()),
                            entry)));
        }
    }

    /** Aborts a waiting {@link #read} with an exception; to be called by another thread. */
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }

    private List<TopicPartition> all() {
        return FeedRules.TOPICS.stream()
                .flatMap(topic -> IntStream.range(0, partitions)
                        .mapToObj(number -> new TopicPartition(topic.name(topicPrefix), number)))
                .toList();
    }

    LogPartition logPartition(TopicPartition partition) {
        return new LogPartition(Objects.requireNonNull(topics.get(partition.topic())), partition.partition());
    }

    TopicPartition topicPartition(LogPartition partition) {
        return new TopicPartition(partition.topic().name(topicPrefix), partition.partition());
    }

    static <T> T answered(java.util.function.Supplier<T> question) {
        try {
            return question.get();
        } catch (org.apache.kafka.common.errors.WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            throw new EventLogUnavailable("the event log cannot be read", e);
        }
    }
}
