package org.brokerhandoff.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.embeddedkafka.EmbeddedKafkaSettings;
import org.brokerhandoff.embeddedkafka.KafkaProcess;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside a real broker in a separate process, whatever the switch for the shared one says: its files have to be here. */
class ErasureAgentIT {
    private static final String PREFIX = "erasure.";

    @TempDir
    Path directory;

    private static List<LogErased> reports(KafkaClients clients) {
        List<LogErased> reports = new ArrayList<>();
        try (EventReader reader = new EventReader(clients, new EventCodec(), "test-reader")) {
            reader.readAll(List.of(Topic.PURGES), received -> {
                if (received.decoded() instanceof Decoded.Event event && event.event() instanceof LogErased report) {
                    assertThat(received.partition()).isEqualTo(report.getPartition());
                    reports.add(report);
                }
            });
        }
        return reports;
    }

    private static OptionalLong latest(KafkaClients clients, SealedTopic topic, int partition) {
        return reports(clients).stream()
                .filter(report -> report.getTopic() == topic && report.getPartition() == partition)
                .reduce((earlier, later) -> later)
                .map(LogErased::getLowestOffset)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    private static void append(EventPublisher publisher, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            publisher
                    .publishTo(Topic.SIGNUPS, 0, new SegmentMarker(Instant.now()))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_cut_segment_is_reported_gone_when_its_file_is_and_again_by_an_agent_that_starts_anew() throws Exception {
        try (KafkaProcess kafka = KafkaProcess.start(EmbeddedKafkaSettings.in(directory.resolve("kafka")))) {
            EventLogSettings eventLog =
                    new EventLogSettings(kafka.bootstrapServers(), Map.of(), PREFIX, 2, 1, Duration.ofHours(1));
            KafkaClients clients = new KafkaClients(eventLog);
            ErasureAgentSettings settings = new ErasureAgentSettings(
                    eventLog, List.of(kafka.logDirectory()), Duration.ofMillis(200), Duration.ofSeconds(2));
            try (Admin admin = clients.admin("test-admin");
                    EventPublisher publisher =
                            new EventPublisher(clients, new EventCodec(), "/test", InstantSource.system())) {
                new TopicProvisioner(admin, eventLog).provision();
                append(publisher, 3);
                try (ErasureAgent agent = ErasureAgent.start(settings)) {
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> latest(clients, SealedTopic.SIGNUPS, 0).equals(OptionalLong.of(0))
                                    && latest(clients, SealedTopic.SIGNUPS, 1).equals(OptionalLong.of(0))
                                    && latest(clients, SealedTopic.SIGNUPS_PARKED, 1)
                                            .equals(OptionalLong.of(0)));
                    Instant beforeCut = Instant.now();
                    admin.deleteRecords(
                                    Map.of(new TopicPartition(PREFIX + "signups", 0), RecordsToDelete.beforeOffset(3)))
                            .all()
                            .get(10, TimeUnit.SECONDS);
                    // The cut alone erases nothing: the segment is the last one.
                    await().during(Duration.ofSeconds(2))
                            .atMost(Duration.ofSeconds(10))
                            .until(() -> latest(clients, SealedTopic.SIGNUPS, 0).equals(OptionalLong.of(0)));
                    append(publisher, 1);
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> latest(clients, SealedTopic.SIGNUPS, 0).equals(OptionalLong.of(3)));
                    assertThat(reports(clients))
                            .filteredOn(report -> Long.valueOf(3).equals(report.getLowestOffset()))
                            .allSatisfy(report -> {
                                assertThat(report.getBroker()).isEqualTo(1);
                                assertThat(report.getDirectories()).hasSize(1);
                                assertThat(report.getObservedAt()).isAfter(beforeCut);
                            });
                    int known = reports(clients).size();
                    await("a heartbeat in silence")
                            .atMost(Duration.ofSeconds(30))
                            .until(() -> reports(clients).size() > known + 1);
                    assertThat(agent.running()).isTrue();
                }
                int before = reports(clients).size();
                try (ErasureAgent again = ErasureAgent.start(settings)) {
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> reports(clients).size() >= before + 4);
                    assertThat(again.running()).isTrue();
                }
                assertThat(latest(clients, SealedTopic.SIGNUPS, 0)).hasValue(3);
            }
        }
    }

    @Tag("faults")
    @Test
    void an_agent_that_lost_kafka_reports_again_when_it_is_back() throws Exception {
        try (KafkaProcess kafka = KafkaProcess.start(EmbeddedKafkaSettings.in(directory.resolve("kafka")))) {
            EventLogSettings eventLog =
                    new EventLogSettings(kafka.bootstrapServers(), Map.of(), PREFIX, 1, 1, Duration.ofHours(1));
            KafkaClients clients = new KafkaClients(eventLog);
            try (Admin admin = clients.admin("test-admin")) {
                new TopicProvisioner(admin, eventLog).provision();
            }
            try (ErasureAgent agent = ErasureAgent.start(new ErasureAgentSettings(
                    eventLog, List.of(kafka.logDirectory()), Duration.ofMillis(200), Duration.ofSeconds(1)))) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> reports(clients).size() >= 2);
                kafka.kill();
                kafka.restart();
                int before = reports(clients).size();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> reports(clients).size() > before);
                assertThat(agent.running()).isTrue();
            }
        }
    }
}
