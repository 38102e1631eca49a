package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.DocumentText;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ingest.accept.DocumentTexts;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's documents: published with a key, public, stored by their digests. */
class DocumentsIT extends RunningIngest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    @Test
    void a_document_is_published_with_its_text_and_everybody_can_read_it() {
        String text = "Informasjonskapsler: ingen.\n<script>alert('æ')</script>\t\ud83c\udf6a";
        Website.Answer published = publish("cookies", "1", "nb", text, LONG_AGO);

        assertThat(published.status()).describedAs("%s", published).isEqualTo(201);
        String sha256 = Digests.hex(Digests.sha256(text));
        assertThat(published.json().path("sha256").asText()).isEqualTo(sha256);
        assertThat(published.json().path("kind").asText()).isEqualTo("cookies");

        Website.Answer current = read("/v1/policies/current?kind=cookies&language=nb");
        assertThat(current.status()).isEqualTo(200);
        assertThat(current.json().path("text").asText()).isEqualTo(text);
        assertThat(current.json().path("version").asText()).isEqualTo("1");
        Website.Answer byDigest = read(current.json().path("links").path("text").asText());
        assertThat(byDigest.response().body()).isEqualTo(text);
        assertThat(byDigest.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(byDigest.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(byDigest.header("Cache-Control")).contains("immutable");
        assertThat(current.header("Cache-Control")).isEqualTo("no-cache");

        PolicyPublished event = LogReader.events(installation, Topic.CONSENTS, PolicyPublished.class).stream()
                .filter(each -> each.getKind() == DocumentKind.COOKIES
                        && each.getVersion().equals("1"))
                .findFirst()
                .orElseThrow();
        assertThat(event.getActor()).isEqualTo("admin-1");
    }

    @Test
    void a_repeat_changes_nothing_and_another_text_is_a_conflict() {
        assertThat(publish("terms", "1", "en", "Terms.", LONG_AGO).status()).isEqualTo(201);
        assertThat(publish("terms", "1", "en", "Terms.", LONG_AGO).status()).isEqualTo(200);
        assertThat(publish("terms", "1", "EN", "Terms.", LONG_AGO).status()).isEqualTo(200);
        assertThat(publish("terms", "1", "en", "Other terms.", LONG_AGO).code()).isEqualTo("policy-conflict");
        assertThat(publish("terms", "1", "en", "Terms.", LONG_AGO.plusSeconds(1))
                        .code())
                .isEqualTo("policy-conflict");
        // A refused text is not stored, since it is never served.
        assertThat(texts("Terms.")).isEqualTo(1);
        assertThat(texts("Other terms.")).isZero();
        // The same text in another version is stored once.
        assertThat(publish("terms", "2", "en", "Terms.", LONG_AGO).status()).isEqualTo(201);
        assertThat(texts("Terms.")).isEqualTo(1);
    }

    @Test
    void a_publication_by_digest_alone_still_works_and_gets_its_text_by_a_repeat() {
        String text = "Kept elsewhere until now.";
        String sha256 = Digests.hex(Digests.sha256(text));
        ObjectNode request = request("cookies", "2024", "sv", LONG_AGO).put("sha256", sha256);
        assertThat(send(request).status()).isEqualTo(201);
        assertThat(read("/v1/policies/" + sha256).code()).isEqualTo("unknown-document");

        assertThat(publish("cookies", "2024", "sv", text + " ", LONG_AGO).code())
                .isEqualTo("policy-conflict");
        assertThat(publish("cookies", "2024", "sv", text, LONG_AGO).status()).isEqualTo(200);
        assertThat(read("/v1/policies/" + sha256).response().body()).isEqualTo(text);
    }

    @Test
    void a_version_of_another_kind_does_not_end_the_privacy_policy_in_force() {
        Instant now = Instant.now();
        assertThat(publish("terms", "newest", "en", "Newest terms.", now.minusSeconds(1))
                        .status())
                .isEqualTo(201);

        assertThat(website.signUp("kinds", Website.body("Kari Nordmann")).status())
                .isEqualTo(202);
        Website.Answer named = website.signUp("kinds-2", Website.body("Kari Nordmann", "newest", Instant.now()));
        assertThat(named.json().path("errors").findValuesAsText("code")).containsExactly("policy-unknown");
    }

    @Test
    void a_text_is_in_force_from_its_time_on_and_readable_before() {
        Instant soon = Instant.now().plusSeconds(3600);
        assertThat(publish("privacy", "da-1", "da", "Nu.", LONG_AGO.minusSeconds(1))
                        .status())
                .isEqualTo(201);
        assertThat(publish("privacy", "da-2", "da", "Senere.", soon).status()).isEqualTo(201);

        assertThat(read("/v1/policies/current?kind=privacy&language=da-DK")
                        .json()
                        .path("version")
                        .asText())
                .isEqualTo(Website.POLICY);
        assertThat(read("/v1/policies/" + Digests.hex(Digests.sha256("Senere.")))
                        .response()
                        .body())
                .isEqualTo("Senere.");
    }

    @Test
    void the_largest_text_is_taken_and_served_and_a_larger_one_is_not() {
        String text = "å\n".repeat(DocumentTexts.MOST_BYTES / 3);
        assertThat(publish("terms", "largest", "fi", text, LONG_AGO).status()).isEqualTo(201);
        assertThat(read("/v1/policies/" + Digests.hex(Digests.sha256(text)))
                        .response()
                        .body())
                .isEqualTo(text);

        assertThat(publish("terms", "larger", "fi", text + "abcd", LONG_AGO).code())
                .isEqualTo("invalid-policy");
        assertThat(publish("terms", "larger", "fi", text.repeat(3), LONG_AGO).code())
                .isEqualTo("body-too-large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind=imprint",
                "kind=PRIVACY",
                "kind=",
                "language=not-a-language",
                "language=",
                "kind=privacy&kind=cookies",
                "language=%FF%FE",
                "kind=%zz",
                "kind=%",
                "language=en&language=en"
            })
    void a_query_that_makes_no_sense_is_refused_without_an_echo(String query) throws IOException {
        // Raw, since the JDK's client sends no broken percent-encoding.
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.getOutputStream()
                    .write(("GET /v1/policies/current?" + query
                                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 400")
                    .containsAnyOf("invalid-query", "malformed-request")
                    .doesNotContain("imprint", "zz");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "current%2F",
                "..",
                "%00",
                "A",
                "'"
            })
    void what_is_not_published_is_unknown(String id) {
        assertThat(read("/v1/policies/" + id).status()).isIn(400, 404);
    }

    @Test
    void to_publish_takes_an_admin_key_and_to_read_takes_none_not_even_a_right_one() {
        Website.Answer byWebsite = website.send(website.request("/v1/policies", Installation.WEBSITE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request("terms", "x", "en", LONG_AGO)
                        .put("text", "By a website.")
                        .toString()))
                .build());
        assertThat(byWebsite.code()).isEqualTo("forbidden");
        assertThat(texts("By a website.")).isZero();
        assertThat(website.send(website.request("/v1/policies/current?language=en", "wrong")
                                .GET()
                                .build())
                        .status())
                .isEqualTo(200);
        assertThat(website.send(HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + service.port() + "/v1/policies/current"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build())
                        .header("Allow"))
                .isEqualTo("GET, HEAD");
    }

    @Test
    void another_service_serves_what_this_one_published_and_a_text_that_is_not_its_digests_is_passed_over(
            @TempDir Path other) throws Exception {
        String text = "Seen by all.";
        String sha256 = Digests.hex(Digests.sha256(text));
        // Write access to the topic does not suffice to replace a text.
        try (EventPublisher forger = new EventPublisher(
                new KafkaClients(installation.settings().eventLog()),
                new EventCodec(),
                "/forger",
                InstantSource.system())) {
            forger.publishTo(
                            Topic.DOCUMENTS,
                            0,
                            new DocumentText(
                                    Digests.parseHex(sha256),
                                    ByteBuffer.wrap("Forged.".getBytes(StandardCharsets.UTF_8))))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        }
        assertThat(publish("terms", "3", "no", text, LONG_AGO).status()).isEqualTo(201);

        Installation second = Installation.in(other, installation.bootstrapServers(), installation.topicPrefix());
        try (IngestWithRegister elsewhere = second.start(vertx)) {
            Website there = new Website(elsewhere.port()).ready();
            Website.Answer answer = Awaitility.await()
                    .atMost(1, TimeUnit.MINUTES)
                    .until(
                            () -> there.send(HttpRequest.newBuilder(URI.create(
                                            "http://127.0.0.1:" + elsewhere.port() + "/v1/policies/" + sha256))
                                    .build()),
                            got -> got.status() == 200);
            assertThat(answer.response().body()).isEqualTo(text);
        }
    }

    private long texts(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        return LogReader.events(installation, Topic.DOCUMENTS, DocumentText.class).stream()
                .filter(event -> event.getText().equals(bytes))
                .count();
    }

    private Website.Answer read(String path) {
        return website.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .GET()
                .build());
    }

    private Website.Answer publish(String kind, String version, String language, String text, Instant effectiveAt) {
        return send(request(kind, version, language, effectiveAt).put("text", text));
    }

    private static ObjectNode request(String kind, String version, String language, Instant effectiveAt) {
        return new ObjectMapper()
                .createObjectNode()
                .put("kind", kind)
                .put("version", version)
                .put("language", language)
                .put("effectiveAt", effectiveAt.toString());
    }

    private Website.Answer send(ObjectNode request) {
        return website.send(website.request("/v1/policies", Installation.ADMIN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                .build());
    }
}
