package org.brokerhandoff.embeddedkafka;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("faults")
class KafkaClusterIT {

    @TempDir
    Path directory;

    private static int inSync(Admin admin, String topic) throws Exception {
        return Objects.requireNonNull(admin.describeTopics(Set.of(topic))
                        .allTopicNames()
                        .get(30, SECONDS)
                        .get(topic))
                .partitions()
                .get(0)
                .isr()
                .size();
    }

    @Test
    void three_brokers_go_on_with_two_and_the_third_catches_up_when_it_is_back() throws Exception {
        try (KafkaCluster kafka = KafkaCluster.start(directory, 3, Map.of());
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Records.createTopic(kafka.bootstrapServers(), "letters", Map.of());
            Records.send(kafka.bootstrapServers(), "letters", List.of("a"));
            kafka.logDirectories()
                    .forEach((broker, log) -> assertThat(log.resolve("letters-0"))
                            .as("a replica on broker " + broker)
                            .isDirectory());

            kafka.broker(3).kill();
            await().atMost(Duration.ofSeconds(60)).until(() -> inSync(admin, "letters") == 2);
            Records.send(kafka.bootstrapServers(), "letters", List.of("b", "c"));
            assertThat(Records.read(kafka.bootstrapServers(), "letters", 3)).containsExactly("a", "b", "c");

            kafka.broker(3).restart();
            await().atMost(Duration.ofSeconds(60)).until(() -> inSync(admin, "letters") == 3);
            Path caughtUp = kafka.broker(3).logDirectory().resolve("letters-0/00000000000000000000.log");
            assertThat(Files.size(caughtUp))
                    .isEqualTo(
                            Files.size(kafka.broker(1).logDirectory().resolve("letters-0/00000000000000000000.log")));
            assertThatThrownBy(() -> kafka.broker(4)).hasMessage("no broker 4 among [1, 2, 3]");
        }
    }
}
