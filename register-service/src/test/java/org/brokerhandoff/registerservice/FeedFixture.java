package org.brokerhandoff.registerservice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/** A register fixture whose register services send webhooks, and the content of its log. */
final class FeedFixture implements AutoCloseable {
    static final List<String> LIFE = List.of("signup.assigned", "signup.delivered", "signup.purged");

    final RegisterFixture register;
    final String secret = WebhookSecret.random().text();
    final String former = WebhookSecret.random().text();
    private final Path directory;

    FeedFixture(Path directory) {
        this.directory = directory;
        RegisterFixture.writePrivately(directory.resolve("shop.current"), secret);
        RegisterFixture.writePrivately(directory.resolve("shop.previous"), former);
        feeds("feeds: []\n");
        register = new RegisterFixture(directory, Optional.of(directory.resolve("feeds.yaml")));
    }

    /** Replaces the file atomically, as an operator should. */
    void feeds(String yaml) {
        try {
            Path next = Files.writeString(directory.resolve("feeds.next"), yaml);
            Files.move(next, directory.resolve("feeds.yaml"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String feed(String id, String owner, String endpoint, String more) {
        return "  - {id: " + id + ", owner: " + owner + ", endpoint: \"" + endpoint
                + "\", secretFiles: [shop.current, shop.previous]" + more + "}\n";
    }

    static String local(String id, String owner, WebhookReceiver receiver) {
        return feed(id, owner, receiver.endpoint(), ", local: true");
    }

    WebhookReceiver receiver() {
        return WebhookReceiver.start(register.vertx);
    }

    /** Sets a feed's start to the start of the log, with deadlines from {@code since} on, as if it had existed then. */
    void beginsAtTheBeginning(String feed, Instant since) {
        String prefix = register.settings.eventLog().topicPrefix();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Topic topic : List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES)) {
            for (int number = 0; number < RegisterFixture.PARTITIONS; number++) {
                offsets.put(
                        new TopicPartition(topic.name(prefix), number),
                        new OffsetAndMetadata(0, topic == Topic.CONSENTS ? "" + since.toEpochMilli() : ""));
            }
        }
        try (KafkaConsumer<byte[], byte[]> consumer =
                register.clients.groupConsumer("test-begin", prefix + "handoff-feed-" + feed, 1)) {
            consumer.assign(offsets.keySet());
            consumer.commitSync(offsets);
        }
    }

    /** A signup of {@code owner} that was assigned, delivered and purged. */
    String handedOver(String owner) {
        UUID id = UUID.randomUUID();
        granted(id, owner);
        register.publish(Topic.HANDOFFS, id, Facts.assigned(id, "fjord-markets"))
                .join();
        register.publish(Topic.HANDOFFS, id, Facts.delivered(id, "fjord-markets"))
                .join();
        purged(id);
        return id.toString();
    }

    void granted(UUID id, String owner) {
        register.publish(
                        Topic.CONSENTS,
                        id,
                        org.brokerhandoff.event.ConsentGranted.newBuilder(Facts.granted(id, "fjord-markets"))
                                .setOwner(owner)
                                .build())
                .join();
    }

    void purged(UUID id) {
        register.publish(
                        Topic.PURGES,
                        id,
                        Purged.newBuilder()
                                .setSignupId(SignupIds.fixed(id))
                                .setReason(PurgeReason.DELIVERED)
                                .setLevel(PurgeLevel.UNREACHABLE)
                                .setKeyErasedAt(Facts.now())
                                .setReadBack(ReadBack.DIRECT)
                                .setSlot(7)
                                .setGeneration(1)
                                .setPurgedAt(Facts.now())
                                .build())
                .join();
    }

    @Override
    public void close() {
        register.close();
    }
}
