package org.brokerhandoff.ingest.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of a long history is read to know the publications, counted in records; and tolerance of the saved file. */
class PublishedReaderIT {
    private static final int HISTORY = 2_000;
    private static final int SINCE = 30;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** So far ahead that Kafka's times say nothing about the records before a mark. */
    private static final InstantSource CLOCK = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(10));

    private final EventCodec codec = new EventCodec();
    private final EventLogSettings settings = new EventLogSettings(
            TestKafka.shared().bootstrapServers(),
            Map.of(),
            TestKafka.shared().randomTopicPrefix(),
            1,
            1,
            Duration.ofHours(24));
    private final KafkaClients clients = new KafkaClients(settings);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void a_long_history_that_begins_with_a_policy() {
        file = directory.resolve("published");
        try (Admin admin = clients.admin("test-admin")) {
            new TopicProvisioner(admin, settings).provision();
        }
        publish("2026-01-01");
        withdraw(HISTORY);
    }

    private void publish(String version) {
        try (EventPublisher publisher = new EventPublisher(clients, codec, "/test", InstantSource.system())) {
            publisher
                    .publishTo(
                            Topic.CONSENTS,
                            0,
                            new PolicyPublished(
                                    version,
                                    "en",
                                    Digests.sha256(version),
                                    Instant.EPOCH,
                                    Instant.ofEpochMilli(5),
                                    DocumentKind.PRIVACY,
                                    "admin-1"))
                    .toCompletableFuture()
                    .join();
        }
    }

    private void withdraw(int signups) {
        try (EventPublisher publisher = new EventPublisher(clients, codec, "/test", InstantSource.system())) {
            List<CompletableFuture<?>> acknowledged = new ArrayList<>();
            for (int i = 0; i < signups; i++) {
                UUID id = UUID.randomUUID();
                ConsentWithdrawn event = ConsentWithdrawn.newBuilder()
                        .setSignupId(SignupIds.fixed(id))
                        .setWithdrawnAt(Instant.ofEpochMilli(7))
                        .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                        .setOutcome(WithdrawalOutcome.ERASED_BEFORE_HANDOFF)
                        .build();
                acknowledged.add(publisher.publish(Topic.CONSENTS, id, event).toCompletableFuture());
            }
            acknowledged.forEach(CompletableFuture::join);
        }
    }

    /** Reads to the end as if in a separate process; returns the number of records. */
    private long start(String... versions) {
        try (PublishedReader reader = PublishedReader.open(clients, codec, file, CLOCK)) {
            assertThat(reader.published(LIMIT)).extracting(Policy::version).containsExactly(versions);
            return reader.recordsRead();
        }
    }

    @Test
    void a_start_reads_what_came_since_the_last_and_knows_what_was_published_before() {
        assertThat(start("2026-01-01")).isEqualTo(HISTORY + 1);
        assertThat(start("2026-01-01")).isZero();
        withdraw(SINCE);
        publish("2026-02-01");
        assertThat(start("2026-01-01", "2026-02-01")).isEqualTo(SINCE + 1);
        assertThat(start("2026-01-01", "2026-02-01")).isZero();
    }

    @Test
    void an_older_file_costs_some_reading_and_hides_nothing() throws Exception {
        assertThat(start("2026-01-01")).isEqualTo(HISTORY + 1);
        byte[] older = Files.readAllBytes(file);
        publish("2026-02-01");
        assertThat(start("2026-01-01", "2026-02-01")).isEqualTo(1);
        Files.write(file, older);
        assertThat(start("2026-01-01", "2026-02-01")).isEqualTo(1);
    }

    @Test
    void a_damaged_file_is_as_none_and_made_anew() throws Exception {
        assertThat(start("2026-01-01")).isEqualTo(HISTORY + 1);
        byte[] whole = Files.readAllBytes(file);
        List<byte[]> damaged =
                new ArrayList<>(List.of(new byte[0], new byte[9], Arrays.copyOf(whole, whole.length - 1)));
        for (int at : new int[] {0, 8, 12, 30, whole.length / 2, whole.length - 1}) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 4;
            damaged.add(flipped);
        }
        for (byte[] bytes : damaged) {
            Files.write(file, bytes);
            assertThat(start("2026-01-01")).isEqualTo(HISTORY + 1);
            assertThat(start("2026-01-01")).isZero();
        }
        // A process that died while writing the next one leaves that behind.
        Files.write(file.resolveSibling("published.new"), Arrays.copyOf(whole, 10));
        assertThat(start("2026-01-01")).isZero();
    }

    @Test
    void the_file_of_another_log_that_was_longer_hides_nothing() {
        assertThat(start("2026-01-01")).isEqualTo(HISTORY + 1);
        PublishedFile kept = new PublishedFile(file);
        var mark = kept.read().orElseThrow().mark();
        try (PublishedReader reader = PublishedReader.open(
                clients, codec, directory.resolve("other"), InstantSource.fixed(Instant.EPOCH.plusSeconds(100)))) {
            assertThat(reader.published(LIMIT)).hasSize(1);
        }
        assertThat(mark.ends()).containsEntry(Topic.CONSENTS, List.of(HISTORY + 1L));
        file = directory.resolve("other");
        // Its time is long before every record of this log: everything is read, whatever the offset says.
        assertThat(start("2026-01-01")).isEqualTo(HISTORY + 1);
    }

    @Test
    void what_was_published_by_a_newer_version_is_not_passed_over() throws Exception {
        assertThat(start("2026-01-01")).isEqualTo(HISTORY + 1);
        try (KafkaProducer<byte[], byte[]> producer = clients.producer("newer")) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(Topic.CONSENTS.name(settings.topicPrefix()), 0, null, new byte[] {
                        (byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9
                    });
            record.headers()
                    .add(CloudEventHeaders.TYPE, PolicyPublished.class.getName().getBytes(StandardCharsets.UTF_8));
            producer.send(record).get();
        }
        try (PublishedReader reader = PublishedReader.open(clients, codec, file, CLOCK)) {
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThatThrownBy(() -> reader.published(LIMIT)).isInstanceOf(UnknownSchema.class);
            }
        }
    }

    @Test
    void a_reading_that_is_cut_short_is_gone_on_with() {
        try (PublishedReader reader = PublishedReader.open(clients, codec, file, CLOCK)) {
            int tries = 0;
            while (true) {
                try {
                    assertThat(reader.published(Duration.ofMillis(150))).hasSize(1);
                    break;
                } catch (RuntimeException unfinished) {
                    assertThat(++tries).isLessThan(1_000);
                }
            }
            assertThat(reader.recordsRead()).isEqualTo(HISTORY + 1);
        }
    }
}
