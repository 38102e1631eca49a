package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.schemas.EventCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Readers of the log that meet an event of a newer version in the middle, on a real Kafka. What depends on the event waits and says
 * so, the rest continues, and a reader that knows the schema finds everything.
 */
abstract class NewerEvents {
    static final Duration LIMIT = Duration.ofSeconds(30);
    static final EventCodec CODEC = new EventCodec();
    static final String NEWER = "which this version does not know; upgrade this service";

    final EventLogSettings settings = new EventLogSettings(
            TestKafka.shared().bootstrapServers(),
            Map.of(),
            TestKafka.shared().randomTopicPrefix(),
            2,
            1,
            Duration.ofHours(1));
    final KafkaClients clients = new KafkaClients(settings);
    final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    EventPublisher publisher;

    @BeforeEach
    void provision() {
        try (Admin admin = clients.admin("test-admin")) {
            new TopicProvisioner(admin, settings).provision();
        }
        publisher = new EventPublisher(clients, CODEC, "/test", InstantSource.system());
    }

    @AfterEach
    void close() {
        publisher.close();
    }
}
