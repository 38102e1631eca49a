package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.embeddedkafka.EmbeddedKafkaSettings;
import org.brokerhandoff.embeddedkafka.KafkaProcess;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Kafka as a process that dies without warning. */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
class BrokerKilledIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @BeforeAll
    static void only_a_process_can_be_killed() {
        assumeThat(System.getProperty("handoff.test.kafka", "embedded"))
                .as("a broker in a container is not killed by this test")
                .isEqualTo("embedded");
    }

    private static long start(RouterFixture fixture, int partition) {
        try (var consumer = new KafkaClients(fixture.settings.eventLog()).rangeConsumer("test-earliest")) {
            TopicPartition topicPartition = new TopicPartition(
                    Topic.SIGNUPS.name(fixture.settings.eventLog().topicPrefix()), partition);
            return consumer.beginningOffsets(List.of(topicPartition)).getOrDefault(topicPartition, -1L);
        }
    }

    @Test
    void a_record_that_was_claimed_unreachable_is_not_served_again_by_a_broker_that_was_killed() throws Exception {
        try (KafkaProcess kafka = KafkaProcess.start(EmbeddedKafkaSettings.in(directory.resolve("kafka")));
                RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1), kafka.bootstrapServers())) {
            fixture.startRouter();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets");
            await().atMost(LIMIT).until(() -> !fixture.purges().isEmpty());
            assertThat(fixture.purges())
                    .singleElement()
                    .satisfies(purged -> assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE));
            kafka.kill();
            kafka.restart();
            assertThat(start(fixture, sent.position().partition()))
                    .isGreaterThan(sent.position().offset());
        }
    }

    @Test
    void a_broker_that_dies_in_the_middle_costs_no_signup_its_one_broker_and_its_one_purge() throws Exception {
        try (KafkaProcess kafka = KafkaProcess.start(EmbeddedKafkaSettings.in(directory.resolve("kafka")));
                RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1), kafka.bootstrapServers())) {
            RouterService router = fixture.startRouter();
            Set<UUID> ids = new HashSet<>();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                while (ids.size() < 100) {
                    // As ingest does: the same signup again until Kafka acknowledges it.
                    ids.add(fixture.source
                            .sendUntilAcknowledged("NO", PERSON, "fjord-markets")
                            .signupId());
                }
            });
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> fixture.fjord.books().totals().accepted() >= 30);
            kafka.kill();
            kafka.restart();
            sending.get(60, TimeUnit.SECONDS);
            await().atMost(LIMIT).until(() -> fixture.distinctPurges().size() >= 100 && router.unfinished() == 0);
            Map<UUID, Set<String>> purges = fixture.distinctPurges();
            assertThat(purges.keySet()).isEqualTo(ids);
            assertThat(purges.values())
                    .allSatisfy(distinct -> assertThat(distinct).hasSize(1));
            for (UUID id : ids) {
                assertThat(fixture.fjord.books().account(id).map(Books.Account::accepted))
                        .contains(1);
                assertThat(fixture.nordlys.books().account(id)).isEmpty();
            }
            // While Kafka is away replies are handled late, which may have had signups parked; found again after that,
            // a slot
            // may know its copy's place only, and the claim covers all that stood there.
            fixture.purges()
                    .forEach(purged -> assertThat(start(fixture, purged.getPartition()))
                            .isGreaterThan(
                                    purged.getOffset() == null ? purged.getStartOffset() - 1 : purged.getOffset()));
            assertThat(fixture.sealedRecords()).isEmpty();
        }
    }
}
