package org.brokerhandoff.register.feed;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.register.LogPartition;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log for one receiver, as a member of a consumer group: Kafka assigns each member partition numbers, of every topic alike, and
 * stores the progress of each number as the group's committed offsets. The time until which deadlines were sent is stored in the metadata of
 * the number's partition of {@code consents}. Without a committed offset, reading starts at the newest. Confined to one thread.
 */
public final class FeedGroup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedGroup.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MOST_RECORDS_OF_POLL = 500;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final FeedReader reader;
    private final Member member;
    private final InstantSource clock;
    private final KafkaClients clients;
    private Optional<RuntimeException> failure = Optional.empty();
    private Map<Integer, FeedPosition> fresh = Map.of();

    /** The consumer of what the group assigns. Called while the group is polled. */
    public interface Member {
        /** These numbers are assigned to this member from now on, each from its position. */
        void given(Map<Integer, FeedPosition> positions);

        /** All numbers are revoked; returns the positions up to which each was sent. */
        Collection<FeedPosition> taken();
    }

    private FeedGroup(KafkaClients clients, EventCodec codec, String group, Member member, InstantSource clock) {
        this.clients = clients;
        this.consumer = clients.groupConsumer(group, group, MOST_RECORDS_OF_POLL);
        this.reader = FeedReader.ofGroup(clients, codec, consumer);
        this.member = member;
        this.clock = clock;
    }

    /** Joins {@code group}; the topics need not exist yet. */
    public static FeedGroup join(
            KafkaClients clients, EventCodec codec, String group, Member member, InstantSource clock) {
        Map<String, String> properties = new HashMap<>();
        // A position that the log does not have means that the log was lost: nothing is sent from elsewhere.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        // After a kill -9 another member takes over as soon as brokers allow by default.
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000");
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "2000");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
        properties.putAll(clients.settings().clientProperties());
        FeedGroup joined = new FeedGroup(FeedReader.bounded(clients.with(properties)), codec, group, member, clock);
        joined.subscribe();
        return joined;
    }

    private void subscribe() {
        String prefix = clients.settings().topicPrefix();
        consumer.subscribe(
                FeedRules.TOPICS.stream().map(topic -> topic.name(prefix)).toList(), new Assignments());
    }

    /**
     * Reads new records, and waits for {@code limit} if there are none.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     * @throws org.brokerhandoff.eventlog.UnknownSchema if a newer version recorded what this one cannot read
     */
    public void poll(Duration limit) {
        reader.poll(limit);
        failure.ifPresent(thrown -> {
            failure = Optional.empty();
            throw thrown;
        });
        if (!fresh.isEmpty()) {
            // The start position is committed before anything is sent, so that a crash skips nothing.
            commit(fresh.values());
            fresh = Map.of();
        }
    }

    /** The next entry of a number; empty if none has been read. */
    public Optional<FeedReader.Placed> next(int number) {
        return reader.next(number);
    }

    /** The offsets from which to resume so that everything not returned by {@link #next} is read again. */
    public Map<LogPartition, Long> positions() {
        return reader.positions();
    }

    /** Number of records in the log beyond these positions. */
    public long behind(Collection<FeedPosition> positions) {
        Map<TopicPartition, Long> ends = FeedReader.answered(() -> consumer.endOffsets(consumer.assignment(), LIMIT));
        long behind = 0;
        for (FeedPosition position : positions) {
            for (Map.Entry<LogPartition, Long> next : position.next().entrySet()) {
                behind += Math.max(0, ends.getOrDefault(reader.topicPartition(next.getKey()), 0L) - next.getValue());
            }
        }
        return behind;
    }

    /**
     * Commits the progress of numbers.
     *
     * @throws EventLogUnavailable if Kafka does not accept it; more is then sent again after a crash
     */
    public void commit(Collection<FeedPosition> told) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (FeedPosition position : told) {
            String until = String.valueOf(position.deadlinesUntil().toEpochMilli());
            position.next()
                    .forEach((partition, next) -> offsets.put(
                            reader.topicPartition(partition),
                            new OffsetAndMetadata(next, partition.topic() == Topic.CONSENTS ? until : "")));
        }
        if (!offsets.isEmpty()) {
            FeedReader.answered(() -> {
                consumer.commitSync(offsets, LIMIT);
                return offsets;
            });
        }
    }

    @Override
    public void close() {
        reader.close();
    }

    private Map<Integer, FeedPosition> positions(Set<TopicPartition> assigned) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(assigned, LIMIT);
        Map<TopicPartition, Long> ends = consumer.endOffsets(assigned, LIMIT);
        Instant now = clock.instant();
        Map<Integer, Map<LogPartition, Long>> next = new TreeMap<>();
        Map<Integer, Instant> until = new HashMap<>();
        Set<Integer> begun = new HashSet<>();
        for (TopicPartition each : assigned) {
            LogPartition partition = reader.logPartition(each);
            OffsetAndMetadata known = committed.get(each);
            long offset = known == null ? Objects.requireNonNull(ends.get(each)) : known.offset();
            next.computeIfAbsent(partition.partition(), number -> new HashMap<>())
                    .put(partition, offset);
            if (known == null) {
                begun.add(partition.partition());
            } else if (partition.topic() == Topic.CONSENTS) {
                until.put(partition.partition(), time(known.metadata(), now));
            }
        }
        Map<Integer, FeedPosition> positions = new TreeMap<>();
        next.forEach(
                (number, offsets) -> positions.put(number, new FeedPosition(offsets, until.getOrDefault(number, now))));
        fresh = new TreeMap<>(positions);
        fresh.keySet().retainAll(begun);
        return positions;
    }

    private static Instant time(String metadata, Instant otherwise) {
        try {
            return Instant.ofEpochMilli(Long.parseLong(metadata));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private final class Assignments implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            try {
                Map<Integer, FeedPosition> positions = positions(Set.copyOf(consumer.assignment()));
                positions.values().forEach(position -> reader.begin(position.next()));
                member.given(positions);
            } catch (RuntimeException e) {
                // Thrown from here, it would be logged with its stack trace at every attempt.
                failure = Optional.of(e);
                consumer.pause(partitions);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            Collection<FeedPosition> told = member.taken();
            try {
                commit(told);
            } catch (EventLogUnavailable e) {
                // Entries sent since the last commit are sent again, with the same ids.
                LOG.debug("the positions of a feed were not committed: {}", e.getMessage());
            }
            reader.end(partitions.stream().map(reader::logPartition).toList());
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            member.taken();
            reader.end(partitions.stream().map(reader::logPartition).toList());
        }
    }
}
