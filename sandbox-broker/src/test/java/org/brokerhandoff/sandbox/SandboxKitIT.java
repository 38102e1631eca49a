package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxKitIT {
    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final List<SandboxBroker> started = new ArrayList<>();
    private final List<Exchange> seen = new CopyOnWriteArrayList<>();
    private final UUID id = UUID.randomUUID();
    private final StringWriter out = new StringWriter();

    @TempDir
    private Path directory = Path.of("replaced by JUnit");

    @AfterEach
    void stop() {
        started.forEach(SandboxBroker::close);
    }

    @AfterAll
    static void stopVertx() {
        VERTX.close();
    }

    private SandboxBroker start(UnaryOperator<SandboxBrokerSettings> change) {
        SandboxBroker broker = SandboxBroker.start(
                VERTX, change.apply(SandboxBrokerSettings.named("fjord").withObserver(seen::add)));
        started.add(broker);
        return broker;
    }

    private static WebhookKeyPair pair() throws Exception {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] secret = pair.getPrivate().getEncoded();
        byte[] open = pair.getPublic().getEncoded();
        byte[] both = new byte[64];
        System.arraycopy(secret, secret.length - 32, both, 0, 32);
        System.arraycopy(open, open.length - 32, both, 32, 32);
        return WebhookKeyPair.parse("whsk_" + Base64.getEncoder().encodeToString(both));
    }

    private static String body(UUID id) {
        return "{\"signupId\":\"" + id + "\",\"person\":{\"fullName\":\"Åse Ødegård\",\"email\":\"ase@example.no\","
                + "\"country\":\"NO\"},\"consent\":{\"policyVersion\":\"1\"},\"assignedAt\":\"2026-11-22T13:00:00Z\"}";
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    }

    private HttpRequest.Builder handoff(SandboxBroker broker, String body) {
        return request(broker.endpoint())
                .header("Idempotency-Key", id.toString())
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> put(URI admin, String path, String text) throws Exception {
        return send(request(URI.create(admin + path)).PUT(HttpRequest.BodyPublishers.ofString(text)));
    }

    @Test
    void behaviour_and_books_are_changed_and_shown_while_it_runs() throws Exception {
        SandboxBroker broker = start(settings -> settings);
        try (SandboxAdmin admin = SandboxAdmin.start(VERTX, broker, 0, 1, Map.of("pings", "accept"))) {
            URI at = admin.address();
            assertThat(put(at, "/handoffs", "503:7").statusCode()).isEqualTo(200);
            HttpResponse<String> refused = send(handoff(broker, body(id)));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).contains("7");
            assertThat(put(at, "/handoffs", "refuse:SE").body()).contains("\"handoffs\":\"refuse:SE\"");
            assertThat(send(handoff(broker, body(id))).body()).contains("accepted");
            assertThat(send(request(URI.create(at + "/books/" + id)).GET()).body())
                    .contains("\"accepted\":true", "\"failed\":1")
                    .doesNotContain("Åse", "ase@", "NO");
            assertThat(send(request(URI.create(at + "/books/" + UUID.randomUUID()))
                                    .GET())
                            .statusCode())
                    .isEqualTo(404);
            assertThat(put(at, "/handoffs", "sulk").statusCode()).isEqualTo(400);
            assertThat(put(at, "/moods", "accept").statusCode()).isEqualTo(400);
            assertThat(send(request(URI.create(at + "/behaviour")).GET()).body())
                    .isEqualTo("{\"handoffs\":\"refuse:SE\",\"pings\":\"accept\"}\n");
            put(at, "/questions", "503");
            assertThat(send(request(URI.create(broker.endpoint() + "/" + id)).GET())
                            .statusCode())
                    .isEqualTo(503);
            assertThat(send(request(URI.create(at + "/books")).DELETE()).body()).contains("\"signups\":0");
        }
        assertThat(seen.stream().map(Exchange::answer))
                .containsExactly("503 failed", "200 accepted", "503 unavailable");
    }

    @Test
    void pings_are_answered_and_may_not_name_anybody() throws Exception {
        SandboxBroker broker = start(settings -> settings);
        URI ping = URI.create(broker.endpoint() + "/ping");
        String good = "{\"country\":\"NO\",\"language\":null,\"purposes\":[\"broker-handoff\"]}";
        assertThat(post(ping, good).body()).isEqualTo("{\"status\":\"accepted\"}");
        broker.behaveOnPings(PingBehaviour.always(PingBehaviour.Reaction.REJECT));
        assertThat(post(ping, good).statusCode()).isEqualTo(409);
        assertThat(post(ping, good.replace("{", "{\"signupId\":\"" + id + "\","))
                        .statusCode())
                .isEqualTo(400);
        broker.behaveOnPings(PingBehaviour.always(PingBehaviour.Reaction.SILENCE));
        assertThatThrownBy(() -> CLIENT.send(
                        HttpRequest.newBuilder(ping)
                                .timeout(Duration.ofMillis(300))
                                .POST(HttpRequest.BodyPublishers.ofString(good))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    private static HttpResponse<String> post(URI uri, String body) throws Exception {
        return send(request(uri).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void a_wrong_signature_is_explained_to_whoever_runs_the_broker() throws Exception {
        WebhookSecret secret = WebhookSecret.random();
        WebhookKeyPair pair = pair();
        SandboxBroker broker = start(settings -> settings.withSecrets(secret, pair));
        String now = Long.toString(Instant.now().getEpochSecond());
        byte[] body = body(id).getBytes(StandardCharsets.UTF_8);
        signed(broker, now, "v9,x " + pair.sign("m", now, body));
        signed(broker, now, secret.sign("m", now, body));
        signed(broker, now + "000", secret.sign("m", now + "000", body));
        signed(broker, now, WebhookSecret.random().sign("m", now, body));
        signed(broker, now, secret.sign(now, "m", body));
        signed(broker, now, "sha256=abc");
        signed(broker, now, textAsKey(secret, "m." + now + "." + body(id)));
        assertThat(seen.stream().map(Exchange::signature))
                .satisfiesExactly(
                        text -> assertThat(text).isEqualTo("v1a by key 2"),
                        text -> assertThat(text).isEqualTo("v1 by key 1"),
                        text -> assertThat(text).contains("5 minutes off (it looks like milliseconds"),
                        text -> assertThat(text).contains("another key, or other bytes"),
                        text -> assertThat(text).contains("wrong order"),
                        text -> assertThat(text).contains("no signature of a scheme that a key is configured for"),
                        text -> assertThat(text).contains("decoded from base64"));
        assertThat(seen.toString()).doesNotContain("Åse", "ase@", secret.text().substring(6));
    }

    private static String textAsKey(WebhookSecret secret, String content) throws Exception {
        javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec(secret.text().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
    }

    private void signed(SandboxBroker broker, String timestamp, String signature) throws Exception {
        send(handoff(broker, body(id))
                .header("webhook-id", "m")
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", signature));
    }

    @Test
    void a_body_of_any_form_is_taken_where_the_broker_has_one_of_its_own() throws Exception {
        SandboxBroker broker = start(SandboxBrokerSettings::withAnyBody);
        assertThat(send(handoff(broker, "{\"lead\":{\"id\":1}}")).body()).contains("accepted");
        assertThat(send(handoff(broker, "lead")).statusCode()).isEqualTo(400);
    }

    @Test
    void a_good_certificate_is_trusted_by_who_has_it_and_a_bad_one_by_nobody() throws Exception {
        for (SandboxCertificate.Kind kind : SandboxCertificate.Kind.values()) {
            SandboxCertificate certificate = SandboxCertificate.make(kind);
            SandboxBroker broker =
                    start(settings -> settings.withHost("localhost").withCertificate(certificate));
            Path pem = Files.writeString(directory.resolve(kind + ".pem"), certificate.pem());
            int code = check(broker, "--trust", pem.toString());
            assertThat(code).as(kind + out.toString()).isEqualTo(kind == SandboxCertificate.Kind.GOOD ? 0 : 2);
            assertThat(check(broker)).isEqualTo(2);
        }
    }

    @Test
    void an_endpoint_that_keeps_the_contract_passes_every_check() throws Exception {
        WebhookSecret secret = WebhookSecret.random();
        Path file = Files.writeString(directory.resolve("secret"), secret.text());
        SandboxBroker broker =
                start(settings -> settings.withSecrets(secret).withNoticeBehaviour(NoticeBehaviour.pending(1)));
        assertThat(check(
                        broker,
                        "--secret-file",
                        file.toString(),
                        "--send-pings",
                        "--notices",
                        broker.notices().toString()))
                .as(out.toString())
                .isZero();
        assertThat(out.toString())
                .contains("passed   a handoff signed 10 minutes ago is answered 401 or 403: 401 unauthorized")
                .contains("passed   a pending withdrawal is completed within 30 s: 200 completed")
                .doesNotContain("failed ", "skipped");
    }

    @Test
    void an_endpoint_that_breaks_the_contract_fails_the_checks_that_it_breaks() throws Exception {
        Path file = Files.writeString(
                directory.resolve("secret"), WebhookSecret.random().text());
        SandboxBroker broker =
                start(settings -> settings.withBehaviour(Behaviour.script(Reaction.accept(), Reaction.fail(500))
                        .when(facts -> facts.arrival() > 2, Behaviour.gone())));
        assertThat(check(broker, "--secret-file", file.toString(), "--json")).isEqualTo(1);
        assertThat(out.toString().lines().filter(line -> line.contains("\"failed\"")))
                .anyMatch(line -> line.contains("a repeat is answered"))
                .anyMatch(line -> line.contains("signed by another key"))
                .noneMatch(line -> line.contains("a question about"));
    }

    private int check(SandboxBroker broker, String... options) {
        String[] all = new String[options.length + 2];
        all[0] = "--send";
        all[1] = broker.endpoint().toString();
        System.arraycopy(options, 0, all, 2, options.length);
        PrintWriter writer = new PrintWriter(out, true);
        return Main.commandLine().setOut(writer).setErr(writer).execute(all);
    }
}
