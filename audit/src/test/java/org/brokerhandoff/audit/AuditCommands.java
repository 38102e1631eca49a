package org.brokerhandoff.audit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The commands, against a real Kafka with a log that these tests write. */
abstract class AuditCommands {
    static final int PARTITIONS = 3;
    static final int SIGNUPS = 12;

    final TestKafka kafka = TestKafka.shared();
    final String prefix = kafka.randomTopicPrefix();
    final KafkaClients clients = new KafkaClients(
            new EventLogSettings(kafka.bootstrapServers(), Map.of(), prefix, PARTITIONS, 1, Duration.ofHours(24)));
    final Admin admin = clients.admin("test");
    final EventPublisher ingest = new EventPublisher(clients, Life.CODEC, "/ingest", InstantSource.system());
    final EventPublisher router = new EventPublisher(clients, Life.CODEC, "/router", InstantSource.system());
    final Instant received = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(10);
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    @BeforeEach
    void provision() throws Exception {
        new TopicProvisioner(admin, clients.settings()).provision();
        // None is in the partition of every signup that refers to it.
        publishTo(
                Topic.CONSENTS,
                2,
                PolicyPublished.newBuilder(Life.policy(received))
                        .setPublishedAt(received.minusSeconds(2))
                        .build());
        publishTo(Topic.HANDOFFS, 1, Life.directory(received));
        publishTo(Topic.PURGES, 0, Life.examined(received));
        for (int i = 0; i < SIGNUPS; i++) {
            Life life = life(i);
            publish(Topic.CONSENTS, life, life.granted());
            publish(Topic.HANDOFFS, life, life.assigned(Life.FJORD, 0, 10));
            publish(Topic.HANDOFFS, life, life.delivered(Life.FJORD, 1, 20));
            publish(Topic.PURGES, life, life.purged(PurgeReason.DELIVERED, 50));
        }
    }

    @AfterEach
    void close() {
        ingest.close();
        router.close();
        admin.close();
    }

    Life life(int number) {
        UUID id = new UUID(0x0199_0000_0000_7000L, number);
        return new Life(id, EventPartitions.of(id, PARTITIONS), received.plusMillis(number));
    }

    EventPublisher publisher(Topic topic) {
        return topic == Topic.CONSENTS ? ingest : router;
    }

    void publish(Topic topic, Life life, SpecificRecord event) throws Exception {
        publisher(topic).publish(topic, life.id(), event).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    void publishTo(Topic topic, int partition, SpecificRecord event) throws Exception {
        publisher(topic)
                .publishTo(topic, partition, event)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    Map<String, String> environment(Map<String, String> changes) {
        Map<String, String> environment = new HashMap<>(
                Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "HANDOFF_TOPIC_PREFIX", prefix));
        environment.putAll(changes);
        return environment;
    }

    int run(String... arguments) {
        return run(environment(Map.of()), arguments);
    }

    int run(Map<String, String> environment, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return AuditMain.run(arguments, environment, new PrintWriter(out), new PrintWriter(err), false);
    }

    String output() {
        return out + "\n" + err;
    }
}
