package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.embeddedkafka.KafkaCluster;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A follower that goes and comes back: until it has written its start offsets down again, its death would bring records back. */
@Tag("faults")
@ResourceLock("a cluster of Kafka")
class ReplicaBouncedIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration CHECKPOINT = Duration.ofSeconds(8);

    @TempDir
    Path directory;

    @Test
    void no_purge_is_claimed_before_an_interval_has_passed_since_the_last_time_that_a_replica_came_back()
            throws Exception {
        try (KafkaCluster kafka = KafkaCluster.start(
                        directory.resolve("kafka"),
                        3,
                        Map.of(
                                "log.flush.start.offset.checkpoint.interval.ms",
                                String.valueOf(CHECKPOINT.toMillis())));
                RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1), kafka.bootstrapServers(), 3);
                Admin admin = new KafkaClients(fixture.settings.eventLog()).admin("test-admin")) {
            await().atMost(LIMIT).until(() -> inSync(admin, fixture));
            RouterService router = fixture.startRouter();
            fixture.source.sendUntilAcknowledged("NO", PERSON, "fjord-markets");
            await().atMost(LIMIT).until(() -> router.unfinished() > 0);
            // Seen in sync, then away and back twice: the second time while the first return is being waited out.
            Instant back = Instant.now();
            for (int round = 0; round < 2; round++) {
                kafka.broker(3).kill();
                kafka.broker(3).restart();
                Instant from = Instant.now();
                await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> inSync(admin, fixture));
                back = from;
            }
            await().atMost(LIMIT).until(() -> !fixture.purges().isEmpty());
            Purged claim = fixture.purges().get(0);
            assertThat(claim.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
            assertThat(claim.getPurgedAt())
                    .as("the broker was started again at %s", back)
                    .isAfterOrEqualTo(back.plus(CHECKPOINT));
        }
    }

    private static boolean inSync(Admin admin, RouterFixture fixture) throws Exception {
        String topic = Topic.SIGNUPS.name(fixture.settings.eventLog().topicPrefix());
        return Objects.requireNonNull(admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get(30, TimeUnit.SECONDS)
                        .get(topic))
                .partitions()
                .stream()
                .allMatch(partition -> partition.isr().size() == 3 && partition.leader() != null);
    }
}
