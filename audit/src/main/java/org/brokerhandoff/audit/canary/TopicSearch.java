package org.brokerhandoff.audit.canary;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.header.Header;
import org.brokerhandoff.audit.log.UpTo;
import org.brokerhandoff.audit.search.PersonSearch;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Searches the bytes of every topic of an installation: keys, headers and values of everything appended since a moment, the only records that
 * can contain a person invented at that moment. Not thread-safe.
 */
final class TopicSearch implements AutoCloseable {
    /** The invented person's number in the search. */
    static final int PERSON = 0;
    /** The number of the control: the signup's id, which is in every event about it. */
    static final int CONTROL = 1;

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> from;

    /** Starts at the current ends of the topics. */
    TopicSearch(KafkaClients clients) {
        this.clients = clients;
        this.consumer = clients.rangeConsumer("handoff-canary");
        try {
            this.from = ends();
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /**
     * Searches everything appended since.
     *
     * @throws CannotCheck if the control is not found: the log read is not the one that ingest writes to
     */
    Searched search(PersonSearch search) {
        Searched all = Searched.NOTHING;
        long controls = 0;
        for (String topic : topics()) {
            try {
                for (TopicPartition partition : partitions(topic)) {
                    Pass pass = new Pass(search);
                    all = all.and(pass.searched(partition, read(partition, pass::take)));
                    controls += pass.controls;
                }
            } catch (AuthorizationException e) {
                all = all.and(new Searched(0, 0, 0, 0, 0, 1, List.of("topic " + topic + " unreadable"), List.of()));
            } catch (KafkaException e) {
                throw new EventLogUnavailable("topic " + topic + " cannot be searched", e);
            }
        }
        if (controls == 0) {
            throw new CannotCheck("inconclusive: no readable topic names the signup, so ingest writes to others");
        }
        return all;
    }

    /** The purge of {@code signupId}, if it was appended since. */
    Optional<Purged> purge(UUID signupId, EventCodec codec) {
        byte[] key = SignupIds.bytes(signupId);
        List<Purged> found = new ArrayList<>();
        try {
            for (TopicPartition partition :
                    partitions(Topic.PURGES.name(clients.settings().topicPrefix()))) {
                read(partition, record -> {
                    if (Arrays.equals(record.key(), key)
                            && record.value() != null
                            && codec.decode(record.value()) instanceof Decoded.Event decoded
                            && decoded.event() instanceof Purged purged) {
                        found.add(purged);
                    }
                });
            }
            return found.stream().findFirst();
        } catch (KafkaException e) {
            throw new EventLogUnavailable("topic purges cannot be read", e);
        }
    }

    private Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (String topic : topics()) {
            ends.putAll(endsIfReadable(topic));
        }
        return ends;
    }

    private Map<TopicPartition, Long> endsIfReadable(String topic) {
        try {
            return endsOf(partitions(topic));
        } catch (AuthorizationException e) {
            // Counted when it is about to be searched.
            return Map.of();
        } catch (KafkaException e) {
            throw new EventLogUnavailable("topic " + topic + " cannot be queried", e);
        }
    }

    private Map<TopicPartition, Long> endsOf(Collection<TopicPartition> partitions) {
        // Kafka's client warns at each query about a partition that is not assigned to it.
        consumer.assign(partitions);
        return consumer.endOffsets(partitions, LIMIT);
    }

    /**
     * Topics with the installation's prefix; without a prefix, all. Kafka omits topics without permission, so those that every installation
     * has are added.
     */
    private Set<String> topics() {
        String prefix = clients.settings().topicPrefix();
        try (Admin admin = clients.admin("handoff-canary")) {
            Set<String> topics = new TreeSet<>();
            admin.listTopics().names().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS).stream()
                    .filter(name -> name.startsWith(prefix))
                    .forEach(topics::add);
            Stream.of(Topic.values()).map(topic -> topic.name(prefix)).forEach(topics::add);
            return topics;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new EventLogUnavailable("the topics cannot be listed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventLogUnavailable("interrupted", e);
        }
    }

    /** The partitions of {@code topic}; none if it does not exist. */
    private List<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic, LIMIT).stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .sorted((one, other) -> Integer.compare(one.partition(), other.partition()))
                .toList();
    }

    /** Reads everything appended since; returns the ranges. */
    private Range read(TopicPartition partition, Consumer<ConsumerRecord<byte[], byte[]>> records) {
        List<TopicPartition> alone = List.of(partition);
        long end = Objects.requireNonNull(endsOf(alone).get(partition));
        // Records cut meanwhile are no longer served.
        long start = Math.max(
                from.getOrDefault(partition, 0L),
                Objects.requireNonNull(consumer.beginningOffsets(alone, LIMIT).get(partition)));
        consumer.seek(partition, start);
        UpTo.read(consumer, Map.of(partition, end), "topic " + partition.topic(), records);
        return new Range(start, end);
    }

    private record Range(long start, long end) {}

    /** One partition's records. */
    private static final class Pass {
        private final PersonSearch search;
        private final MessageDigest digest = Digests.sha256();
        private long records;
        private long bytes;
        private long findings;
        private final List<String> found = new ArrayList<>();
        private long controls;

        private Pass(PersonSearch search) {
            this.search = search;
        }

        private void take(ConsumerRecord<byte[], byte[]> record) {
            records++;
            String place =
                    "topic " + record.topic() + " " + record.partition() + " at offset " + record.offset() + ", ";
            part(place + "key", record.key());
            part(place + "value", record.value());
            for (Header header : record.headers()) {
                part(place + "header", header.key().getBytes(StandardCharsets.UTF_8));
                part(place + "header", header.value());
            }
        }

        private Searched searched(TopicPartition partition, Range range) {
            String line = "topic " + partition.topic() + " " + partition.partition() + " " + range.start() + " "
                    + range.end() + " " + HexFormat.of().formatHex(digest.digest());
            return new Searched(records, bytes, 0, 0, findings, 0, List.of(line), found);
        }

        private void part(String place, byte @Nullable [] part) {
            if (part == null) {
                return;
            }
            bytes += part.length;
            digest.update(part);
            for (PersonSearch.Finding finding : search.find(place, part)) {
                if (finding.person() == PERSON) {
                    findings++;
                    if (found.size() < Searched.MOST_FOUND) {
                        found.add(place + ", " + finding.form());
                    }
                } else {
                    controls++;
                }
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
