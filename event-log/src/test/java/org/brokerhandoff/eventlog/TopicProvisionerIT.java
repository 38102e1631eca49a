package org.brokerhandoff.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.eventlog.TestTopics.provision;
import static org.brokerhandoff.eventlog.TestTopics.settings;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

/** Topics that exist already. */
class TopicProvisionerIT {
    /** Each setting that a guarantee depends on, as a cluster or an earlier user may have set it. */
    @Test
    void existing_topics_are_held_to_the_catalogue() throws Exception {
        EventLogSettings settings = settings(2);
        provision(settings);
        ConfigResource signups =
                new ConfigResource(ConfigResource.Type.TOPIC, Topic.SIGNUPS.name(settings.topicPrefix()));
        ConfigResource purges =
                new ConfigResource(ConfigResource.Type.TOPIC, Topic.PURGES.name(settings.topicPrefix()));
        Map<String, String> weak = Map.of(
                "retention.ms", "1000",
                "retention.bytes", "1000",
                "cleanup.policy", "compact",
                "message.timestamp.type", "CreateTime",
                "unclean.leader.election.enable", "true");
        try (Admin admin = new KafkaClients(settings).admin("test-admin")) {
            for (ConfigResource topic : List.of(signups, purges)) {
                admin.incrementalAlterConfigs(Map.of(
                                topic,
                                weak.entrySet().stream()
                                        .map(each -> new AlterConfigOp(
                                                new ConfigEntry(each.getKey(), each.getValue()),
                                                AlterConfigOp.OpType.SET))
                                        .toList()))
                        .all()
                        .get();
            }
            // A broker answers from its copy of the controller's log, which lags slightly.
            for (ConfigResource topic : List.of(signups, purges)) {
                await().atMost(1, TimeUnit.MINUTES).untilAsserted(() -> {
                    Config config = config(admin, topic);
                    weak.forEach(
                            (name, value) -> assertThat(value(config, name)).isEqualTo(value));
                });
            }
            new TopicProvisioner(admin, settings).provision();
            for (ConfigResource topic : List.of(signups, purges)) {
                await().atMost(1, TimeUnit.MINUTES).untilAsserted(() -> {
                    Config config = config(admin, topic);
                    assertThat(value(config, "retention.ms")).isEqualTo(topic.equals(signups) ? "86400000" : "-1");
                    assertThat(value(config, "retention.bytes")).isEqualTo("-1");
                    assertThat(value(config, "cleanup.policy")).isEqualTo("delete");
                    assertThat(value(config, "message.timestamp.type")).isEqualTo("LogAppendTime");
                    assertThat(value(config, "unclean.leader.election.enable")).isEqualTo("false");
                });
            }
        }
    }

    private static Config config(Admin admin, ConfigResource topic) throws Exception {
        return Objects.requireNonNull(
                admin.describeConfigs(List.of(topic)).all().get().get(topic));
    }

    private static String value(Config config, String name) {
        return Objects.requireNonNull(config.get(name)).value();
    }

    @Test
    void existing_topics_with_fewer_replicas_than_are_wanted_are_refused_and_each_named() {
        EventLogSettings one = settings(2);
        provision(one);
        EventLogSettings three =
                new EventLogSettings(one.bootstrapServers(), Map.of(), one.topicPrefix(), 2, 3, one.maximumHold());
        assertThatThrownBy(() -> provision(three))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("topics need 3 replicas or more")
                .hasMessageContaining("signups has 1")
                .hasMessageContaining("purges has 1");
    }

    @Test
    void another_number_of_partitions_is_refused_and_every_such_topic_named() {
        EventLogSettings two = settings(2);
        provision(two);
        EventLogSettings three =
                new EventLogSettings(two.bootstrapServers(), Map.of(), two.topicPrefix(), 3, 1, two.maximumHold());
        assertThatThrownBy(() -> provision(three))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("signups has 2")
                .hasMessageContaining("purges has 2");
    }
}
