package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.embeddedkafka.TestKafka;

/** Topics of their own for each test, in the shared Kafka. */
final class TestTopics {
    static EventLogSettings settings(int partitions) {
        return new EventLogSettings(
                TestKafka.shared().bootstrapServers(),
                Map.of(),
                TestKafka.shared().randomTopicPrefix(),
                partitions,
                1,
                Duration.ofHours(24));
    }

    static void provision(EventLogSettings settings) {
        try (Admin admin = new KafkaClients(settings).admin("test-admin")) {
            new TopicProvisioner(admin, settings).provision();
        }
    }

    private TestTopics() {}
}
