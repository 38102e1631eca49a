package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.DocumentText;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.ingest.intake.FaultPoints.Arrow;
import org.brokerhandoff.operations.process.JvmOptions;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code kill -9} at each arrow, then a retry of the same request. */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
class CrashIT {
    private final TestKafka kafka = TestKafka.shared();

    @ParameterizedTest
    @EnumSource(
            value = Arrow.class,
            names = {"RESERVED", "HELD", "CONSENT_ACKNOWLEDGED", "SIGNUP_ACKNOWLEDGED", "ACCEPTANCE_NOTED"})
    void a_retry_after_a_kill_gives_one_signup_with_one_key(Arrow arrow, @TempDir Path directory) throws IOException {
        Installation installation = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix());
        killAt(arrow, installation, website -> {
            var unused = website.signUpAsync("crash", Website.body("Kari Nordmann"));
        });
        int heldBefore = held(installation);
        List<SealedSignup> before = LogReader.events(installation, Topic.SIGNUPS, SealedSignup.class);

        Vertx vertx = Vertx.vertx();
        try (IngestWithRegister service = installation.start(vertx)) {
            Website website = new Website(service.port()).ready();
            // As a website does: until the register has caught up, the fate of the first request is unknown.
            Website.Answer retry = Awaitility.await()
                    .atMost(1, TimeUnit.MINUTES)
                    .until(
                            () -> website.signUp("crash", Website.body("Kari Nordmann")),
                            answer -> answer.status() != 503);
            Website.Answer again = website.signUp("crash", Website.body("Kari Nordmann"));

            assertThat(retry.status()).describedAs("%s", retry).isEqualTo(202);
            UUID id = UUID.fromString(retry.json().path("signupId").asText());
            assertThat(again.json()).isEqualTo(retry.json());
            assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
            assertThat(heldBefore).isEqualTo(arrow == Arrow.RESERVED ? 0 : 1);
            assertThat(held(installation)).describedAs("keys").isEqualTo(1);
            List<SealedSignup> sealed = LogReader.events(installation, Topic.SIGNUPS, SealedSignup.class);
            assertThat(sealed)
                    .allMatch(event -> SignupIds.uuid(event.getSignupId()).equals(id));
            assertThat(sealed.stream()
                            .map(event -> event.getSlot() + "/" + event.getGeneration())
                            .distinct())
                    .describedAs("all copies under one key")
                    .hasSize(1);
            assertThat(before)
                    .allMatch(event -> SignupIds.uuid(event.getSignupId()).equals(id));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Arrow.class,
            names = {"KEY_ERASED", "WITHDRAWAL_ACKNOWLEDGED"})
    void a_withdrawal_that_was_killed_is_finished_by_its_repeat(Arrow arrow, @TempDir Path directory)
            throws IOException {
        Installation installation = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix());
        String[] id = {""};
        killAt(arrow, installation, website -> {
            id[0] = website.signUp("crash", Website.body("Kari Nordmann"))
                    .json()
                    .path("signupId")
                    .asText();
            unanswered(() -> website.withdraw(id[0]));
        });
        assertThat(held(installation)).isZero();

        Vertx vertx = Vertx.vertx();
        try (IngestWithRegister service = installation.start(vertx)) {
            Website website = new Website(service.port()).ready();
            Website.Answer answer = website.withdraw(id[0]);

            assertThat(answer.json().path("outcome").asText()).isEqualTo("ERASED_BEFORE_HANDOFF");
            List<ConsentWithdrawn> events = LogReader.events(installation, Topic.CONSENTS, ConsentWithdrawn.class);
            assertThat(events).isNotEmpty().allMatch(event -> event.equals(events.get(0)));
            assertThat(events.get(0).getWithdrawnAt())
                    .hasToString(answer.json().path("withdrawnAt").asText());
            assertThat(slot(installation, id[0]).map(SlotView::recorded)).contains(true);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Arrow.class,
            names = {"RESTRICTED", "RIGHTS_REQUEST_ACKNOWLEDGED"})
    void a_restriction_that_was_killed_holds_and_is_finished_by_its_repeat(Arrow arrow, @TempDir Path directory)
            throws IOException {
        Installation installation = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix());
        String[] id = {""};
        killAt(arrow, installation, website -> {
            id[0] = website.signUp("crash", Website.body("Kari Nordmann"))
                    .json()
                    .path("signupId")
                    .asText();
            unanswered(() -> website.ask(id[0], "restriction"));
        });
        assertThat(restricted(installation, id[0])).isTrue();
        int before = LogReader.events(installation, Topic.CONSENTS, RightsRequested.class)
                .size();
        assertThat(before).isEqualTo(arrow == Arrow.RESTRICTED ? 0 : 1);

        Vertx vertx = Vertx.vertx();
        try (IngestWithRegister service = installation.start(vertx)) {
            Website website = new Website(service.port()).ready();
            Website.Answer answer = website.ask(id[0], "restriction");
            assertThat(answer.status()).describedAs("%s", answer).isEqualTo(202);
            assertThat(answer.json().path("found").asText()).isEqualTo("HELD");
            assertThat(LogReader.events(installation, Topic.CONSENTS, RightsRequested.class))
                    .singleElement()
                    .satisfies(event -> assertThat(event.getRequestedAt())
                            .hasToString(answer.json().path("requestedAt").asText()));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Arrow.class,
            names = {"RIGHTS_REQUEST_ACKNOWLEDGED", "CORRECTION_TAKEN"})
    void new_data_whose_request_was_killed_is_replaced_by_that_of_its_repeat(Arrow arrow, @TempDir Path directory)
            throws IOException {
        Installation installation = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix());
        String[] id = {""};
        killAt(arrow, installation, website -> {
            id[0] = website.signUp("crash", Website.body("Kari Nordmann"))
                    .json()
                    .path("signupId")
                    .asText();
            try (SignupLife router = new SignupLife(installation)) {
                router.handedOver(id[0]);
            }
            unanswered(() -> website.rectify(id[0]));
        });
        List<String> killed = newData(installation);
        assertThat(killed).hasSize(1);
        assertThat(state(installation, killed.get(0)))
                .isEqualTo(arrow == Arrow.CORRECTION_TAKEN ? Optional.of(SlotState.HELD) : Optional.empty());

        Vertx vertx = Vertx.vertx();
        try (IngestWithRegister service = installation.start(vertx)) {
            Website website = new Website(service.port()).ready();
            Website.Answer answer = Awaitility.await()
                    .atMost(1, TimeUnit.MINUTES)
                    .until(() -> website.rectify(id[0]), retried -> retried.status() != 503);
            assertThat(answer.status()).describedAs("%s", answer).isEqualTo(202);
            assertThat(newData(installation))
                    .containsExactly(
                            killed.get(0), answer.json().path("requestId").asText());
            assertThat(state(installation, killed.get(0)))
                    .as("it is sent to no broker")
                    .isNotEqualTo(Optional.of(SlotState.HELD));
            assertThat(state(installation, answer.json().path("requestId").asText()))
                    .contains(SlotState.HELD);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static List<String> newData(Installation installation) {
        return LogReader.events(installation, Topic.CONSENTS, RightsRequested.class).stream()
                .map(event -> SignupIds.uuid(event.getSealedAs()).toString())
                .toList();
    }

    @Test
    void a_refusal_that_was_killed_before_the_restriction_was_lifted_lifts_it_when_it_is_repeated(
            @TempDir Path directory) throws IOException {
        Installation installation = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix());
        String[] path = {"", ""};
        String refusal = "{\"decision\":\"refused\",\"ground\":\"compelling-grounds\"}";
        killAt(Arrow.RIGHTS_DECISION_ACKNOWLEDGED, installation, website -> {
            path[0] = website.signUp("crash", Website.body("Kari Nordmann"))
                    .json()
                    .path("signupId")
                    .asText();
            path[1] = website.ask(path[0], "objection").json().at("/links/self").asText() + "/decision";
            unanswered(() -> website.decide(path[1], refusal));
        });
        assertThat(restricted(installation, path[0])).isTrue();

        Vertx vertx = Vertx.vertx();
        try (IngestWithRegister service = installation.start(vertx)) {
            Website website = new Website(service.port()).ready();
            Website.Answer answer = website.decide(path[1], refusal);
            assertThat(answer.json().path("status").asText())
                    .describedAs("%s", answer)
                    .isEqualTo("refused");
            assertThat(restricted(installation, path[0])).isFalse();
            assertThat(LogReader.events(installation, Topic.CONSENTS, RightsRequestDecided.class))
                    .hasSize(1);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Its service is killed. */
    static void unanswered(Runnable request) {
        Thread thread = new Thread(() -> {
            try {
                request.run();
            } catch (RuntimeException e) {
                // As expected.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static boolean restricted(Installation installation, String id) {
        try (SlotFile custody = installation.custody()) {
            return awaited(custody.find(UUID.fromString(id))).orElseThrow().restricted();
        }
    }

    @Test
    void a_document_that_was_killed_between_text_and_publication_is_published_by_its_repeat(@TempDir Path directory)
            throws IOException {
        Installation installation = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix());
        killAt(Arrow.DOCUMENT_TEXT_ACKNOWLEDGED, installation, website -> {
            Thread request = new Thread(() -> {
                try {
                    publishCookiePolicy(website);
                } catch (RuntimeException e) {
                    // Its service is killed.
                }
            });
            request.setDaemon(true);
            request.start();
        });
        assertThat(LogReader.events(installation, Topic.DOCUMENTS, DocumentText.class))
                .hasSize(1);
        assertThat(LogReader.events(installation, Topic.CONSENTS, PolicyPublished.class))
                .noneMatch(event -> event.getKind() == DocumentKind.COOKIES);

        Vertx vertx = Vertx.vertx();
        try (IngestWithRegister service = installation.start(vertx)) {
            Website website = new Website(service.port()).ready();
            // Its publication was never acknowledged, so it is not served.
            assertThat(website.get("/v1/policies/current?kind=cookies").status())
                    .isEqualTo(404);
            assertThat(publishCookiePolicy(website).status()).isEqualTo(201);

            assertThat(website.get("/v1/policies/current?kind=cookies")
                            .json()
                            .path("text")
                            .asText())
                    .isEqualTo("No cookies.");
            assertThat(LogReader.events(installation, Topic.DOCUMENTS, DocumentText.class))
                    .hasSize(1);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static Website.Answer publishCookiePolicy(Website website) {
        return website.send(website.request("/v1/policies", Installation.ADMIN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"kind":"cookies","version":"1","language":"en","text":"No cookies.",
                         "effectiveAt":"2020-01-01T00:00:00Z"}"""))
                .build());
    }

    interface Request {
        void send(Website website);
    }

    static void killAt(Arrow arrow, Installation installation, Request request) throws IOException {
        List<String> command =
                JvmOptions.command(CrashingIngest.class, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.addAll(List.of(
                installation.directory().toString(),
                installation.bootstrapServers(),
                installation.topicPrefix(),
                arrow.name()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            Website website =
                    new Website(Integer.parseInt(lineWith(output, "port ").substring(5)));
            try (Projection projection = Projection.of(installation.settings())) {
                website.ready();
                installation.publishDirectory();
                request.send(website);
                lineWith(output, "reached");
                assertThat(projection.projector().unreadableEvents()).isZero();
            }
        } finally {
            process.destroyForcibly();
            Awaitility.await().atMost(1, TimeUnit.MINUTES).until(() -> !process.isAlive());
        }
    }

    private static String lineWith(BufferedReader output, String start) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new IllegalStateException("the process ended before it said " + start);
    }

    private static int held(Installation installation) {
        try (SlotFile custody = installation.custody()) {
            return awaited(custody.usage()).live();
        }
    }

    private static Optional<SlotState> state(Installation installation, String id) {
        try (SlotFile custody = installation.custody()) {
            return awaited(custody.find(UUID.fromString(id))).map(SlotView::state);
        }
    }

    private static Optional<SlotView> slot(Installation installation, String id) {
        try (SlotFile custody = installation.custody()) {
            return awaited(custody.find(UUID.fromString(id))).filter(view -> view.state() == SlotState.ERASED);
        }
    }
}
