package org.brokerhandoff.eventlog;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics of the catalogue and enforces its settings on existing ones. */
public final class TopicProvisioner {
    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int LOG_ID_CHARACTERS = 16;

    private final Admin admin;
    private final EventLogSettings settings;

    /** Provisions the log that {@code settings} names through {@code admin}, which the caller keeps. */
    public TopicProvisioner(Admin admin, EventLogSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /**
     * Ensures that every topic exists with the catalogue's settings. Several services may do so at the same time.
     *
     * @return identifies the kept topics as created: recreated ones with the same names have another id
     * @throws EventLogUnavailable if Kafka cannot be reached or refuses
     * @throws IllegalStateException if an existing topic has another partition count, under which a signup would change its partition, or
     *     fewer replicas than required, or two; names all of them
     */
    public String provision() {
        Map<String, Topic> topics = new LinkedHashMap<>();
        Arrays.stream(Topic.values()).forEach(topic -> topics.put(topic.name(settings.topicPrefix()), topic));
        create(topics);
        Map<String, TopicDescription> existing = served(topics.keySet());
        verifyPartitions(existing);
        verifyReplicas(existing);
        alignConfiguration(topics, existing);
        return logId(topics, existing);
    }

    private static String logId(Map<String, Topic> topics, Map<String, TopicDescription> existing) {
        int inLog = (int) topics.values().stream().filter(Topic::inLog).count();
        ByteBuffer ids = ByteBuffer.allocate(inLog * 2 * Long.BYTES);
        topics.forEach((name, topic) -> {
            if (topic.kept()) {
                Uuid id = Objects.requireNonNull(existing.get(name)).topicId();
                ids.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
            }
        });
        return Digests.hex(Digests.sha256(ids.array())).substring(0, LOG_ID_CHARACTERS);
    }

    private void create(Map<String, Topic> topics) {
        Collection<NewTopic> wanted = new ArrayList<>();
        topics.forEach((name, topic) ->
                wanted.add(new NewTopic(name, settings.partitions(), (short) settings.replicationFactor())
                        .configs(topic.configuration(settings.maximumHold(), settings.replicationFactor()))));
        admin.createTopics(wanted).values().forEach((name, created) -> {
            try {
                created.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                LOG.info("created topic {}", name);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new EventLogUnavailable("topic " + name + " cannot be created", e);
                }
            } catch (Exception e) {
                throw EventLogUnavailable.whileWaiting("topic " + name + " cannot be created", e);
            }
        });
    }

    /**
     * A created topic becomes known to a broker a little later, and its partitions are served later still. A service that publishes earlier
     * has its first batches refused and, with several in flight, reordered; so the caller gets the topics when every partition answers.
     */
    private Map<String, TopicDescription> served(Set<String> names) {
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                Map<String, TopicDescription> descriptions =
                        Await.result(admin.describeTopics(names).allTopicNames(), LIMIT, "topics cannot be described");
                Map<TopicPartition, OffsetSpec> ends = new LinkedHashMap<>();
                descriptions
                        .values()
                        .forEach(description -> description
                                .partitions()
                                .forEach(partition -> ends.put(
                                        new TopicPartition(description.name(), partition.partition()),
                                        OffsetSpec.latest())));
                Await.result(admin.listOffsets(ends).all(), LIMIT, "partitions are not served");
                return descriptions;
            } catch (EventLogUnavailable e) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw EventLogUnavailable.whileWaiting("interrupted while waiting for topics", e);
        }
    }

    /** Kafka does not change them afterwards, and an acknowledged signup must be on as many disks as promised. */
    private void verifyReplicas(Map<String, TopicDescription> descriptions) {
        String weak = problems(descriptions, topic -> TopicRules.replicas(topic, settings.replicationFactor()));
        if (!weak.isEmpty()) {
            throw new IllegalStateException("topics need " + settings.replicationFactor()
                    + " replicas or more, but not 2, since one replica would be enough for an acknowledgement while the other is down: "
                    + weak + "; reassign their partitions (kafka-reassign-partitions)");
        }
    }

    private void verifyPartitions(Map<String, TopicDescription> descriptions) {
        String different = problems(descriptions, topic -> TopicRules.partitions(topic, settings.partitions()));
        if (!different.isEmpty()) {
            throw new IllegalStateException("topics need " + settings.partitions()
                    + " partitions each, since a signup has one partition number in all of them: " + different);
        }
    }

    private static String problems(
            Map<String, TopicDescription> topics, Function<TopicDescription, Optional<TopicProblem>> rule) {
        return topics.values().stream()
                .flatMap(topic -> rule.apply(topic).stream())
                .map(problem -> problem.topic() + " " + problem.found())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private void alignConfiguration(Map<String, Topic> topics, Map<String, TopicDescription> existing) {
        Map<ConfigResource, Config> current = Await.result(
                admin.describeConfigs(topics.keySet().stream()
                                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                                .toList())
                        .all(),
                LIMIT,
                "topic settings cannot be read");
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new LinkedHashMap<>();
        current.forEach((resource, config) -> {
            Topic topic = topics.get(resource.name());
            if (topic == null) {
                return;
            }
            // By the actual number of replicas: a service configured with fewer must not weaken what others rely on.
            int replicas = TopicRules.replicas(Objects.requireNonNull(existing.get(resource.name())));
            List<AlterConfigOp> operations = new ArrayList<>();
            List<String> differences = new ArrayList<>();
            TopicRules.differences(topic, settings.maximumHold(), replicas, config)
                    .forEach((name, value) -> {
                        operations.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
                        differences.add(name + " was " + TopicRules.value(config, name) + ", is " + value);
                    });
            if (!operations.isEmpty()) {
                changes.put(resource, operations);
                LOG.warn("topic {} had wrong settings, corrected: {}", resource.name(), differences);
            }
        });
        if (!changes.isEmpty()) {
            Await.result(admin.incrementalAlterConfigs(changes).all(), LIMIT, "topic settings cannot be changed");
        }
    }
}
