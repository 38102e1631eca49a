package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of a running broker, through HTTP. */
@SuppressWarnings("NullAway.Init") // set before each test
class SandboxPageIT {
    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final WebhookSecret secret = WebhookSecret.random();
    private final UUID id = UUID.randomUUID();
    private SandboxBroker broker;
    private SandboxAdmin admin;

    @BeforeEach
    void start() {
        broker = SandboxBroker.start(VERTX, SandboxBrokerSettings.named("fjord").withSecrets(secret));
        admin = SandboxAdmin.start(VERTX, broker, 0, 1, Map.of(SandboxAdmin.OPTIONS, "--delay-ms 0"));
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @AfterAll
    static void stopVertx() {
        VERTX.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(admin.address() + path)));
    }

    private HttpResponse<String> post(String what, String text, String... headers) throws Exception {
        String form = "what=" + what + "&text=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(admin.address() + "/"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<String> receives(URI at, String body, WebhookSigner by) throws Exception {
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        return send(HttpRequest.newBuilder(at)
                .header("Idempotency-Key", id.toString())
                .header("webhook-id", id.toString())
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", by.sign(id.toString(), timestamp, body.getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private String handoff() {
        return "{\"signupId\":\"" + id + "\",\"person\":{\"fullName\":\"Åse Ødegård\",\"email\":\"ase@example.no\","
                + "\"country\":\"NO\"},\"consent\":{\"policyVersion\":\"1\"},\"assignedAt\":\"2026-11-22T13:00:00Z\"}";
    }

    @Test
    void what_came_is_shown_with_what_was_wrong_and_never_the_person() throws Exception {
        assertThat(get("/").body()).contains("Nothing received yet");
        assertThat(receives(broker.endpoint(), handoff(), secret).statusCode()).isEqualTo(200);
        assertThat(get("/").body()).contains("Every request was signed correctly", "v1 by key 1", "200 accepted");
        receives(broker.endpoint(), handoff(), WebhookSecret.random());
        receives(broker.endpoint(), handoff().replace("\"country\":\"NO\"", "\"country\":7"), secret);
        String withdrawal = "{\"type\":\"withdrawal\",\"signupId\":\"" + id + "\",\"requestedAt\":\"" + Instant.now()
                + "\",\"reason\":\"consent-withdrawn\"}";
        HttpResponse<String> told = receives(broker.notices(), withdrawal, secret);
        assertThat(told.body()).contains("completed");

        HttpResponse<String> page = get("/");
        assertThat(page.body())
                .contains("1 request has a wrong signature", "401 unauthorized", "webhook-signature does not match")
                .contains("400 invalid", "/person/country")
                .contains("withdrawal", "completed", "/signup?id=" + id)
                .doesNotContain("Ødegård", "ase@example.no");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(get("/?only=signature").body()).contains("401 unauthorized").doesNotContain("200 accepted");
        assertThat(get("/?kind=notice").body()).contains("200 completed").doesNotContain("200 accepted");
        assertThat(get("/?kind=nonsense").statusCode()).isEqualTo(400);
        assertThat(get("/signup?id=" + id).body())
                .contains("Valid handoffs", "200 accepted", "withdrawal")
                .doesNotContain("Ødegård");
        assertThat(get("/signup?id=" + UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(get("/signup?id=ase@example.no").body()).doesNotContain("ase@");
    }

    @Test
    void a_form_of_the_page_changes_behaviour_and_one_from_elsewhere_does_not() throws Exception {
        assertThat(get("/").body()).contains("--delay-ms 0");
        assertThat(post("handoffs", "503", "Sec-Fetch-Site", "cross-site").statusCode())
                .isEqualTo(403);
        assertThat(post("handoffs", "503", "Origin", "http://localhost:1").statusCode())
                .isEqualTo(403);
        assertThat(post("handoffs", "503").statusCode()).isEqualTo(403);
        assertThat(receives(broker.endpoint(), handoff(), secret).statusCode()).isEqualTo(200);

        HttpResponse<String> changed = post("handoffs", "503:9", "Sec-Fetch-Site", "same-origin", "Origin", "null");
        assertThat(changed.statusCode()).isEqualTo(303);
        String next = changed.headers().firstValue("Location").orElseThrow();
        assertThat(get(next.substring(0, next.indexOf('#'))).body())
                .contains("Changed: handoffs", "value=\"503:9\"")
                .doesNotContain("--delay-ms 0");
        assertThat(receives(broker.endpoint(), handoff(), secret).statusCode()).isEqualTo(503);

        HttpResponse<String> unread =
                post("notices", "<sulk>", "Origin", admin.address().toString());
        assertThat(unread.statusCode()).isEqualTo(400);
        assertThat(unread.body())
                .contains("Nothing was changed", "&lt;sulk&gt;")
                .doesNotContain("<sulk>");
        assertThat(post("pings", "x".repeat(20_000), "Sec-Fetch-Site", "same-origin")
                        .statusCode())
                .isEqualTo(400);
        // Only what fits a form is kept of that.
        assertThat(post("pings", "x".repeat(5_000_000), "Sec-Fetch-Site", "same-origin")
                        .statusCode())
                .isEqualTo(413);
        assertThat(post("books", "", "Sec-Fetch-Site", "same-origin").statusCode())
                .isEqualTo(303);
        assertThat(get("/").body()).contains("Nothing received yet").doesNotContain("503 failed");
    }
}
