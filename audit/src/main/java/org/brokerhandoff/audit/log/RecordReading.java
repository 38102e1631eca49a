package org.brokerhandoff.audit.log;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/** Reads records of kept topics in order, and follows new ones. Not thread-safe, except for {@link #stop}. */
public final class RecordReading implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long STALLED_NANOS = Duration.ofSeconds(30).toNanos();

    private final EventCodec codec;
    private final KafkaConsumer<byte[], byte[]> consumer;
    /** In reading order, with the topic of each. */
    private final Map<TopicPartition, Topic> partitions = new LinkedHashMap<>();

    private volatile boolean stopped;

    /**
     * A reading of all partitions of {@code topics}.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     * @throws KeptLogUnusable if one of the topics does not exist
     */
    public RecordReading(KafkaClients clients, EventCodec codec, Collection<Topic> topics) {
        this.codec = codec;
        this.consumer = clients.rangeConsumer("handoff-audit");
        try {
            for (Topic topic : topics) {
                String name = topic.name(clients.settings().topicPrefix());
                List<PartitionInfo> found = consumer.partitionsFor(name);
                if (found.isEmpty()) {
                    throw new KeptLogUnusable("there is no topic " + name);
                }
                found.stream()
                        .map(info -> new TopicPartition(name, info.partition()))
                        .sorted(Comparator.comparingInt(TopicPartition::partition))
                        .forEach(partition -> partitions.put(partition, topic));
            }
        } catch (KafkaException e) {
            consumer.close();
            throw unreadable(e);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /**
     * Passes on records appended at {@code since} or later, up to the current ends: one partition after the other, each in order.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     */
    public void readAll(Instant since, Consumer<List<KeptRecord>> batches) {
        partitions.keySet().forEach(partition -> read(List.of(partition), Optional.of(since), false, batches));
    }

    /**
     * Passes on records appended at {@code since} or later, and then new ones, until it is stopped; all partitions together, in batches
     * ordered by append time.
     *
     * @param since if empty, only new records
     * @throws EventLogUnavailable if Kafka does not answer
     */
    public void follow(Optional<Instant> since, Consumer<List<KeptRecord>> batches) {
        read(partitions.keySet(), since, true, batches);
    }

    /** Ends a reading in progress, within a fraction of a second. May be called from any thread. */
    public void stop() {
        stopped = true;
    }

    private void read(
            Collection<TopicPartition> places,
            Optional<Instant> since,
            boolean following,
            Consumer<List<KeptRecord>> batches) {
        try {
            consumer.assign(places);
            Map<TopicPartition, Long> ends = consumer.endOffsets(places);
            since.map(from -> starts(from, ends)).orElse(ends).forEach(consumer::seek);
            long lastProgressNanos = System.nanoTime();
            while (!stopped && (following || !reached(ends))) {
                List<KeptRecord> batch = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    lastProgressNanos = System.nanoTime();
                    TopicPartition place = new TopicPartition(record.topic(), record.partition());
                    if (following || record.offset() < Objects.requireNonNull(ends.get(place))) {
                        batch.add(kept(record, Objects.requireNonNull(partitions.get(place))));
                    }
                }
                if (following) {
                    // Records of one partition keep their order: sorting is stable, and append times within a partition
                    // do not decrease.
                    batch.sort(Comparator.comparing(KeptRecord::appendedAt));
                } else if (System.nanoTime() - lastProgressNanos > STALLED_NANOS) {
                    throw new EventLogUnavailable("the kept topics cannot be read", new TimeoutException());
                }
                batches.accept(batch);
            }
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /** The end, if nothing was appended since then. */
    private Map<TopicPartition, Long> starts(Instant since, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> times = new HashMap<>();
        ends.keySet().forEach(partition -> times.put(partition, Math.max(0, since.toEpochMilli())));
        Map<TopicPartition, Long> starts = new HashMap<>(ends);
        consumer.offsetsForTimes(times).forEach((partition, found) -> {
            if (found != null) {
                starts.put(partition, found.offset());
            }
        });
        return starts;
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private KeptRecord kept(ConsumerRecord<byte[], byte[]> record, Topic topic) {
        return KeptRecord.of(
                topic,
                LeafReader.leaf(record, topic.baseName()),
                record.timestampType() == TimestampType.LOG_APPEND_TIME,
                codec);
    }

    private static EventLogUnavailable unreadable(KafkaException e) {
        return new EventLogUnavailable(
                "the kept topics cannot be read"
                        + KafkaRefusal.explained(e).map(why -> "; " + why).orElse(""),
                e);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
