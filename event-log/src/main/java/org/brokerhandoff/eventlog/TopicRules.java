package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.brokerhandoff.schemas.Topic;

/** Requirements on a topic. Pure: shared by services that enforce them and services that only check. */
final class TopicRules {
    private TopicRules() {}

    /** A signup has one partition number in all topics. */
    static Optional<TopicProblem> partitions(TopicDescription topic, int wanted) {
        int found = topic.partitions().size();
        return found == wanted
                ? Optional.empty()
                : Optional.of(new TopicProblem(topic.name(), TopicProblem.Kind.PARTITIONS, "has " + found));
    }

    /** With two, one would have to suffice for an acknowledgement while the other is offline. */
    static Optional<TopicProblem> replicas(TopicDescription topic, int wanted) {
        int found = replicas(topic);
        return found >= wanted && found != 2
                ? Optional.empty()
                : Optional.of(new TopicProblem(topic.name(), TopicProblem.Kind.REPLICAS, "has " + found));
    }

    /** Partitions with an offline replica. */
    static Optional<TopicProblem> inSync(TopicDescription topic) {
        String away = topic.partitions().stream()
                .filter(partition ->
                        partition.isr().size() < partition.replicas().size())
                .map(partition -> String.valueOf(partition.partition()))
                .collect(Collectors.joining(", "));
        return away.isEmpty()
                ? Optional.empty()
                : Optional.of(new TopicProblem(
                        topic.name(), TopicProblem.Kind.OUT_OF_SYNC, "lacks a replica in partition " + away));
    }

    /** The lowest replica count of the topic's partitions. */
    static int replicas(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    /** Deviating settings, with their required values. */
    static Map<String, String> differences(Topic topic, Duration maximumHold, int replicas, Config found) {
        Map<String, String> differences = new LinkedHashMap<>();
        topic.configuration(maximumHold, replicas).forEach((name, value) -> {
            if (!value.equals(value(found, name))) {
                differences.put(name, value);
            }
        });
        return differences;
    }

    /** The setting's value, or words for its absence. */
    static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null ? "not set" : Objects.requireNonNullElse(entry.value(), "not set");
    }
}
