package org.brokerhandoff.register;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.RecordPosition;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/** A test's own topics, with a publisher. */
final class TestLog implements AutoCloseable {
    static final int PARTITIONS = 3;
    static final Duration LIMIT = Duration.ofSeconds(30);

    final KafkaClients clients;
    final EventCodec codec = new EventCodec();
    private final EventPublisher publisher;

    TestLog() {
        clients = new KafkaClients(settings(
                TestKafka.shared().bootstrapServers(), TestKafka.shared().randomTopicPrefix()));
        try (Admin admin = clients.admin("test")) {
            // Newly created topics may not be describable yet.
            await().atMost(1, TimeUnit.MINUTES)
                    .ignoreExceptionsInstanceOf(EventLogUnavailable.class)
                    .untilAsserted(() -> new TopicProvisioner(admin, clients.settings()).provision());
            awaitServing(admin);
        }
        publisher = new EventPublisher(clients, codec, "/test", InstantSource.system());
    }

    /**
     * A new partition appears in the metadata shortly before its broker serves it. A producer that starts in between has its first batch
     * refused and a later one accepted, and then can never send the first: its sequence number is in the past.
     */
    private void awaitServing(Admin admin) {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (Topic topic : Topic.values()) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.put(
                        new TopicPartition(topic.name(clients.settings().topicPrefix()), partition),
                        OffsetSpec.latest());
            }
        }
        Await.result(admin.listOffsets(partitions).all(), LIMIT, "the topics are not served");
    }

    static EventLogSettings settings(String bootstrapServers, String prefix) {
        return new EventLogSettings(bootstrapServers, Map.of(), prefix, PARTITIONS, 1, Duration.ofHours(1));
    }

    Projecting project(Register register) {
        return Projecting.start(clients, codec, register);
    }

    int partition(UUID signupId) {
        return EventPartitions.of(signupId, PARTITIONS);
    }

    CompletableFuture<RecordPosition> publish(Topic topic, UUID signupId, SpecificRecord event) {
        return publisher.publish(topic, signupId, event).toCompletableFuture();
    }

    CompletableFuture<RecordPosition> publishTo(Topic topic, int partition, SpecificRecord event) {
        return publisher.publishTo(topic, partition, event).toCompletableFuture();
    }

    /** Appends raw bytes. */
    void append(Topic topic, int partition, byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer("test-raw")) {
            var unused = producer.send(
                    new ProducerRecord<>(topic.name(clients.settings().topicPrefix()), partition, null, value));
        }
    }

    /** Publishes the events of delivered signups, each accepted by the second broker; five events a signup. */
    void publishDelivered(int signups) {
        CompletableFuture<?>[] last = new CompletableFuture<?>[signups];
        for (int i = 0; i < signups; i++) {
            UUID id = Events.signupId();
            var granted = publish(Topic.CONSENTS, id, Events.granted(id));
            var assigned = publish(Topic.HANDOFFS, id, Events.assigned(id, "fjord-markets", 0));
            var refused = publish(Topic.HANDOFFS, id, Events.refused(id, "fjord-markets"));
            var delivered = publish(Topic.HANDOFFS, id, Events.delivered(id, "nordlys-invest"));
            var purged = publish(Topic.PURGES, id, Events.purged(id, PurgeReason.DELIVERED));
            last[i] = CompletableFuture.allOf(granted, assigned, refused, delivered, purged);
        }
        CompletableFuture.allOf(last).join();
    }

    /** Waits until everything acknowledged so far is projected. */
    static void awaitAll(Projecting projector) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            projector
                    .passed(Register.keptTopics(), partition, LIMIT)
                    .toCompletableFuture()
                    .join();
        }
    }

    @Override
    public void close() {
        publisher.close();
    }
}
