package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.brokerhandoff.schemas.Topic;

/**
 * Examines the topics of the catalogue without changing them, which {@link TopicProvisioner} does, and the one in which Kafka keeps committed
 * offsets.
 */
public final class TopicExamination {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String COMMITTED_OFFSETS = "__consumer_offsets";

    private final Admin admin;
    private final EventLogSettings settings;

    /** Examines the log that {@code settings} names through {@code admin}, which the caller keeps. */
    public TopicExamination(Admin admin, EventLogSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /**
     * All problems of the topics.
     *
     * @throws EventLogUnavailable if Kafka cannot be reached or refuses
     */
    public List<TopicProblem> problems() {
        Map<String, Topic> topics = new LinkedHashMap<>();
        Arrays.stream(Topic.values()).forEach(topic -> topics.put(topic.name(settings.topicPrefix()), topic));
        Map<String, TopicDescription> existing = existing(topics);
        Map<String, Config> configurations = configurations(existing);
        List<TopicProblem> problems = new ArrayList<>();
        topics.forEach((name, topic) -> {
            TopicDescription description = existing.get(name);
            if (description == null) {
                problems.add(new TopicProblem(name, TopicProblem.Kind.MISSING, "does not exist"));
                return;
            }
            Stream.of(
                            TopicRules.partitions(description, settings.partitions()),
                            TopicRules.replicas(description, settings.replicationFactor()),
                            TopicRules.inSync(description))
                    .flatMap(Optional::stream)
                    .forEach(problems::add);
            Config configuration = Objects.requireNonNull(configurations.get(name));
            TopicRules.differences(topic, settings.maximumHold(), TopicRules.replicas(description), configuration)
                    .forEach((setting, wanted) -> problems.add(new TopicProblem(
                            name,
                            TopicProblem.Kind.SETTINGS,
                            "has " + setting + " " + TopicRules.value(configuration, setting) + " instead of "
                                    + wanted)));
        });
        coordinators()
                .ifPresent(offsets -> Stream.of(
                                TopicRules.replicas(offsets, settings.replicationFactor()), TopicRules.inSync(offsets))
                        .flatMap(Optional::stream)
                        .forEach(problems::add));
        return problems;
    }

    /**
     * Kafka's own topic of committed offsets, once a group has made it. It has as many replicas as the brokers say, whatever the services
     * ask for, and without one of its partitions no router and no register service of that group goes on.
     */
    private Optional<TopicDescription> coordinators() {
        boolean exists = Await.result(
                        admin.listTopics(new ListTopicsOptions().listInternal(true))
                                .names(),
                        LIMIT,
                        "topics cannot be listed")
                .contains(COMMITTED_OFFSETS);
        return exists
                ? Optional.ofNullable(Await.result(
                                admin.describeTopics(List.of(COMMITTED_OFFSETS)).allTopicNames(),
                                LIMIT,
                                "topics cannot be described")
                        .get(COMMITTED_OFFSETS))
                : Optional.empty();
    }

    /**
     * When Kafka appended the newest record of these topics, by Kafka's clock; empty if there is none.
     *
     * @throws EventLogUnavailable if Kafka cannot be reached or refuses
     */
    public Optional<Instant> newestAppend() {
        Map<String, Topic> topics = new LinkedHashMap<>();
        Arrays.stream(Topic.values()).forEach(topic -> topics.put(topic.name(settings.topicPrefix()), topic));
        Map<TopicPartition, OffsetSpec> newest = new LinkedHashMap<>();
        existing(topics)
                .values()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> newest.put(
                                new TopicPartition(topic.name(), partition.partition()), OffsetSpec.maxTimestamp())));
        return Await.result(admin.listOffsets(newest).all(), LIMIT, "the newest records cannot be found")
                .values()
                .stream()
                .map(ListOffsetsResultInfo::timestamp)
                .filter(millis -> millis >= 0)
                .max(Long::compare)
                .map(Instant::ofEpochMilli);
    }

    private Map<String, TopicDescription> existing(Map<String, Topic> topics) {
        List<String> there = Await.result(admin.listTopics().names(), LIMIT, "topics cannot be listed").stream()
                .filter(topics::containsKey)
                .toList();
        return Await.result(admin.describeTopics(there).allTopicNames(), LIMIT, "topics cannot be described");
    }

    private Map<String, Config> configurations(Map<String, TopicDescription> existing) {
        Map<String, Config> configurations = new LinkedHashMap<>();
        Await.result(
                        admin.describeConfigs(existing.keySet().stream()
                                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                                        .toList())
                                .all(),
                        LIMIT,
                        "topic settings cannot be read")
                .forEach((resource, config) -> configurations.put(resource.name(), config));
        return configurations;
    }
}
