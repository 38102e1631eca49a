package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.brokerhandoff.embeddedkafka.EmbeddedKafkaSettings;
import org.brokerhandoff.embeddedkafka.KafkaProcess;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The answers to a website while a dependency of a signup is unavailable. */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
class OutageIT {
    @Test
    void without_kafka_nothing_is_accepted_and_the_same_key_works_later(@TempDir Path directory) {
        Vertx vertx = Vertx.vertx();
        try (KafkaProcess kafka = KafkaProcess.start(EmbeddedKafkaSettings.in(directory.resolve("kafka")))) {
            Installation installation =
                    Installation.in(directory.resolve("ingest"), kafka.bootstrapServers(), "outage.");
            try (IngestWithRegister service = installation.start(vertx)) {
                Website website = new Website(service.port()).ready();
                String before = website.signUp("before", Website.body("Kari Nordmann"))
                        .json()
                        .path("signupId")
                        .asText();
                website.get("/v1/signups/" + before);
                kafka.kill();

                long began = System.nanoTime();
                Website.Answer refused = website.signUp("during", Website.body("Kari Nordmann"));
                withinTheLimit(began);
                List<Supplier<Website.Answer>> others = List.of(
                        () -> website.contact("during", Website.message("Kari Nordmann")),
                        () -> website.withdraw(before),
                        () -> website.withdraw(UUID.randomUUID().toString()),
                        () -> website.get("/v1/signups/" + UUID.randomUUID()),
                        () -> website.publish("2027", "en", 'f', Instant.parse("2027-01-01T00:00:00Z")));
                for (Supplier<Website.Answer> other : others) {
                    began = System.nanoTime();
                    Website.Answer answer = other.get();
                    withinTheLimit(began);
                    assertThat(answer.status()).describedAs("%s", answer).isIn(503, 404);
                }
                assertThat(refused.status()).describedAs("%s", refused).isEqualTo(503);
                assertThat(refused.code()).isEqualTo("event-log-unavailable");
                assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
                assertThat(website.get("/health/ready").status()).isEqualTo(503);
                // The gate now answers at once, without holding a slot.
                assertThat(website.signUp("gate", Website.body("Kari Nordmann")).status())
                        .isEqualTo(503);

                kafka.restart();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(website.signUp("during", Website.body("Kari Nordmann"))
                                        .status())
                                .isEqualTo(202));
                String id = website.signUp("during", Website.body("Kari Nordmann"))
                        .json()
                        .path("signupId")
                        .asText();
                List<SealedSignup> sealed = LogReader.events(installation, Topic.SIGNUPS, SealedSignup.class).stream()
                        .filter(event -> org.brokerhandoff.schemas.SignupIds.uuid(event.getSignupId())
                                .equals(UUID.fromString(id)))
                        .toList();
                assertThat(sealed).isNotEmpty();
                assertThat(sealed.stream()
                                .map(event -> event.getSlot() + "/" + event.getGeneration())
                                .distinct())
                        .describedAs("all copies under one key")
                        .hasSize(1);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** A website waits for five seconds. */
    private static void withinTheLimit(long began) {
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void a_service_that_starts_without_kafka_answers_503(@TempDir Path directory) {
        Vertx vertx = Vertx.vertx();
        Installation installation = Installation.in(directory, "127.0.0.1:1", "nowhere.");
        try (IngestWithRegister service = installation.start(vertx)) {
            Website website = new Website(service.port());
            assertThat(website.signUp("nowhere", Website.body("Kari Nordmann")).status())
                    .isEqualTo(503);
            assertThat(website.get("/health/live").status()).isEqualTo(200);
            assertThat(website.get("/health/ready").status()).isEqualTo(503);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void a_full_custody_refuses_and_keeps_nothing(@TempDir Path directory) {
        Vertx vertx = Vertx.vertx();
        var kafka = org.brokerhandoff.embeddedkafka.TestKafka.shared();
        Installation installation = new Installation(
                directory, kafka.bootstrapServers(), kafka.randomTopicPrefix(), 32, Duration.ofHours(1));
        try (IngestWithRegister service = installation.start(vertx)) {
            Website website = new Website(service.port()).ready();
            for (int i = 0; i < 32; i++) {
                assertThat(website.signUp("slot-" + i, Website.body("Kari Nordmann"))
                                .status())
                        .isEqualTo(202);
            }
            Website.Answer full = website.signUp("one-too-many", Website.body("Kari Nordmann"));
            assertThat(full.code()).isEqualTo("custody-full");
            assertThat(full.header("Retry-After")).isEqualTo("30");
            assertThat(LogReader.events(installation, Topic.SIGNUPS, SealedSignup.class))
                    .hasSize(32);
            Awaitility.await()
                    .atMost(1, TimeUnit.MINUTES)
                    .untilAsserted(() -> assertThat(
                                    website.get("/health/ready").response().body())
                            .contains("custody-full"));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
