package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.register.Register;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The register was deleted, and is not rebuilt yet: whatever does not need it continues. */
class RegisterAwayIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void while_there_is_no_register_yet_signups_are_taken_in_and_questions_are_answered_503() throws Exception {
        Installation installation = Installation.in(
                directory,
                TestKafka.shared().bootstrapServers(),
                TestKafka.shared().randomTopicPrefix());
        String before;
        try (IngestWithRegister service = installation.start(vertx)) {
            Website website = new Website(service.port()).ready();
            before = website.signUp("before", Website.body("Kari Nordmann"))
                    .json()
                    .path("signupId")
                    .asText();
            await().atMost(LIMIT)
                    .until(() -> website.get("/v1/signups/" + before).status() == 200);
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("register.db"))
                    .toList()) {
                Files.delete(file);
            }
        }
        Register.open(installation.settings().register()).close();
        // Projection is impossible: the register stays empty as at the start of a long projection.
        try (Connection connection = DriverManager.getConnection(
                        installation.settings().register().url());
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            try (IngestWithRegister service = installation.start(vertx)) {
                Website website = new Website(service.port());
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(website.signUp("during", Website.body("Kari Nordmann"))
                                        .status())
                                .isEqualTo(202));
                assertThat(website.publish("2027", "en", 'f', Instant.parse("2027-01-01T00:00:00Z"))
                                .status())
                        .isEqualTo(201);
                assertThat(website.get("/health/ready").status())
                        .as("a load balancer leaves it in")
                        .isEqualTo(200);
                Website.Answer asked = website.get("/v1/signups/" + before);
                assertThat(asked.status()).isEqualTo(503);
                assertThat(asked.code()).isEqualTo("register-behind");
                assertThat(Integer.parseInt(asked.header("Retry-After"))).isPositive();

                statement.execute("ROLLBACK");
                await().atMost(LIMIT)
                        .until(() -> website.get("/v1/signups/" + before).status() == 200);
            }
        }
    }
}
