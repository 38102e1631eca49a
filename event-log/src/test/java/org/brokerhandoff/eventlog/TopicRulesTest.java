package org.brokerhandoff.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

class TopicRulesTest {
    private static final List<Node> NODES = List.of(new Node(0, "a", 1), new Node(1, "b", 1), new Node(2, "c", 1));

    private static TopicDescription topic(int partitions, int replicas, int inSync) {
        List<TopicPartitionInfo> infos = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            infos.add(new TopicPartitionInfo(
                    partition, NODES.get(0), NODES.subList(0, replicas), NODES.subList(0, inSync)));
        }
        return new TopicDescription("signups", false, infos);
    }

    @Test
    void another_number_of_partitions_is_a_problem() {
        assertThat(TopicRules.partitions(topic(6, 1, 1), 6)).isEmpty();
        assertThat(TopicRules.partitions(topic(3, 1, 1), 6))
                .contains(new TopicProblem("signups", TopicProblem.Kind.PARTITIONS, "has 3"));
    }

    @Test
    void too_few_replicas_are_a_problem_and_two_always_are() {
        assertThat(TopicRules.replicas(topic(1, 3, 3), 3)).isEmpty();
        assertThat(TopicRules.replicas(topic(1, 3, 3), 1)).isEmpty();
        assertThat(TopicRules.replicas(topic(1, 1, 1), 3)).isPresent();
        assertThat(TopicRules.replicas(topic(1, 2, 2), 1)).isPresent();
    }

    @Test
    void a_replica_that_is_away_is_named_with_its_partitions() {
        assertThat(TopicRules.inSync(topic(2, 3, 3))).isEmpty();
        assertThat(TopicRules.inSync(topic(2, 3, 2)))
                .contains(new TopicProblem(
                        "signups", TopicProblem.Kind.OUT_OF_SYNC, "lacks a replica in partition 0, 1"));
    }

    @Test
    void settings_that_differ_or_are_missing_are_told_with_what_they_have_to_be() {
        Map<String, String> wanted = Topic.SIGNUPS.configuration(Duration.ofHours(24), 1);
        List<ConfigEntry> entries = new ArrayList<>();
        wanted.forEach((name, value) -> entries.add(new ConfigEntry(name, value)));
        assertThat(TopicRules.differences(Topic.SIGNUPS, Duration.ofHours(24), 1, new Config(entries)))
                .isEmpty();
        entries.removeIf(entry -> entry.name().equals("segment.ms"));
        entries.replaceAll(entry -> entry.name().equals("retention.ms") ? new ConfigEntry("retention.ms", "1") : entry);
        assertThat(TopicRules.differences(Topic.SIGNUPS, Duration.ofHours(24), 1, new Config(entries)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("retention.ms", "86400000", "segment.ms", "1000"));
    }
}
