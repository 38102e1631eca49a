package org.brokerhandoff.router.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much of the log questions about purges read, counted in events. */
class JournalIT {
    private static final int PURGES = 300;

    private final EventCodec codec = new EventCodec();
    private final EventLogSettings settings = new EventLogSettings(
            TestKafka.shared().bootstrapServers(),
            Map.of(),
            TestKafka.shared().randomTopicPrefix(),
            1,
            1,
            Duration.ofHours(24));
    private final KafkaClients clients = new KafkaClients(settings);
    private final List<UUID> purged = new ArrayList<>();
    private final Instant before = Instant.now().minusSeconds(600);

    @BeforeEach
    void purges() {
        try (Admin admin = clients.admin("test-admin")) {
            new TopicProvisioner(admin, settings).provision();
        }
        purge(PURGES);
    }

    private void purge(int signups) {
        try (EventPublisher publisher = new EventPublisher(clients, codec, "/test", InstantSource.system())) {
            List<CompletableFuture<?>> acknowledged = new ArrayList<>();
            for (int i = 0; i < signups; i++) {
                UUID id = UUID.randomUUID();
                purged.add(id);
                Purged event = Purged.newBuilder()
                        .setSignupId(SignupIds.fixed(id))
                        .setReason(PurgeReason.DELIVERED)
                        .setLevel(PurgeLevel.UNREADABLE)
                        .setKeyErasedAt(before)
                        .setReadBack(ReadBack.DIRECT)
                        .setSlot(i)
                        .setGeneration(1)
                        .setPurgedAt(before)
                        .build();
                acknowledged.add(publisher.publish(Topic.PURGES, id, event).toCompletableFuture());
            }
            acknowledged.forEach(CompletableFuture::join);
        }
    }

    @Test
    void many_questions_after_a_restart_read_each_purge_once() {
        EventReader reader = new EventReader(clients, codec, "test-journal");
        try (Journal journal = new Journal(reader, Set::of)) {
            for (UUID id : purged) {
                assertThat(journal.purged(id, 0, before)).isTrue();
            }
            assertThat(journal.purged(UUID.randomUUID(), 0, before)).isFalse();
            assertThat(reader.eventsRead()).isEqualTo(PURGES);
            purge(5);
            assertThat(journal.purged(purged.get(PURGES + 4), 0, before)).isTrue();
            assertThat(reader.eventsRead()).isEqualTo(PURGES + 5);
        }
    }

    @Test
    void a_question_about_an_older_record_reads_from_that_record_on() {
        EventReader reader = new EventReader(clients, codec, "test-journal");
        try (Journal journal = new Journal(reader, Set::of)) {
            assertThat(journal.purged(purged.get(0), 0, Instant.now().plusSeconds(600)))
                    .as("nothing is looked at that was appended before the record")
                    .isFalse();
            assertThat(reader.eventsRead()).isZero();
            assertThat(journal.purged(purged.get(0), 0, before)).isTrue();
            assertThat(journal.purged(purged.get(1), 0, before.plusSeconds(60))).isTrue();
            assertThat(reader.eventsRead()).isEqualTo(PURGES);
        }
    }

    @Test
    void what_a_newer_version_recorded_stops_every_question() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer("newer")) {
            producer.send(new ProducerRecord<>(Topic.PURGES.name(settings.topicPrefix()), 0, null, new byte[] {
                        (byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9
                    }))
                    .get();
        }
        try (Journal journal = new Journal(new EventReader(clients, codec, "test-journal"), Set::of)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> journal.purged(purged.get(0), 0, before))
                        .isInstanceOf(UnknownSchema.class);
            }
        }
    }
}
