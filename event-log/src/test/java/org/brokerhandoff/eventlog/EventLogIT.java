package org.brokerhandoff.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.eventlog.TestTopics.provision;
import static org.brokerhandoff.eventlog.TestTopics.settings;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

class EventLogIT {
    private final EventCodec codec = new EventCodec();

    private static ConsentWithdrawn withdrawn(UUID id) {
        return ConsentWithdrawn.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setWithdrawnAt(Instant.parse("2026-11-22T13:00:00Z"))
                .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setOutcome(WithdrawalOutcome.ERASED_BEFORE_HANDOFF)
                .build();
    }

    @Test
    void events_can_be_published_at_once_after_the_topics_were_handed_over() {
        for (int round = 0; round < 3; round++) {
            EventLogSettings settings = settings(6);
            provision(settings);
            try (EventPublisher publisher =
                    new EventPublisher(new KafkaClients(settings), codec, "/test", InstantSource.system())) {
                List<CompletableFuture<RecordPosition>> acknowledged = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    UUID id = UUID.randomUUID();
                    acknowledged.add(
                            publisher.publish(Topic.CONSENTS, id, withdrawn(id)).toCompletableFuture());
                }
                long started = System.nanoTime();
                acknowledged.forEach(CompletableFuture::join);
                assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
            }
        }
    }

    @Test
    void an_event_carries_cloudevents_headers_and_comes_back_from_its_partition() {
        EventLogSettings settings = settings(3);
        provision(settings);
        KafkaClients clients = new KafkaClients(settings);
        UUID id = UUID.randomUUID();
        try (EventPublisher publisher = new EventPublisher(clients, codec, "/test", InstantSource.system());
                EventReader reader = new EventReader(clients, codec, "test-reader")) {
            RecordPosition position = publisher
                    .publish(Topic.CONSENTS, id, withdrawn(id))
                    .toCompletableFuture()
                    .join();
            assertThat(position.partition()).isEqualTo(EventPartitions.of(id, 3));
            List<ReceivedEvent> events = new ArrayList<>();
            reader.readAll(List.of(Topic.CONSENTS), events::add);
            assertThat(events).singleElement().satisfies(event -> {
                assertThat(event.decoded()).isEqualTo(new Decoded.Event(withdrawn(id)));
                assertThat(event.eventId()).contains(id + "/withdrawn");
                assertThat(event.appendedAt()).isEqualTo(position.appendedAt());
            });
            reader.readSince(
                    Topic.CONSENTS, position.partition(), position.appendedAt().plusSeconds(60), events::add);
            assertThat(events).hasSize(1);
            assertThat(reader.endOffset(Topic.CONSENTS, position.partition())).isEqualTo(1);
        }
        try (var consumer = clients.rangeConsumer("test-headers")) {
            var partition = new org.apache.kafka.common.TopicPartition(
                    Topic.CONSENTS.name(settings.topicPrefix()), EventPartitions.of(id, 3));
            consumer.assign(List.of(partition));
            ConsumerRecord<byte[], byte[]> record =
                    consumer.poll(Duration.ofSeconds(10)).iterator().next();
            assertThat(record.headers())
                    .extracting(header -> header.key())
                    .containsExactlyInAnyOrder(
                            CloudEventHeaders.SPECVERSION,
                            CloudEventHeaders.ID,
                            CloudEventHeaders.SOURCE,
                            CloudEventHeaders.TYPE,
                            CloudEventHeaders.TIME,
                            CloudEventHeaders.SUBJECT,
                            CloudEventHeaders.DATASCHEMA,
                            CloudEventHeaders.CONTENT_TYPE);
            assertThat(new String(
                            record.headers().lastHeader(CloudEventHeaders.TYPE).value(), StandardCharsets.UTF_8))
                    .isEqualTo("org.brokerhandoff.event.ConsentWithdrawn");
        }
    }

    @Test
    void what_a_reader_read_of_a_topic_it_does_not_read_again_when_asked_for_what_is_new() {
        EventLogSettings settings = settings(3);
        provision(settings);
        KafkaClients clients = new KafkaClients(settings);
        List<UUID> published = new ArrayList<>();
        List<UUID> read = new ArrayList<>();
        try (EventPublisher publisher = new EventPublisher(clients, codec, "/test", InstantSource.system());
                EventReader reader = new EventReader(clients, codec, "test-reader")) {
            for (int look = 0; look < 3; look++) {
                for (int i = 0; i < 7 * look; i++) {
                    UUID id = UUID.randomUUID();
                    publisher
                            .publish(Topic.CONSENTS, id, withdrawn(id))
                            .toCompletableFuture()
                            .join();
                    published.add(id);
                }
                reader.readNew(List.of(Topic.CONSENTS), event -> {
                    if (event.decoded() instanceof Decoded.Event known) {
                        read.add(EventId.signup(known.event()).orElseThrow());
                    }
                });
                // Another topic between two reads, and a read of all topics, change nothing.
                reader.readNew(List.of(Topic.PURGES), event -> read.add(UUID.randomUUID()));
                int all = read.size();
                reader.readAll(List.of(Topic.CONSENTS), event -> {});
                assertThat(read).hasSize(all).containsExactlyInAnyOrderElementsOf(published);
            }
        }
    }

    @Test
    void purges_and_the_ends_of_signups_are_told_of_with_the_reason_that_their_purge_gives() {
        EventLogSettings settings = settings(3);
        provision(settings);
        KafkaClients clients = new KafkaClients(settings);
        UUID withdrawn = UUID.randomUUID();
        UUID delivered = UUID.randomUUID();
        Instant at = Instant.parse("2026-11-22T13:00:00Z");
        try (EventPublisher publisher = new EventPublisher(clients, codec, "/test", InstantSource.system())) {
            publisher
                    .publish(Topic.CONSENTS, withdrawn, withdrawn(withdrawn))
                    .toCompletableFuture()
                    .join();
            publisher
                    .publish(
                            Topic.HANDOFFS,
                            delivered,
                            Delivered.newBuilder()
                                    .setSignupId(SignupIds.fixed(delivered))
                                    .setBroker("fjord")
                                    .setAttempt(1)
                                    .setStartedAt(at)
                                    .setAcceptedAt(at)
                                    .setDuplicate(false)
                                    .setStatus(200)
                                    .build())
                    .toCompletableFuture()
                    .join();
            publisher
                    .publish(
                            Topic.PURGES,
                            delivered,
                            Purged.newBuilder()
                                    .setSignupId(SignupIds.fixed(delivered))
                                    .setReason(PurgeReason.DELIVERED)
                                    .setLevel(PurgeLevel.UNREADABLE)
                                    .setKeyErasedAt(at)
                                    .setReadBack(ReadBack.DIRECT)
                                    .setSlot(7)
                                    .setGeneration(3)
                                    .setPurgedAt(at)
                                    .build())
                    .toCompletableFuture()
                    .join();
        }
        List<String> told = new ArrayList<>();
        long read = PurgedSlots.since(
                clients,
                codec,
                "test-purges",
                Map.of(withdrawn, Instant.EPOCH, delivered, Instant.EPOCH),
                Optional.empty(),
                new PurgedSlots.Handler(
                        (signupId, slot, generation) -> told.add(signupId + " purged " + slot + "/" + generation),
                        (signupId, reason) -> told.add(signupId + " " + reason),
                        signupId -> told.add(signupId + " asked"),
                        signupId -> told.add(signupId + " asked")));
        assertThat(told)
                .containsExactlyInAnyOrder(
                        withdrawn + " WITHDRAWN", delivered + " DELIVERED", delivered + " purged 7/3")
                .endsWith(delivered + " purged 7/3");
        read += PurgedSlots.since(
                clients,
                codec,
                "test-purges",
                Map.of(
                        withdrawn,
                        Instant.now().plusSeconds(60),
                        delivered,
                        Instant.now().plusSeconds(60)),
                Optional.empty(),
                new PurgedSlots.Handler(
                        (signupId, slot, generation) -> told.add("purged"),
                        (signupId, reason) -> told.add("ended"),
                        signupId -> told.add("asked"),
                        signupId -> told.add("asked")));
        assertThat(told).hasSize(3);
        assertThat(read).isEqualTo(3);
    }

    @Test
    void a_publication_that_fails_names_the_topic_and_nothing_of_the_content() {
        EventLogSettings nowhere = new EventLogSettings(
                "127.0.0.1:1",
                Map.of("max.block.ms", "200", "delivery.timeout.ms", "300", "request.timeout.ms", "200"),
                "x.",
                1,
                1,
                Duration.ofHours(1));
        try (EventPublisher publisher =
                new EventPublisher(new KafkaClients(nowhere), codec, "/test", InstantSource.system())) {
            assertThatThrownBy(() -> publisher
                            .publishTo(Topic.SIGNUPS, 0, new SegmentMarker(Instant.now()))
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(PublicationFailed.class)
                    .hasMessage("no acknowledgement from SIGNUPS: TimeoutException")
                    .hasNoCause();
        }
    }

    @Test
    void a_publisher_that_never_blocks_fails_at_once_for_want_of_metadata_and_publishes_once_it_is_warm()
            throws Exception {
        EventLogSettings settings = settings(2);
        UUID id = UUID.randomUUID();
        try (EventPublisher publisher =
                EventPublisher.neverBlocking(new KafkaClients(settings), codec, "/test", InstantSource.system())) {
            long began = System.nanoTime();
            assertThat(publisher.publish(Topic.CONSENTS, id, withdrawn(id)).toCompletableFuture())
                    .isCompletedExceptionally();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));

            // The topics appear while it waits for them.
            CompletableFuture<Void> warm = CompletableFuture.runAsync(publisher::warmUp);
            provision(settings);
            warm.get(20, TimeUnit.SECONDS);
            var position = publisher
                    .publish(Topic.CONSENTS, id, withdrawn(id))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            assertThat(position.offset()).isZero();
        }
    }

    @Test
    void a_publisher_whose_buffer_is_full_refuses_what_does_not_fit_and_loses_nothing_that_did() throws Exception {
        EventLogSettings settings = settings(2);
        provision(settings);
        EventLogSettings small = new EventLogSettings(
                settings.bootstrapServers(),
                Map.of("buffer.memory", "40000", "batch.size", "16000", "linger.ms", "1500"),
                settings.topicPrefix(),
                2,
                1,
                Duration.ofHours(1));
        List<CompletableFuture<RecordPosition>> published = new ArrayList<>();
        try (EventPublisher publisher =
                EventPublisher.neverBlocking(new KafkaClients(small), codec, "/test", InstantSource.system())) {
            publisher.warmUp();
            long began = System.nanoTime();
            for (Topic topic : List.of(Topic.SIGNUPS, Topic.SIGNUPS_PARKED, Topic.SIGNUPS_SET_ASIDE)) {
                for (int partition = 0; partition < 2; partition++) {
                    published.add(publisher
                            .publishTo(topic, partition, new SegmentMarker(Instant.now()))
                            .toCompletableFuture());
                }
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            long refused = published.stream()
                    .filter(CompletableFuture::isCompletedExceptionally)
                    .count();
            assertThat(refused).isBetween(1L, published.size() - 1L);
            int acknowledged = 0;
            for (CompletableFuture<RecordPosition> each : published) {
                if (each.isCompletedExceptionally()) {
                    assertThatThrownBy(each::join).cause().isInstanceOf(PublicationFailed.class);
                } else {
                    assertThat(each.get(20, TimeUnit.SECONDS).offset()).isZero();
                    acknowledged++;
                }
            }
            assertThat(acknowledged).isEqualTo(published.size() - (int) refused);
        }
    }
}
