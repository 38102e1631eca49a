package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused over HTTP, and how. */
class RefusalIT extends RunningIngest {
    @Test
    void every_fault_is_named_at_once_and_no_value_is_repeated() {
        Website.Answer answer = website.signUp("faults", """
                {"person":{"fullName":"12345","email":"kari at example","country":"XX","Kari":"Nordmann"},
                 "consent":{"policyVersion":"v 1","purposes":["marketing"],"recipients":[],"givenAt":"yesterday","method":"phone"}}""");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.code()).isEqualTo("invalid-signup");
        assertThat(answer.json().path("errors").findValuesAsText("pointer"))
                .contains(
                        "/person",
                        "/person/fullName",
                        "/person/email",
                        "/person/country",
                        "/consent/policyVersion",
                        "/consent/purposes",
                        "/consent/purposes/0",
                        "/consent/recipients",
                        "/consent/givenAt",
                        "/consent/method");
        assertThat(answer.response().body())
                .doesNotContain(
                        "12345", "kari", "Kari", "Nordmann", "XX", "v 1", "marketing", "yesterday", "\"phone\"");
    }

    @Test
    void what_is_not_json_is_malformed() {
        for (String body : new String[] {"", "{", "[]x", "{\"person\":{}}}", "{\"person\":{\"fullName\":\"\u0007\"}"}) {
            assertThat(website.signUp("malformed", body).status())
                    .describedAs("%s", body)
                    .isIn(400, 422);
        }
        assertThat(website.signUp("malformed", "{\"person\":").code()).isEqualTo("malformed-json");
        Website.Answer notUtf8 = website.send(signup("malformed")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        "{\"a\":\"\u00e5\"}".getBytes(StandardCharsets.ISO_8859_1)))
                .build());
        assertThat(notUtf8.code()).isEqualTo("malformed-json");
    }

    @Test
    void a_body_beyond_16_kib_is_refused_with_and_without_a_length() {
        byte[] large = new byte[16 * 1024 + 1];
        Website.Answer announced = website.send(signup("large")
                .POST(HttpRequest.BodyPublishers.ofByteArray(large))
                .build());
        Website.Answer chunked = website.send(signup("large")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                .build());

        assertThat(announced.status()).isEqualTo(413);
        assertThat(announced.code()).isEqualTo("body-too-large");
        assertThat(chunked.status()).isEqualTo(413);
    }

    @Test
    void only_json_is_taken() {
        Website.Answer answer = website.send(website.request("/v1/signups", Installation.WEBSITE)
                .header("Content-Type", "text/plain")
                .header("Idempotency-Key", "type")
                .POST(HttpRequest.BodyPublishers.ofString(Website.body("Kari Nordmann")))
                .build());

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.code()).isEqualTo("not-json");
    }

    @Test
    void a_signup_needs_an_idempotency_key_of_visible_ascii() {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(Website.body("Kari Nordmann"));
        Website.Answer missing = website.send(website.request("/v1/signups", Installation.WEBSITE)
                .header("Content-Type", "application/json")
                .POST(body)
                .build());

        assertThat(missing.status()).isEqualTo(400);
        assertThat(missing.code()).isEqualTo("idempotency-key-missing");
        assertThat(website.signUp("a key", Website.body("Kari Nordmann")).code())
                .isEqualTo("idempotency-key-invalid");
        assertThat(website.signUp("k".repeat(256), Website.body("Kari Nordmann"))
                        .code())
                .isEqualTo("idempotency-key-invalid");
        assertThat(website.signUp("k".repeat(255), Website.body("Kari Nordmann"))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void a_stranger_is_told_to_authenticate_and_a_client_keeps_to_its_scopes() {
        Website.Answer stranger = website.send(
                website.request("/v1/signups/" + UUID.randomUUID(), "guess").build());
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(stranger.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(website.send(website.request("/v1/signups/" + UUID.randomUUID(), Installation.ADMIN)
                                .build())
                        .status())
                .isEqualTo(403);
        assertThat(website.send(website.request("/v1/policies", Installation.WEBSITE)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build())
                        .code())
                .isEqualTo("forbidden");
    }

    @Test
    void unknown_paths_and_methods_are_problems_too() {
        assertThat(website.get("/v1/nothing").code()).isEqualTo("not-found");
        Website.Answer method = website.get("/v1/signups");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("Allow")).isEqualTo("POST");
        assertThat(website.get("/openapi.yaml").response().body()).startsWith("openapi: 3.1.0");
        assertThat(website.get("/health/live").status()).isEqualTo(200);
        assertThat(website.send(website.request("/metrics", Installation.ADMIN).build())
                        .response()
                        .body())
                .contains("handoff_signups_total", "handoff_custody_slots");
        assertThat(website.send(website.request("/metrics", "guess").build()).status())
                .isEqualTo(401);
        assertThat(website.get("/metrics").status()).isEqualTo(403);
        assertThat(website.send(website.request("/health/ready", "guess").build())
                        .response()
                        .body())
                .isEqualTo("{\"status\":\"UP\"}");
    }

    @Test
    void a_policy_is_published_once_and_never_changes() {
        Instant effectiveAt = Instant.parse("2019-01-01T00:00:00Z");
        assertThat(website.publish("2019", "en", 'b', effectiveAt).status()).isEqualTo(201);
        assertThat(website.publish("2019", "en", 'b', effectiveAt).status()).isEqualTo(200);
        assertThat(website.publish("2019", "en", 'c', effectiveAt).code()).isEqualTo("policy-conflict");
        assertThat(LogReader.events(installation, Topic.CONSENTS, PolicyPublished.class))
                .filteredOn(event -> event.getVersion().equals("2019"))
                .hasSize(1);
        assertThat(website.publish("20 19", "en", 'b', effectiveAt).code()).isEqualTo("invalid-policy");
    }

    @Test
    void a_consent_to_an_unknown_or_superseded_policy_is_refused_with_the_current_version() {
        Website.Answer unknown = website.signUp("unknown-policy", Website.body("Kari Nordmann", "2031", Instant.now()));
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.code()).isEqualTo("policy-unknown");
        assertThat(unknown.json().path("currentPolicyVersion").asText()).isEqualTo(Website.POLICY);

        website.publish("2018", "en", 'd', Instant.parse("2018-01-01T00:00:00Z"));
        Website.Answer superseded = website.signUp("old-policy", Website.body("Kari Nordmann", "2018", Instant.now()));
        assertThat(superseded.code()).isEqualTo("policy-superseded");
        assertThat(superseded.json().path("currentPolicyVersion").asText()).isEqualTo(Website.POLICY);
    }

    @Test
    void a_policy_that_another_service_published_is_known_at_once(@TempDir Path first, @TempDir Path second) {
        String prefix = TestKafka.shared().randomTopicPrefix();
        Installation here = Installation.in(first, installation.bootstrapServers(), prefix);
        Installation elsewhere = Installation.in(second, installation.bootstrapServers(), prefix);
        try (IngestWithRegister a = here.start(vertx);
                IngestWithRegister b = elsewhere.start(vertx, here.settings().register())) {
            Website there = new Website(b.port()).ready();
            Website at = new Website(a.port()).ready();
            assertThat(there.publish("2020-06", "en", 'e', Instant.parse("2020-06-01T00:00:00Z"))
                            .status())
                    .isEqualTo(201);
            assertThat(at.signUp("news", Website.body("Kari Nordmann", "2020-06", Instant.now()))
                            .status())
                    .isEqualTo(202);
            assertThat(at.signUp("former", Website.body("Kari Nordmann")).code())
                    .isEqualTo("policy-superseded");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kari-nordmann-4791234567", "fjord-market", "4791234567", "anybody-else"})
    void a_recipient_that_no_directory_knows_is_refused_and_not_repeated(String recipient) {
        Website.Answer answer = website.signUp(
                "recipient-" + recipient, Website.body("Kari Nordmann").replace("nordlys-invest", recipient));

        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("invalid-signup");
        assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("/consent/recipients/1");
        assertThat(answer.json().at("/errors/0/code").asText()).isEqualTo("recipient-unknown");
        assertThat(answer.response().body()).doesNotContain(recipient);
        assertThat(LogReader.events(installation, Topic.CONSENTS, ConsentGranted.class))
                .noneMatch(event -> event.getRecipients().contains(recipient));
    }

    @ParameterizedTest
    @CsvSource({"nb-x-kari-nordmann, nb", "no-NO-x-91234567, nb-NO", "iw, he", "de-CH-1901, de-CH"})
    void no_part_of_a_language_tag_has_room_for_a_text(String tag, String kept) {
        Website.Answer answer = website.signUp(
                "language-" + tag,
                Website.body("Kari Nordmann").replace("\"language\":\"nb\"", "\"language\":\"" + tag + "\""));

        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(202);
        String id = answer.json().path("signupId").asText();
        assertThat(LogReader.events(installation, Topic.SIGNUPS, SealedSignup.class))
                .filteredOn(
                        event -> SignupIds.uuid(event.getSignupId()).toString().equals(id))
                .isNotEmpty()
                .allMatch(event -> kept.equals(event.getLanguage()));
        assertThat(website.signUp(
                                "language-none", Website.body("Kari Nordmann").replace("\"nb\"", "\"x-kari-nordmann\""))
                        .status())
                .isEqualTo(422);
        assertThat(website.publish("2017", "nb-x-kari", 'e', Instant.parse("2017-01-01T00:00:00Z"))
                        .status())
                .isIn(200, 201);
        assertThat(LogReader.events(installation, Topic.CONSENTS, PolicyPublished.class))
                .noneMatch(event -> event.getLanguage().contains("kari"));
    }

    @Test
    void before_a_directory_is_published_no_signup_is_taken(@TempDir Path own) {
        Installation alone = Installation.in(
                own, installation.bootstrapServers(), TestKafka.shared().randomTopicPrefix());
        try (IngestWithRegister service = IngestWithRegister.start(alone.settings(), vertx)) {
            Website early = new Website(service.port()).ready();
            Website.Answer refused = early.signUp("early", Website.body("Kari Nordmann"));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("broker-directory-unpublished");
            assertThat(refused.header("Retry-After")).isEqualTo("5");
            assertThat(early.contact("early", Website.message("Kari Nordmann")).status())
                    .isEqualTo(202);

            alone.publishDirectory();
            assertThat(early.signUp("early", Website.body("Kari Nordmann")).status())
                    .isEqualTo(202);
        }
    }

    private HttpRequest.Builder signup(String key) {
        return website.request("/v1/signups", Installation.WEBSITE)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key);
    }
}
