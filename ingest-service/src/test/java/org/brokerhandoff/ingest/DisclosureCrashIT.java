package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.ingest.intake.FaultPoints.Arrow;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code kill -9} at each arrow of a request for disclosure, then a retry. */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
class DisclosureCrashIT {
    private static final String REQUESTS = "/v1/disclosure-requests";
    private static final String REFUSAL = "{\"decision\":\"refused\",\"ground\":\"too-wide\"}";

    private final TestKafka kafka = TestKafka.shared();

    private static String signUp(Website website) {
        return website.signUp("crash", Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();
    }

    private static Website.Answer enter(Website website, String signupId) {
        return website.send(website.request(REQUESTS, Installation.ADMIN)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "crash")
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"signupId":"%s","requester":"court","country":"NO","basis":"court-order","scope":["recipients"],
                         "contact":{"name":"Ola Dommer","email":"ola@domstol.example","subject":"Case","text":"Answer to me."}}""".formatted(signupId)))
                .build());
    }

    private static Website.Answer decide(Website website, String request) {
        return website.send(website.request(request + "/decision", Installation.OTHER_ADMIN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(REFUSAL))
                .build());
    }

    private static <E extends SpecificRecord> List<E> events(Installation installation, Class<E> type) {
        return LogReader.events(installation, Topic.CONSENTS, type);
    }

    @ParameterizedTest
    @EnumSource(
            value = Arrow.class,
            names = {"DISCLOSURE_RESERVED", "DISCLOSURE_CONTACT_TAKEN", "DISCLOSURE_REQUEST_ACKNOWLEDGED"})
    void a_request_that_was_killed_is_entered_once_with_one_contact_by_its_repeat(Arrow arrow, @TempDir Path directory)
            throws IOException {
        Installation installation = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix());
        String[] id = {""};
        CrashIT.killAt(arrow, installation, website -> {
            id[0] = signUp(website);
            CrashIT.unanswered(() -> enter(website, id[0]));
        });
        assertThat(events(installation, ContactReceived.class)).hasSize(arrow == Arrow.DISCLOSURE_RESERVED ? 0 : 1);
        List<DisclosureRequested> before = events(installation, DisclosureRequested.class);
        assertThat(before).hasSize(arrow == Arrow.DISCLOSURE_REQUEST_ACKNOWLEDGED ? 1 : 0);

        Vertx vertx = Vertx.vertx();
        try (IngestWithRegister service = installation.start(vertx)) {
            Website website = new Website(service.port()).ready();
            Website.Answer retry = Awaitility.await()
                    .atMost(1, TimeUnit.MINUTES)
                    .until(() -> enter(website, id[0]), answer -> answer.status() != 503);
            Website.Answer again = enter(website, id[0]);

            assertThat(retry.status()).describedAs("%s", retry).isEqualTo(201);
            assertThat(again.json()).isEqualTo(retry.json());
            assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
            List<DisclosureRequested> entered = events(installation, DisclosureRequested.class);
            assertThat(entered).isNotEmpty().allMatch(event -> event.equals(entered.get(0)));
            assertThat(EventId.of(entered.get(0)))
                    .isEqualTo(id[0] + "/disclosure/"
                            + UUID.fromString(retry.json().path("requestId").asText()) + "/requested");
            assertThat(events(installation, ContactReceived.class).stream()
                            .map(ContactReceived::getSignupId)
                            .distinct())
                    .containsExactly(entered.get(0).getSealedAs());
            assertThat(LogReader.events(installation, Topic.SIGNUPS, SealedSignup.class).stream()
                            .map(SealedSignup::getSignupId)
                            .distinct())
                    .describedAs("the signup and the contact")
                    .hasSize(2);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** The log has the hold, and the slot does not: the next start detects that. */
    @Test
    void a_hold_that_was_killed_before_the_slot_knew_of_it_is_kept_by_the_next_start(@TempDir Path directory)
            throws IOException {
        Installation installation = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix());
        Instant until = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);
        String[] id = {"", ""};
        CrashIT.killAt(Arrow.DISCLOSURE_STEP_ACKNOWLEDGED, installation, website -> {
            id[0] = signUp(website);
            id[1] = REQUESTS + "/"
                    + website.send(website.request(REQUESTS, Installation.ADMIN)
                                    .header("Content-Type", "application/json")
                                    .header("Idempotency-Key", "hold")
                                    .POST(HttpRequest.BodyPublishers.ofString("""
                                            {"signupId":"%s","requester":"court","country":"NO","basis":"court-order",
                                             "scope":["personal-data"],"preserveUntil":"%s"}""".formatted(id[0], until)))
                                    .build())
                            .json()
                            .path("requestId")
                            .asText();
            CrashIT.unanswered(() -> website.send(website.request(id[1] + "/decision", Installation.OTHER_ADMIN)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"decision\":\"granted\",\"ground\":\"legal-basis\"}"))
                    .build()));
        });
        assertThat(events(installation, DisclosureDecided.class))
                .singleElement()
                .satisfies(decided -> assertThat(decided.getPreservedUntil()).isEqualTo(until));
        assertThat(prolonged(installation, id[0])).isEmpty();

        Vertx vertx = Vertx.vertx();
        try (IngestWithRegister service = installation.start(vertx)) {
            var unused = new Website(service.port()).ready();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> prolonged(installation, id[0]).isPresent());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static Optional<Instant> prolonged(Installation installation, String id) {
        try (SlotFile custody = installation.custody()) {
            return awaited(custody.find(UUID.fromString(id))).orElseThrow().prolongedTo();
        }
    }

    @Test
    void a_decision_that_was_killed_before_its_answer_stands_and_its_repeat_is_told_so(@TempDir Path directory)
            throws IOException {
        Installation installation = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix());
        String[] request = {""};
        CrashIT.killAt(Arrow.DISCLOSURE_STEP_ACKNOWLEDGED, installation, website -> {
            request[0] = REQUESTS + "/"
                    + enter(website, signUp(website)).json().path("requestId").asText();
            CrashIT.unanswered(() -> decide(website, request[0]));
        });
        assertThat(events(installation, DisclosureDecided.class)).hasSize(1);

        Vertx vertx = Vertx.vertx();
        try (IngestWithRegister service = installation.start(vertx)) {
            Website website = new Website(service.port()).ready();
            Website.Answer answer = Awaitility.await()
                    .atMost(1, TimeUnit.MINUTES)
                    .until(() -> decide(website, request[0]), told -> told.status() != 503);
            assertThat(answer.status()).describedAs("%s", answer).isEqualTo(200);
            assertThat(answer.json().path("state").asText()).isEqualTo("refused");
            assertThat(events(installation, DisclosureDecided.class)).hasSize(1);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
