package org.brokerhandoff.ingest;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.SuspensionReason;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/** Publishes a router's events about signups. */
final class SignupLife implements AutoCloseable {
    private final EventPublisher publisher;

    SignupLife(Installation installation) {
        publisher = new EventPublisher(
                new KafkaClients(installation.settings().eventLog()),
                new EventCodec(),
                "/router",
                InstantSource.system());
    }

    /** Assigned, delivered, purged: one after the other. */
    void handedOver(String signup) {
        assigned(signup);
        delivered(signup);
        purged(signup);
    }

    void assigned(String signup) {
        publish(
                Topic.HANDOFFS,
                signup,
                Assigned.newBuilder()
                        .setSignupId(id(signup))
                        .setBroker("fjord-markets")
                        .setHop(0)
                        .setDirectoryDigest(Digests.sha256("directory"))
                        .setDecidedAt(Instant.now())
                        .setCountry("NO")
                        .setRecipients(List.of("fjord-markets"))
                        .setCandidates(List.of())
                        .setExclusions(List.of())
                        .build());
    }

    void delivered(String signup) {
        publish(
                Topic.HANDOFFS,
                signup,
                Delivered.newBuilder()
                        .setSignupId(id(signup))
                        .setBroker("fjord-markets")
                        .setAttempt(1)
                        .setStartedAt(Instant.now())
                        .setAcceptedAt(Instant.now())
                        .setDuplicate(false)
                        .setStatus(200)
                        .build());
    }

    void purged(String signup) {
        publish(
                Topic.PURGES,
                signup,
                Purged.newBuilder()
                        .setSignupId(id(signup))
                        .setReason(PurgeReason.DELIVERED)
                        .setLevel(PurgeLevel.UNREACHABLE)
                        .setKeyErasedAt(Instant.now())
                        .setReadBack(ReadBack.DIRECT)
                        .setSlot(7)
                        .setGeneration(1)
                        .setPurgedAt(Instant.now())
                        .build());
    }

    CompletableFuture<?> suspended(Instant at) {
        return publisher
                .publishTo(
                        Topic.HANDOFFS,
                        0,
                        new BrokerSuspended(
                                "fjord-markets",
                                new RandomId(new byte[16]),
                                at,
                                SuspensionReason.GONE,
                                410,
                                at.plusSeconds(300)))
                .toCompletableFuture();
    }

    private void publish(Topic topic, String signup, SpecificRecord event) {
        publisher
                .publish(topic, UUID.fromString(signup), event)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static org.brokerhandoff.event.SignupId id(String signup) {
        return SignupIds.fixed(UUID.fromString(signup));
    }

    @Override
    public void close() {
        publisher.close();
    }
}
