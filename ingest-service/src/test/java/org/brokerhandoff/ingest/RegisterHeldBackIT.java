package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The register stalls while signups are accepted: what it does not have yet must not count as unknown. */
class RegisterHeldBackIT {
    /** Longer than the register may be waited for, shorter than the five seconds that websites wait. */
    private static final Duration MOST = Duration.ofMillis(4_900);

    @TempDir
    Path directory;

    /** A request, by the names of its target and its caller. */
    private record Question(String name, Supplier<Website.Answer> asking) {}

    @Test
    void a_signup_that_the_register_does_not_have_yet_is_never_unknown_by_whichever_service_and_request()
            throws Exception {
        Vertx vertx = Vertx.vertx();
        Installation installation = Installation.in(
                directory,
                TestKafka.shared().bootstrapServers(),
                TestKafka.shared().randomTopicPrefix());
        ExecutorService asking = Executors.newCachedThreadPool();
        try (IngestWithRegister first = installation.start(vertx);
                IngestService second = IngestService.start(beside(installation), vertx)) {
            Website website = new Website(first.port()).ready();
            Website other = new Website(second.port()).ready();
            String signup;
            String message;
            String madeUp;
            try (Connection writer = registersWriter();
                    Statement statement = writer.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                signup = id(website.signUp("held-back", Website.body("Kari Nordmann")), "signupId");
                message = id(website.contact("held-back", Website.message("Kari Nordmann")), "messageId");
                madeUp = madeUpBeside(signup, installation.settings().eventLog().partitions());
                List<Question> questions = Stream.of(signup, message, madeUp)
                        .flatMap(id -> Stream.of(website, other)
                                .flatMap(service -> Stream.of(Installation.WEBSITE, Installation.OTHER_WEBSITE)
                                        .flatMap(key -> questions(service, key, id))))
                        .toList();
                List<CompletableFuture<Website.Answer>> answers = questions.stream()
                        .map(question -> CompletableFuture.supplyAsync(timed(question), asking))
                        .toList();
                for (int i = 0; i < questions.size(); i++) {
                    Website.Answer answer = answers.get(i).join();
                    assertThat(answer.status()).as(questions.get(i).name()).isEqualTo(503);
                    assertThat(answer.code()).as(questions.get(i).name()).isEqualTo("register-behind");
                    assertThat(answer.header("Retry-After")).isNotEmpty();
                }
                statement.execute("ROLLBACK");
            }
            try (SlotFile custody = installation.custody()) {
                for (String id : List.of(signup, message)) {
                    assertThat(awaited(custody.find(UUID.fromString(id)))
                                    .orElseThrow()
                                    .state())
                            .as("no website may destroy what is not known to be its own")
                            .isEqualTo(SlotState.HELD);
                }
            }
            // Once it follows again, as usual.
            for (Website service : List.of(website, other)) {
                for (String id : List.of(signup, message)) {
                    await().atMost(Duration.ofSeconds(60))
                            .until(() -> get(service, Installation.WEBSITE, "/v1/signups/" + id)
                                            .status()
                                    == 200);
                    questions(service, Installation.OTHER_WEBSITE, id)
                            .forEach(question -> assertThat(
                                            question.asking().get().status())
                                    .as(question.name())
                                    .isEqualTo(404));
                }
                questions(service, Installation.WEBSITE, madeUp)
                        .forEach(question -> assertThat(question.asking().get().status())
                                .as(question.name())
                                .isEqualTo(404));
            }
            assertThat(other.withdraw(signup).status()).isEqualTo(200);
            assertThat(website.withdraw(message).status()).isEqualTo(200);
            assertThat(LogReader.events(installation, Topic.CONSENTS, ConsentWithdrawn.class))
                    .hasSize(2)
                    .allSatisfy(event -> assertThat(event.getAttempts()).isZero());
        } finally {
            asking.shutdownNow();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void a_withdrawal_while_an_empty_register_is_projected_anew_is_never_answered_unknown() throws Exception {
        Vertx vertx = Vertx.vertx();
        Installation installation = Installation.in(
                directory,
                TestKafka.shared().bootstrapServers(),
                TestKafka.shared().randomTopicPrefix());
        try {
            String signup;
            try (IngestWithRegister first = installation.start(vertx)) {
                Website website = new Website(first.port()).ready();
                signup = id(website.signUp("again", Website.body("Kari Nordmann")), "signupId");
                assertThat(website.get("/v1/signups/" + signup).status()).isEqualTo(200);
            }
            for (String file : List.of("register.db", "register.db-wal", "register.db-shm")) {
                Files.deleteIfExists(directory.resolve(file));
            }
            try (IngestWithRegister second = installation.start(vertx)) {
                Website website = new Website(second.port());
                await().pollInterval(Duration.ofMillis(50))
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> {
                            Website.Answer answer = website.withdraw(signup);
                            assertThat(answer.status()).as("%s", answer).isIn(200, 503);
                            return answer.status() == 200;
                        });
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** An id that was never issued, in the partition of an issued one: in another partition the register may have caught up with the log. */
    private static String madeUpBeside(String signup, int partitions) {
        int partition = EventPartitions.of(UUID.fromString(signup), partitions);
        return Stream.generate(UUID::randomUUID)
                .filter(id -> EventPartitions.of(id, partitions) == partition)
                .findFirst()
                .orElseThrow()
                .toString();
    }

    private static Stream<Question> questions(Website service, String key, String id) {
        String what = id + " asked for with the key " + key + ": ";
        return Stream.of(
                new Question(what + "status", () -> get(service, key, "/v1/signups/" + id)),
                new Question(what + "receipt", () -> get(service, key, "/v1/signups/" + id + "/receipt")),
                new Question(
                        what + "withdrawal",
                        () -> service.send(service.request("/v1/signups/" + id + "/withdrawal", key)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build())));
    }

    private static Supplier<Website.Answer> timed(Question question) {
        return () -> {
            long began = System.nanoTime();
            Website.Answer answer = question.asking().get();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as(question.name())
                    .isLessThan(MOST);
            return answer;
        };
    }

    private static Website.Answer get(Website service, String key, String path) {
        return service.send(service.request(path, key).GET().build());
    }

    private static String id(Website.Answer answer, String member) {
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(202);
        return answer.json().path(member).asText();
    }

    private Connection registersWriter() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("register.db"));
    }

    /** A second service of the same host: it shares custody and register, and has a separate idempotency file. */
    private static IngestSettings beside(Installation installation) throws IOException {
        IngestSettings first = installation.settings();
        return new IngestSettings(
                first.eventLog(),
                first.custody(),
                first.keysetFile(),
                first.register(),
                installation.directory().resolve("idempotency-of-the-second.db"),
                first.apiKeysFile(),
                first.host(),
                first.port(),
                first.connections(),
                first.operationsHost(),
                first.operationsPort(),
                first.mostUnderWay(),
                first.contacts(),
                first.countriesFile(),
                IngestSettings.Receipts.NONE,
                first.tracing());
    }
}
