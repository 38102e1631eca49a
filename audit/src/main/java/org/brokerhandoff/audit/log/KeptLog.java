package org.brokerhandoff.audit.log;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.brokerhandoff.audit.verify.Extent;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.audit.verify.LeavesDigest;
import org.brokerhandoff.audit.verify.LogRead;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/**
 * A snapshot of the kept topics, read with read permissions only. Not thread-safe.
 *
 * <p>The ends are taken before anything is read, those of effects before those of their causes: {@code purges}, then {@code handoffs}, then
 * {@code places}, then {@code consents}, and last those used to look for policies, directories and examinations. So for every record seen,
 * what had to be acknowledged before it is seen as well, although services continue writing.
 */
public final class KeptLog implements KeptRecords, AutoCloseable {
    private static final List<Topic> EFFECTS_FIRST =
            List.of(Topic.PURGES, Topic.HANDOFFS, Topic.PLACES, Topic.CONSENTS);
    private static final List<Topic> BY_SIGNUP = List.of(Topic.PURGES, Topic.HANDOFFS, Topic.CONSENTS);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final EventCodec codec;
    private final String topicPrefix;
    private final int partitions;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> publicationEnds = new HashMap<>();
    private final List<LogRead.Partition> read = new ArrayList<>();
    private final String clusterId;
    private final String topicIds;

    /**
     * Opens the log that {@code clients} names. The number of partitions is taken from Kafka, whatever the settings say.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     * @throws KeptLogUnusable if the kept topics are missing, empty, or have different numbers of partitions
     */
    public KeptLog(KafkaClients clients, EventCodec codec) {
        this.codec = codec;
        this.topicPrefix = clients.settings().topicPrefix();
        try (Admin admin = clients.admin("handoff-audit")) {
            this.clusterId = answer(clients, admin.describeCluster().clusterId());
            Map<String, TopicDescription> topics =
                    answer(clients, admin.describeTopics(names(clients)).allTopicNames());
            this.partitions = partitions(clients, topics);
            this.topicIds = Topic.inLedger().stream()
                    .map(topic -> Objects.requireNonNull(topics.get(topic.name(topicPrefix)))
                            .topicId()
                            .toString())
                    .collect(Collectors.joining(" "));
        } catch (KafkaException e) {
            throw unavailable(clients, e);
        }
        this.consumer = clients.rangeConsumer("handoff-audit");
        try {
            takeEnds();
            if (ends.values().stream().allMatch(end -> end == 0)) {
                throw new KeptLogUnusable(
                        "there is nothing to check: no records in " + String.join(", ", names(clients)));
            }
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** Moves the snapshot to the present. */
    public void takeEnds() {
        for (Topic topic : EFFECTS_FIRST) {
            ends.putAll(endOffsets(topic));
        }
        publicationEnds.putAll(endOffsets(Topic.PURGES));
        publicationEnds.putAll(endOffsets(Topic.HANDOFFS));
        publicationEnds.putAll(endOffsets(Topic.CONSENTS));
    }

    @Override
    public int partitions() {
        return partitions;
    }

    /** The offset after the last record of {@code topic} to be judged. */
    public long end(Topic topic, int partition) {
        return Objects.requireNonNull(ends.get(new TopicPartition(topic.name(topicPrefix), partition)));
    }

    /** The offset up to which {@code topic} is read for publications: not before {@link #end}. */
    public long publicationEnd(Topic topic, int partition) {
        return publicationEnds.getOrDefault(
                new TopicPartition(topic.name(topicPrefix), partition), end(topic, partition));
    }

    /** Whether a topic of this name exists: older installations do not have all. */
    public boolean has(Topic topic) {
        try {
            return !consumer.partitionsFor(topic.name(topicPrefix), LIMIT).isEmpty();
        } catch (KafkaException e) {
            throw new EventLogUnavailable("topic " + topic.name(topicPrefix) + " cannot be queried" + why(e), e);
        }
    }

    /** Kafka's name of the cluster. */
    public String clusterId() {
        return clusterId;
    }

    /** Kafka's ids of the topics, in the ledger's order: a recreated topic has another one. */
    public String topicIds() {
        return topicIds;
    }

    /** The partition of everything about {@code signupId}. */
    public int partitionOf(UUID signupId) {
        return EventPartitions.of(signupId, partitions);
    }

    /** Records whose headers do not mark them as wanted are not decoded. */
    @Override
    public List<SpecificRecord> publications() {
        List<SpecificRecord> found = new ArrayList<>();
        PublicationFilter filter = new PublicationFilter();
        read(publicationEnds, record -> {
            if (filter.wants(header(record, CloudEventHeaders.TYPE))) {
                kept(record).event().ifPresent(found::add);
            }
        });
        return found;
    }

    @Override
    public void read(int partition, Consumer<KeptRecord> records, Consumer<Extent> extents) {
        for (Topic topic : BY_SIGNUP) {
            read(topic, partition, records, extents);
        }
    }

    @Override
    public void readPlaces(Consumer<KeptRecord> records, Consumer<Extent> extents) {
        for (int partition = 0; partition < partitions; partition++) {
            read(Topic.PLACES, partition, records, extents);
        }
    }

    /** Reads one partition of {@code topic}, a kept one, in order, and reports its extent. */
    public void read(Topic topic, int partition, Consumer<KeptRecord> records, Consumer<Extent> extents) {
        TopicPartition place = new TopicPartition(topic.name(topicPrefix), partition);
        long end = Objects.requireNonNull(ends.get(place));
        LeavesDigest digest = new LeavesDigest();
        long count = read(Map.of(place, end), record -> {
            KeptRecord kept = kept(record);
            digest.add(kept.stored());
            records.accept(kept);
        });
        read.add(new LogRead.Partition(topic, partition, end, digest.hex()));
        extents.accept(new Extent(topic, partition, end, count));
    }

    @Override
    public LogRead read(String version) {
        return new LogRead(clusterId, topicPrefix, version, read);
    }

    private long read(Map<TopicPartition, Long> upTo, Consumer<ConsumerRecord<byte[], byte[]>> handler) {
        long[] count = {0};
        try {
            consumer.assign(upTo.keySet());
            consumer.seekToBeginning(upTo.keySet());
            UpTo.read(consumer, upTo, "the kept topics", record -> {
                count[0]++;
                handler.accept(record);
            });
            return count[0];
        } catch (KafkaException e) {
            throw new EventLogUnavailable("the kept topics cannot be read" + why(e), e);
        }
    }

    private static String why(Exception failure) {
        return KafkaRefusal.explained(failure)
                .map(explanation -> "; " + explanation)
                .orElse("");
    }

    private KeptRecord kept(ConsumerRecord<byte[], byte[]> record) {
        Topic topic = EFFECTS_FIRST.stream()
                .filter(each -> each.name(topicPrefix).equals(record.topic()))
                .findFirst()
                .orElseThrow();
        return KeptRecord.of(
                topic,
                LeafReader.leaf(record, topic.baseName()),
                record.timestampType() == TimestampType.LOG_APPEND_TIME,
                codec);
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }

    private Map<TopicPartition, Long> endOffsets(Topic topic) {
        Collection<TopicPartition> places = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic.name(topicPrefix), partition))
                .toList();
        try {
            // Kafka's client warns at each query about a partition that is not assigned to it.
            consumer.assign(places);
            return consumer.endOffsets(places, LIMIT);
        } catch (KafkaException e) {
            throw new EventLogUnavailable("the ends of the kept topics cannot be read" + why(e), e);
        }
    }

    private static List<String> names(KafkaClients clients) {
        return EFFECTS_FIRST.stream()
                .map(topic -> topic.name(clients.settings().topicPrefix()))
                .sorted()
                .toList();
    }

    private static <T> T answer(KafkaClients clients, KafkaFuture<T> asked) {
        try {
            return asked.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new KeptLogUnusable("not all of these topics exist: " + String.join(", ", names(clients)));
            }
            throw unavailable(clients, e);
        } catch (TimeoutException e) {
            throw unavailable(clients, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventLogUnavailable("interrupted", e);
        }
    }

    private static EventLogUnavailable unavailable(KafkaClients clients, Exception cause) {
        return new EventLogUnavailable(
                "Kafka at " + clients.settings().bootstrapServers() + " cannot be queried" + why(cause), cause);
    }

    private static int partitions(KafkaClients clients, Map<String, TopicDescription> topics) {
        List<String> names = names(clients);
        List<Integer> counts = names.stream()
                .map(name ->
                        Objects.requireNonNull(topics.get(name)).partitions().size())
                .distinct()
                .toList();
        if (counts.size() > 1) {
            throw new KeptLogUnusable(
                    "a signup has one partition number in all kept topics, so they need equal numbers of "
                            + "partitions: " + String.join(", ", names) + " have " + counts);
        }
        return counts.get(0);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
