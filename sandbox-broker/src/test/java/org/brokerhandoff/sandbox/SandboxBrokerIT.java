package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SandboxBrokerIT {
    private static final WebhookSecret SECRET = WebhookSecret.random();
    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final List<SandboxBroker> started = new ArrayList<>();
    private final UUID id = UUID.randomUUID();

    @BeforeAll
    static void retries_are_the_callers_business() {
        // Otherwise the JDK's client repeats a request whose connection was dropped.
        System.setProperty("jdk.httpclient.disableRetryConnect", "true");
        System.setProperty("jdk.httpclient.enableAllMethodRetry", "false");
    }

    @AfterEach
    void close() {
        started.forEach(SandboxBroker::close);
    }

    @AfterAll
    static void close_vertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void an_accepted_signup_is_a_duplicate_when_it_comes_again() throws Exception {
        SandboxBroker broker = start(settings -> settings);
        Instant before = Instant.now();
        assertReply(post(broker, id), 200, "{\"status\":\"accepted\",\"reference\":\"fjord-1\"}");
        assertReply(post(broker, id), 200, "{\"status\":\"duplicate\",\"reference\":\"fjord-1\"}");
        assertReply(post(broker, UUID.randomUUID()), 200, "{\"status\":\"accepted\",\"reference\":\"fjord-2\"}");
        Books.Account account = broker.books().account(id).orElseThrow();
        assertThat(account.deliveries()).isEqualTo(2);
        assertThat(account.idempotencyKeys()).containsExactly(id.toString());
        assertThat(account.firstByteAt().orElseThrow()).isBetween(before, Instant.now());
        assertThat(account.acceptedNanos()).isGreaterThan(account.firstByteNanos());
        assertThat(broker.books().totals()).isEqualTo(new Books.Totals(2, 3, 2, 1, 0, 0, 0, 0, 0));
    }

    @Test
    void signatures_are_checked() throws Exception {
        WebhookSecret next = WebhookSecret.random();
        SandboxBroker broker = start(settings -> settings.withSecrets(next, SECRET));
        byte[] body = body(id);
        String now = Long.toString(Instant.now().getEpochSecond());
        String old = Long.toString(Instant.now().minusSeconds(400).getEpochSecond());
        assertReply(signed(broker, body, now, SECRET.sign("m-1", now, body)), 200, "accepted");
        assertReply(
                signed(broker, body, now, next.sign("m-1", now, body) + " " + SECRET.sign("m-1", now, body)),
                200,
                "duplicate");
        assertReply(signed(broker, body, now, next.sign("m-1", now, body)), 200, "duplicate");
        assertReply(signed(broker, body, old, SECRET.sign("m-1", old, body)), 401, "5 minutes");
        assertReply(signed(broker, body, now, SECRET.sign("m-2", now, body)), 401, "does not match");
        assertReply(signed(broker, body, now, WebhookSecret.random().sign("m-1", now, body)), 401, "does not match");
        assertReply(post(broker, id), 401, "required");
        assertThat(broker.books().totals().badSignatures()).isEqualTo(4);
        assertThat(broker.books().totals().deliveries()).isEqualTo(3);
        assertReply(
                send(request(broker.notices()).POST(HttpRequest.BodyPublishers.ofByteArray(notice(id)))),
                401,
                "required");
    }

    @Test
    void a_body_that_breaks_the_contract_is_answered_400_without_its_values() throws Exception {
        SandboxBroker broker = start(settings -> settings);
        byte[] noName = text(id).replace("fullName", "name").getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> reply = send(handoff(broker, id).POST(HttpRequest.BodyPublishers.ofByteArray(noName)));
        assertReply(reply, 400, "/person/fullName is required");
        assertThat(reply.body()).doesNotContain("example.no");
        assertReply(
                send(handoff(broker, UUID.randomUUID()).POST(HttpRequest.BodyPublishers.ofByteArray(body(id)))),
                400,
                "Idempotency-Key");
        assertReply(
                send(request(broker.endpoint()).POST(HttpRequest.BodyPublishers.ofByteArray(body(id)))),
                400,
                "Idempotency-Key");
        assertReply(
                send(handoff(broker, id).POST(HttpRequest.BodyPublishers.ofByteArray(new byte[300 * 1024]))),
                413,
                "too large");
        assertReply(send(request(broker.endpoint()).PUT(HttpRequest.BodyPublishers.noBody())), 404, "not-found");
        Books.Account account = broker.books().account(id).orElseThrow();
        assertThat(account.deliveries()).isZero();
        assertThat(account.idempotencyKeys()).hasSize(1).doesNotContain(id.toString());
        assertThat(broker.books().totals().badRequests()).isEqualTo(4);
    }

    @Test
    void refusals_are_stated_and_can_be_asked_for() throws Exception {
        SandboxBroker broker = start(settings -> settings.withBehaviour(Behaviour.refusing(Set.of("NO"))));
        assertReply(question(broker.endpoint(), id), 200, "{\"status\":\"unknown\"}");
        assertReply(post(broker, id), 422, "{\"status\":\"rejected\",\"reason\":\"country not served\"}");
        assertReply(question(broker.endpoint(), id), 200, "{\"status\":\"rejected\"}");
        broker.behave(Behaviour.always(new Reaction.Refuse(409, "a \"quoted\" reason")));
        assertReply(post(broker, id), 409, "{\"status\":\"rejected\",\"reason\":\"a \\\"quoted\\\" reason\"}");
        broker.behave(Behaviour.accepting());
        assertReply(post(broker, id), 200, "accepted");
        assertReply(question(broker.endpoint(), id), 200, "{\"status\":\"accepted\"}");
        broker.behave(Behaviour.refusing(1, 1));
        assertReply(post(broker, id), 200, "duplicate");
    }

    @Test
    void errors_carry_retry_after_in_either_form() throws Exception {
        Instant later = Instant.parse("2026-11-22T13:00:00Z");
        SandboxBroker broker = start(settings -> settings.withBehaviour(Behaviour.script(
                Reaction.fail(500),
                Reaction.fail(429, Duration.ofSeconds(3)),
                Reaction.fail(503, later),
                Reaction.fail(410))));
        HttpResponse<String> reply = post(broker, id);
        assertThat(reply.statusCode()).isEqualTo(500);
        assertThat(reply.headers().firstValue("Retry-After")).isEmpty();
        reply = post(broker, id);
        assertThat(reply.statusCode()).isEqualTo(429);
        assertThat(reply.headers().firstValue("Retry-After")).contains("3");
        reply = post(broker, id);
        assertThat(reply.statusCode()).isEqualTo(503);
        assertThat(reply.headers().firstValue("Retry-After")).contains("Sun, 22 Nov 2026 13:00:00 GMT");
        assertThat(post(broker, id).statusCode()).isEqualTo(410);
        assertReply(post(broker, id), 200, "accepted");
        assertThat(broker.books().account(id).orElseThrow().failed()).isEqualTo(4);
    }

    @Test
    void a_lost_reply_leaves_an_accepted_signup() throws Exception {
        SandboxBroker broker =
                start(settings -> settings.withBehaviour(Behaviour.script(new Reaction.AcceptThenDropReply())));
        assertThatThrownBy(() -> post(broker, id)).isInstanceOf(IOException.class);
        assertReply(question(broker.endpoint(), id), 200, "{\"status\":\"accepted\"}");
        assertReply(post(broker, id), 200, "duplicate");
    }

    @Test
    void a_dropped_connection_leaves_an_unknown_signup() throws Exception {
        SandboxBroker broker =
                start(settings -> settings.withBehaviour(Behaviour.script(new Reaction.DropConnection())));
        assertThatThrownBy(() -> post(broker, id)).isInstanceOf(IOException.class);
        assertReply(question(broker.endpoint(), id), 200, "{\"status\":\"unknown\"}");
        assertReply(post(broker, id), 200, "accepted");
        assertThat(broker.books().account(id).orElseThrow().deliveries()).isEqualTo(2);
    }

    @Test
    void a_delayed_acceptance_happens_though_the_sender_gave_up() throws Exception {
        SandboxBroker broker = start(settings -> settings.withBehaviour(Behaviour.delayed(Duration.ofMillis(1500))));
        assertThatThrownBy(() -> send(handoff(broker, id)
                        // Enough for the request to be sent on a busy machine.
                        .timeout(Duration.ofMillis(700))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body(id)))))
                .isInstanceOf(IOException.class);
        assertReply(question(broker.endpoint(), id), 200, "{\"status\":\"unknown\"}");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> broker.books()
                        .account(id)
                        .filter(Books.Account::isAccepted)
                        .isPresent());
    }

    @Test
    void a_late_reply_follows_an_acceptance_at_once() throws Exception {
        SandboxBroker broker = start(settings ->
                settings.withBehaviour(Behaviour.always(new Reaction.AcceptThenReplyLate(Duration.ofMillis(300)))));
        CompletableFuture<HttpResponse<String>> reply = CLIENT.sendAsync(
                handoff(broker, id)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body(id)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await().atMost(1, TimeUnit.MINUTES)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> broker.books()
                        .account(id)
                        .map(Books.Account::isAccepted)
                        .orElse(false));
        assertThat(reply).isNotDone();
        assertReply(reply.get(), 200, "accepted");
    }

    @Test
    void a_redirect_points_elsewhere() throws Exception {
        SandboxBroker broker = start(
                settings -> settings.withBehaviour(Behaviour.redirecting(URI.create("http://127.0.0.1:9/handoffs"))));
        HttpResponse<String> reply = post(broker, id);
        assertThat(reply.statusCode()).isEqualTo(307);
        assertThat(reply.headers().firstValue("Location")).contains("http://127.0.0.1:9/handoffs");
        assertThat(broker.books().account(id).orElseThrow().isAccepted()).isFalse();
    }

    @Test
    void a_huge_reply_is_as_long_as_was_asked_for() throws Exception {
        long bytes = 20_000_000;
        SandboxBroker broker =
                start(settings -> settings.withBehaviour(Behaviour.always(new Reaction.AcceptWithHugeReply(bytes))));
        HttpResponse<String> reply = post(broker, id);
        assertThat(reply.body())
                .hasSize(20_000_000 + "{\"status\":\"accepted\",\"reference\":\"\"}".length())
                .startsWith("{\"status\":\"accepted\",\"reference\":\"aaa")
                .endsWith("a\"}");
    }

    @Test
    void a_huge_reply_stops_when_the_receiver_leaves() throws Exception {
        SandboxBroker broker = start(settings ->
                settings.withBehaviour(Behaviour.script(new Reaction.AcceptWithHugeReply(Long.MAX_VALUE / 2))));
        HttpResponse<InputStream> reply = CLIENT.send(
                handoff(broker, id)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body(id)))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream stream = reply.body()) {
            assertThat(stream.readNBytes(1_000_000)).hasSize(1_000_000);
        }
        assertReply(post(broker, id), 200, "duplicate");
    }

    @Test
    void a_slow_reply_drips() throws Exception {
        SandboxBroker broker = start(settings ->
                settings.withBehaviour(Behaviour.always(new Reaction.AcceptWithSlowReply(Duration.ofMillis(5)))));
        long start = System.nanoTime();
        assertReply(post(broker, id), 200, "{\"status\":\"accepted\",\"reference\":\"fjord-1\"}");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
    }

    @Test
    void malformed_json_is_sent_as_it_stands() throws Exception {
        SandboxBroker broker =
                start(settings -> settings.withBehaviour(Behaviour.script(Reaction.acceptWithMalformedJson())));
        assertThat(post(broker, id).body()).isEqualTo("{\"status\":\"accep");
        assertReply(post(broker, id), 200, "duplicate");
    }

    @Test
    void notices_are_completed_or_pending_until_asked_often_enough() throws Exception {
        SandboxBroker broker = start(settings -> settings);
        assertReply(question(broker.notices(), id), 200, "{\"status\":\"unknown\"}");
        assertReply(notify(broker, id), 200, "{\"status\":\"completed\"}");
        assertReply(question(broker.notices(), id), 200, "{\"status\":\"completed\"}");
        UUID other = UUID.randomUUID();
        broker.behaveOnNotices(NoticeBehaviour.pending(1));
        assertReply(notify(broker, other), 202, "{\"status\":\"pending\"}");
        assertReply(question(broker.notices(), other), 200, "{\"status\":\"pending\"}");
        assertReply(question(broker.notices(), other), 200, "{\"status\":\"completed\"}");
        broker.behaveOnNotices(NoticeBehaviour.failing(503, 1));
        UUID third = UUID.randomUUID();
        assertThat(notify(broker, third).statusCode()).isEqualTo(503);
        assertReply(notify(broker, third), 200, "completed");
        assertThat(broker.books().account(third).orElseThrow().notices())
                .singleElement()
                .satisfies(notice -> assertThat(notice.arrivals()).isEqualTo(2));
        assertThat(broker.books().totals().notices()).isEqualTo(4);
        assertThat(broker.books().totals().signups()).isZero();
    }

    @Test
    void questions_can_go_unanswered() throws Exception {
        SandboxBroker broker = start(settings -> settings);
        broker.answerQuestions(false);
        assertThat(question(broker.endpoint(), id).statusCode()).isEqualTo(503);
        broker.answerQuestions(true);
        assertThat(question(broker.endpoint(), id).statusCode()).isEqualTo(200);
        assertThat(send(request(URI.create(broker.endpoint() + "/1-1-1-1-1")).GET())
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_test_can_inspect_the_person_and_the_books_hold_nothing_of_it() throws Exception {
        Map<UUID, JsonNode> seen = new ConcurrentHashMap<>();
        List<String> verdicts = new ArrayList<>();
        SandboxBroker broker = start(settings -> settings.withInspector(seen::put)
                .withListener((signupId, verdict) -> verdicts.add(signupId + " " + verdict)));
        post(broker, id);
        assertThat(seen)
                .hasEntrySatisfying(
                        id,
                        person -> assertThat(person.path("fullName").asText()).isEqualTo("Åse Ødegård"));
        assertThat(verdicts).containsExactly(id + " ACCEPTED");
        assertThat(broker.books().account(id).toString() + broker.books().totals())
                .doesNotContain("Åse", "odegard", "NO,");
    }

    @Test
    void a_taken_port_is_said_at_once() {
        SandboxBroker broker = start(settings -> settings);
        assertThatThrownBy(() -> start(settings -> settings.withPort(broker.port())))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("the sandbox broker could not listen on 127.0.0.1:" + broker.port());
    }

    private SandboxBroker start(UnaryOperator<SandboxBrokerSettings> change) {
        SandboxBroker broker = SandboxBroker.start(VERTX, change.apply(SandboxBrokerSettings.named("fjord")));
        started.add(broker);
        return broker;
    }

    private static HttpResponse<String> post(SandboxBroker broker, UUID id) throws Exception {
        return send(handoff(broker, id).POST(HttpRequest.BodyPublishers.ofByteArray(body(id))));
    }

    private HttpResponse<String> signed(SandboxBroker broker, byte[] body, String timestamp, String signature)
            throws Exception {
        return send(handoff(broker, id)
                .header("webhook-id", "m-1")
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", signature)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private static HttpResponse<String> question(URI collection, UUID id) throws Exception {
        return send(request(URI.create(collection + "/" + id)).GET());
    }

    private static HttpResponse<String> notify(SandboxBroker broker, UUID id) throws Exception {
        return send(request(broker.notices()).POST(HttpRequest.BodyPublishers.ofByteArray(notice(id))));
    }

    private static HttpRequest.Builder handoff(SandboxBroker broker, UUID key) {
        return request(broker.endpoint()).header("Idempotency-Key", key.toString());
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void assertReply(HttpResponse<String> reply, int status, String part) {
        assertThat(reply.body()).contains(part);
        assertThat(reply.statusCode()).isEqualTo(status);
        assertThat(reply.headers().firstValue("content-type")).contains("application/json");
    }

    private static String text(UUID id) {
        return """
                {"signupId":"%s","person":{"fullName":"Åse Ødegård","email":"ase.odegard@example.no","country":"NO"},
                 "consent":{"policyVersion":"2026-11-01"},"assignedAt":"2026-11-22T13:00:00Z"}""".formatted(id);
    }

    private static byte[] body(UUID id) {
        return text(id).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] notice(UUID id) {
        return ("{\"signupId\":\"" + id + "\",\"type\":\"withdrawal\",\"requestedAt\":\"2026-11-22T13:00:00Z\"}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
