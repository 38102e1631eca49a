package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.brokerhandoff.event.ParkedSignup;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.router.purge.SetAsideCopies;
import org.brokerhandoff.router.purge.SetAsideLook;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads the topic of records that could not be processed, of which there are few, from its first record on and never again what it
 * has read. Keeps ids only. A record of a newer version may hold any signup's data: until it is gone, nothing is said of its
 * partition. Not thread-safe, but for {@link #stopped}.
 */
public final class KafkaSetAsideLook implements SetAsideLook, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final String topic;
    private final Map<TopicPartition, Copies> read = new HashMap<>();
    private volatile Optional<String> stopped = Optional.empty();

    /** What was read of a partition: ids by offset, and records of a newer version. */
    private static final class Copies {
        final NavigableMap<Long, Set<UUID>> byOffset = new TreeMap<>();
        final NavigableMap<Long, String> unknown = new TreeMap<>();
        long next;
    }

    /** A look that has a Kafka client of its own. */
    public KafkaSetAsideLook(KafkaClients clients, EventCodec codec) {
        this.consumer = clients.rangeConsumer("handoff-router-set-aside");
        this.codec = codec;
        this.topic = Topic.SIGNUPS_SET_ASIDE.name(clients.settings().topicPrefix());
    }

    /** A record of a newer version, because of which nothing is said of its partition, without content; empty if there is none. */
    public Optional<String> stopped() {
        return stopped;
    }

    @Override
    public Map<Integer, SetAsideCopies> look(Collection<Integer> partitions) {
        List<TopicPartition> wanted = partitions.stream()
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
        assign(wanted);
        Map<TopicPartition, Long> ends = consumer.endOffsets(wanted);
        List<TopicPartition> behind = wanted.stream()
                .filter(partition -> copies(partition).next < Objects.requireNonNull(ends.get(partition))
                        || !copies(partition).unknown.isEmpty())
                .toList();
        if (!behind.isEmpty()) {
            readUpTo(behind, ends);
        }
        Map<Integer, SetAsideCopies> found = new HashMap<>();
        wanted.stream().filter(partition -> copies(partition).unknown.isEmpty()).forEach(partition -> {
            Set<UUID> signups = new HashSet<>();
            copies(partition).byOffset.values().forEach(signups::addAll);
            found.put(partition.partition(), new SetAsideCopies(signups));
        });
        stopped = wanted.stream()
                .flatMap(partition -> copies(partition).unknown.values().stream())
                .findFirst();
        return found;
    }

    /** Kafka's client warns at each question about a partition that it is not assigned. */
    private void assign(List<TopicPartition> wanted) {
        if (!consumer.assignment().equals(Set.copyOf(wanted))) {
            consumer.assign(wanted);
            wanted.forEach(partition -> consumer.seek(partition, copies(partition).next));
        }
    }

    private Copies copies(TopicPartition partition) {
        return read.computeIfAbsent(partition, unused -> new Copies());
    }

    private void readUpTo(List<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        partitions.forEach(partition -> {
            Copies copies = copies(partition);
            long start = Objects.requireNonNull(starts.get(partition));
            // What retention has removed was of signups whose hold was over before.
            copies.byOffset.headMap(start).clear();
            copies.unknown.headMap(start).clear();
            copies.next = Math.max(copies.next, start);
            consumer.seek(partition, copies.next);
        });
        long giveUpNanos = System.nanoTime() + PATIENCE.toNanos();
        while (partitions.stream()
                .anyMatch(partition -> consumer.position(partition) < Objects.requireNonNull(ends.get(partition)))) {
            if (System.nanoTime() - giveUpNanos >= 0) {
                throw new TimeoutException("records that were set aside cannot be read");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                Copies copies = copies(new TopicPartition(record.topic(), record.partition()));
                Decoded decoded = record.value() == null ? new Decoded.Undecodable() : codec.decode(record.value());
                Set<UUID> named = signups(record, decoded);
                if (!named.isEmpty()) {
                    copies.byOffset.put(record.offset(), named);
                }
                if (decoded instanceof Decoded.UnknownSchema unknown) {
                    copies.unknown.put(
                            record.offset(),
                            String.valueOf(UnknownSchema.at(record, unknown).getMessage()));
                }
                copies.next = record.offset() + 1;
            }
        }
        partitions.forEach(partition -> copies(partition).next = consumer.position(partition));
    }

    private static Set<UUID> signups(ConsumerRecord<byte[], byte[]> record, Decoded decoded) {
        Set<UUID> signups = new HashSet<>();
        if (record.key() != null && record.key().length == SignupIds.LENGTH_BYTES) {
            signups.add(SignupIds.uuid(record.key()));
        }
        if (decoded instanceof Decoded.Event event && event.event() instanceof SealedSignup signup) {
            signups.add(SignupIds.uuid(signup.getSignupId()));
        } else if (decoded instanceof Decoded.Event event && event.event() instanceof ParkedSignup parked) {
            signups.add(SignupIds.uuid(parked.getSignupId()));
            signups.add(SignupIds.uuid(parked.getSignup().getSignupId()));
        }
        return signups;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
