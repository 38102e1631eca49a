package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An erasure agent that dies makes claims fall and nothing wait, so the router has to say it. */
class SilentAgentIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private static LogErased report(Instant observedAt) {
        return LogErased.newBuilder()
                .setBroker(7)
                .setDirectories(List.of())
                .setTopic(SealedTopic.SIGNUPS)
                .setPartition(0)
                .setLowestOffset(0L)
                .setObservedAt(observedAt)
                .build();
    }

    @Test
    void the_router_names_an_agent_that_has_stopped_reporting_until_it_reports_again() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1));
                EventPublisher agent = new EventPublisher(
                        new KafkaClients(fixture.settings.eventLog()),
                        new EventCodec(),
                        "/test",
                        InstantSource.system())) {
            agent.publishTo(Topic.PURGES, 0, report(Instant.now().minusSeconds(180)))
                    .toCompletableFuture()
                    .join();
            RouterService router = fixture.startRouter();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(router.readiness().check())
                            .isInstanceOfSatisfying(Health.Impaired.class, health -> {
                                assertThat(health.code()).isEqualTo("erasure-agents-silent");
                                assertThat(health.detail()).contains("[7]");
                            }));

            agent.publishTo(Topic.PURGES, 0, report(Instant.now()))
                    .toCompletableFuture()
                    .join();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(router.readiness().check()).isEqualTo(Health.healthy()));
        }
    }
}
