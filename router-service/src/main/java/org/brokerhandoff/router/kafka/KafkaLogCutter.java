package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.router.purge.LogCutter;
import org.brokerhandoff.router.purge.Replicas;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts a topic with sealed data through Kafka's admin client. */
public final class KafkaLogCutter implements LogCutter {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLogCutter.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** A broker that takes longer counts as away. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

    private final Admin admin;
    private final EventPublisher publisher;
    private final InstantSource clock;
    private final Topic topic;
    private final String name;
    private final Duration checkpointInterval;

    /**
     * A cutter; asks the brokers for their checkpoint interval, and warns if their first checkpoint comes later.
     *
     * @throws EventLogUnavailable if they do not answer
     */
    public KafkaLogCutter(
            Admin admin, EventPublisher publisher, EventLogSettings settings, Topic topic, InstantSource clock) {
        this.admin = admin;
        this.publisher = publisher;
        this.clock = clock;
        this.topic = topic;
        this.name = topic.name(settings.topicPrefix());
        Map<String, Config> brokers = brokerSettings(admin);
        this.checkpointInterval = longestCheckpointInterval(brokers);
        if (topic == Topic.SIGNUPS) {
            // The other cutters of this router see the same brokers.
            tell(CheckpointDelay.of(brokers));
        }
    }

    @Override
    public Set<Integer> cut(Map<Integer, Long> offsets) {
        Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
        offsets.forEach((partition, offset) ->
                records.put(new TopicPartition(name, partition), RecordsToDelete.beforeOffset(offset)));
        Set<Integer> confirmed = new HashSet<>();
        admin.deleteRecords(records).lowWatermarks().forEach((partition, lowWatermark) -> {
            try {
                Await.result(lowWatermark, LIMIT, "the log cannot be cut");
                confirmed.add(partition.partition());
            } catch (EventLogUnavailable e) {
                LOG.warn("{}: {}", partition, e.getMessage());
            }
        });
        return confirmed;
    }

    @Override
    public Map<Integer, Observation> observe(Collection<Integer> partitions) {
        // Before anything is asked: a connection that is lost during the look has to show in it or in the next.
        long lostBefore = connectionsLost();
        Map<Integer, ListOffsetsResultInfo> starts = offsets(partitions, OffsetSpec.earliest());
        // Of the earliest record Kafka gives that record's epoch, of the end the leader's.
        Map<Integer, ListOffsetsResultInfo> ends = offsets(partitions, OffsetSpec.latest());
        List<TopicPartitionInfo> replicas = Objects.requireNonNull(Await.result(
                                admin.describeTopics(List.of(name)).allTopicNames(), LIMIT, "replicas cannot be read")
                        .get(name))
                .partitions();
        Set<Integer> answering = answering(replicas.stream()
                .filter(info -> partitions.contains(info.partition()))
                .flatMap(info -> info.replicas().stream())
                .map(Node::id)
                .collect(Collectors.toSet()));
        long lostAfter = connectionsLost();
        Map<Integer, Observation> observations = new HashMap<>();
        for (TopicPartitionInfo info : replicas) {
            ListOffsetsResultInfo start = starts.get(info.partition());
            Optional<Integer> epoch =
                    Optional.ofNullable(ends.get(info.partition())).flatMap(ListOffsetsResultInfo::leaderEpoch);
            if (start != null && epoch.isPresent()) {
                Set<Integer> inSync = new HashSet<>(ids(info.isr()));
                inSync.retainAll(answering);
                observations.put(
                        info.partition(),
                        new Observation(
                                start.offset(),
                                new Replicas(ids(info.replicas()), inSync),
                                new Witness(epoch.get(), lostBefore, lostAfter)));
            }
        }
        return observations;
    }

    private Map<Integer, ListOffsetsResultInfo> offsets(Collection<Integer> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> wanted = partitions.stream()
                .collect(Collectors.toMap(partition -> new TopicPartition(name, partition), partition -> spec));
        ListOffsetsResult answers = admin.listOffsets(wanted);
        Map<Integer, ListOffsetsResultInfo> offsets = new HashMap<>();
        wanted.keySet().forEach(partition -> {
            try {
                offsets.put(
                        partition.partition(), Await.result(answers.partitionResult(partition), LIMIT, "no offset"));
            } catch (EventLogUnavailable e) {
                LOG.warn("{}: {}", partition, e.getMessage());
            }
        });
        return offsets;
    }

    /**
     * The brokers that answer, each over a connection to itself. What is asked does not matter; it needs no rights. Because each is
     * asked at every look, its connection is not closed for being idle meanwhile.
     */
    private Set<Integer> answering(Set<Integer> brokers) {
        Map<Integer, KafkaFuture<?>> asked = new HashMap<>();
        brokers.forEach(broker -> asked.put(
                broker,
                admin.describeFeatures(new DescribeFeaturesOptions()
                                .nodeId(broker)
                                .timeoutMs(Math.toIntExact(ANSWER_LIMIT.toMillis())))
                        .featureMetadata()));
        Set<Integer> answering = new HashSet<>();
        asked.forEach((broker, answer) -> {
            try {
                var unused = Await.result(answer, LIMIT, "no answer");
                answering.add(broker);
            } catch (EventLogUnavailable e) {
                LOG.debug("Kafka broker {} does not answer", broker);
            }
        });
        return answering;
    }

    /** Connections that this client had to a broker and has lost; those that were closed for being idle count too. */
    private long connectionsLost() {
        return admin.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("connection-close-total"))
                .mapToLong(metric -> ((Number) metric.metricValue()).longValue())
                .sum();
    }

    private static Set<Integer> ids(List<Node> brokers) {
        return brokers.stream().map(Node::id).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public long endOffset(int partition) {
        TopicPartition topicPartition = new TopicPartition(name, partition);
        return Objects.requireNonNull(Await.result(
                                admin.listOffsets(Map.of(topicPartition, OffsetSpec.latest()))
                                        .all(),
                                LIMIT,
                                "the end offset cannot be read")
                        .get(topicPartition))
                .offset();
    }

    @Override
    public void appendMarker(int partition) {
        try {
            var acknowledged = publisher
                    .publishTo(topic, partition, new SegmentMarker(clock.instant()))
                    .toCompletableFuture();
            acknowledged.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new EventLogUnavailable("the marker was not acknowledged", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventLogUnavailable("interrupted while appending a marker", e);
        }
    }

    @Override
    public Duration checkpointInterval() {
        return checkpointInterval;
    }

    /**
     * The settings of all brokers, by their ids.
     *
     * @throws EventLogUnavailable if they do not answer
     */
    public static Map<String, Config> brokerSettings(Admin admin) {
        Collection<Node> nodes =
                Await.result(admin.describeCluster().nodes(), LIMIT, "the cluster cannot be described");
        Map<ConfigResource, Config> settings = Await.result(
                admin.describeConfigs(nodes.stream()
                                .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                                .toList())
                        .all(),
                LIMIT,
                "broker settings cannot be read");
        return settings.entrySet().stream()
                .collect(Collectors.toMap(broker -> broker.getKey().name(), Map.Entry::getValue));
    }

    private static Duration longestCheckpointInterval(Map<String, Config> brokers) {
        return CheckpointDelay.longestInterval(brokers.values())
                .map(Duration::ofMillis)
                .orElseThrow(() -> new IllegalStateException("no broker names its " + CheckpointDelay.INTERVAL));
    }

    private static void tell(CheckpointDelay delay) {
        if (delay instanceof CheckpointDelay.TooLong tooLong) {
            LOG.warn(
                    "{} of Kafka brokers {} is greater than {}: a broker that dies before its first checkpoint serves records"
                            + " claimed to be UNREACHABLE again until they are cut once more",
                    CheckpointDelay.FIRST,
                    tooLong.brokers(),
                    CheckpointDelay.INTERVAL);
        } else if (delay instanceof CheckpointDelay.Unknown unknown) {
            LOG.info(
                    "Kafka brokers {} do not report their {} (default 30 s): whether it is greater than {} is unknown",
                    unknown.brokers(),
                    CheckpointDelay.FIRST,
                    CheckpointDelay.INTERVAL);
        }
    }
}
