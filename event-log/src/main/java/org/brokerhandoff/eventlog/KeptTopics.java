package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.brokerhandoff.schemas.Topic;

/**
 * Kafka's metadata of the topics that the ledger covers.
 *
 * @param cluster Kafka's cluster id
 * @param topicIds Kafka's id of each topic, by base name, in the ledger's order of topics; missing topics are absent
 * @param partitions partition count of each of them
 * @param replicas lowest replica count of any partition
 */
public record KeptTopics(String cluster, Map<String, String> topicIds, Map<String, Integer> partitions, int replicas) {
    /** Before the first query. */
    public static final KeptTopics UNKNOWN = new KeptTopics("", Map.of(), Map.of(), 0);

    private static final Duration LIMIT = Duration.ofSeconds(10);

    public KeptTopics {
        topicIds = Map.copyOf(topicIds);
        partitions = Map.copyOf(partitions);
    }

    /** The topics of the ledger that do not exist, including {@code checkpoints}. */
    public List<String> missing() {
        return Stream.concat(Topic.inLedger().stream(), Stream.of(Topic.CHECKPOINTS))
                .map(Topic::baseName)
                .filter(topic -> !topicIds.containsKey(topic))
                .toList();
    }

    /** The distinct partition counts of the topics; one, unless a topic was changed. */
    public Set<Integer> partitionCounts() {
        return Set.copyOf(partitions.values());
    }

    /**
     * Queries Kafka.
     *
     * @throws EventLogUnavailable if it does not answer
     */
    public static KeptTopics describe(Admin admin, String topicPrefix) {
        String cluster = Await.result(admin.describeCluster().clusterId(), LIMIT, "Kafka's cluster id cannot be read");
        Map<String, String> ids = new HashMap<>();
        Map<String, Integer> partitions = new HashMap<>();
        int replicas = Integer.MAX_VALUE;
        List<Topic> topics = Stream.concat(Topic.inLedger().stream(), Stream.of(Topic.CHECKPOINTS))
                .toList();
        var described = admin.describeTopics(
                        topics.stream().map(topic -> topic.name(topicPrefix)).collect(Collectors.toList()))
                .topicNameValues();
        for (Topic topic : topics) {
            try {
                TopicDescription description = Objects.requireNonNull(described.get(topic.name(topicPrefix)))
                        .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                ids.put(topic.baseName(), description.topicId().toString());
                if (topic != Topic.CHECKPOINTS) {
                    partitions.put(topic.baseName(), description.partitions().size());
                    replicas = Math.min(
                            replicas,
                            description.partitions().stream()
                                    .mapToInt(partition -> partition.replicas().size())
                                    .min()
                                    .orElse(0));
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw new EventLogUnavailable("the kept topics cannot be described", e);
                }
            } catch (Exception e) {
                throw EventLogUnavailable.whileWaiting("the kept topics cannot be described", e);
            }
        }
        return new KeptTopics(cluster, ids, partitions, replicas);
    }
}
