package org.brokerhandoff.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as it is told; {@code WebsiteClientIT} has a real ingest. */
class IngestClientTest {
    private record Reply(int status, String retryAfter, String body) {}

    private static final Reply BREAKS_OFF = new Reply(0, "", "");
    private static final Reply BUSY = new Reply(503, "0", "{\"code\":\"overloaded\"}");
    private static final Reply ACCEPTED = new Reply(202, "", "{\"signupId\":\"0199aa00-0000-7000-8000-000000000001\"}");

    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final List<String> received = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server = create();
    private IngestClient client = client(Duration.ofSeconds(60));

    private static HttpServer create() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private IngestClient client(Duration limit) {
        return new IngestClient(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "key", limit);
    }

    @BeforeEach
    void start() {
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        received.add(exchange.getRequestHeaders().getFirst("idempotency-key") + " "
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Reply reply = replies.size() > 1 ? replies.remove() : replies.element();
        if (reply.status() == 0) {
            exchange.close();
            return;
        }
        if (!reply.retryAfter().isEmpty()) {
            exchange.getResponseHeaders().add("Retry-After", reply.retryAfter());
        }
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Submission submission() {
        return Submission.of("form-1", "{\"person\":{}}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_submission_keeps_its_key_and_body_until_it_is_answered() throws Exception {
        replies.addAll(List.of(BUSY, BREAKS_OFF, BUSY, ACCEPTED));
        try (Submission submission = submission()) {
            Answer answer = client.signUp(submission);
            assertThat(answer.id()).isEqualTo("0199aa00-0000-7000-8000-000000000001");
        }
        // The JDK's own client may send again by itself after a connection that broke off.
        assertThat(received).hasSizeGreaterThanOrEqualTo(4).containsOnly("form-1 {\"person\":{}}");
    }

    @Test
    void each_kind_of_problem_has_a_type_with_all_faults() {
        replies.add(
                new Reply(
                        422,
                        "",
                        "{\"code\":\"invalid-signup\",\"errors\":[{\"pointer\":\"/person/email\",\"code\":\"email-invalid\",\"detail\":\"…\"}]}"));
        assertThatThrownBy(() -> client.signUp(submission()))
                .isInstanceOfSatisfying(IngestException.Invalid.class, refused -> {
                    assertThat(refused.problem().code()).isEqualTo("invalid-signup");
                    assertThat(refused.problem().faults())
                            .containsExactly(new Problem.Fault("/person/email", "email-invalid", "…"));
                });
        new ArrayDeque<>(List.of(
                        List.of(401, IngestException.NotAuthorized.class),
                        List.of(404, IngestException.NotFound.class),
                        List.of(409, IngestException.Conflict.class),
                        List.of(413, IngestException.Refused.class)))
                .forEach(expected -> {
                    replies.clear();
                    replies.add(new Reply((Integer) expected.get(0), "", "<html>a proxy</html>"));
                    assertThatThrownBy(() -> client.signUp(submission())).isInstanceOf((Class<?>) expected.get(1));
                });
    }

    @Test
    void when_time_is_over_it_is_said_that_nothing_is_known() {
        replies.add(new Reply(503, "3600", "{\"code\":\"custody-full\"}"));
        assertThatThrownBy(() -> client.signUp(submission()))
                .isInstanceOfSatisfying(
                        IngestException.Unavailable.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo("custody-full"));
        replies.clear();
        replies.add(BREAKS_OFF);
        assertThatThrownBy(() -> client(Duration.ofMillis(1)).signUp(submission()))
                .isInstanceOfSatisfying(
                        IngestException.Unavailable.class,
                        refused -> assertThat(refused.problem().status()).isZero());
    }

    @Test
    void a_closed_submission_has_nothing_of_the_person_and_none_is_ever_printed() {
        byte[] body = "{\"person\":{\"fullName\":\"Kari\"}}".getBytes(StandardCharsets.UTF_8);
        Submission submission = Submission.of(body);
        assertThat(submission.toString()).doesNotContain("Kari");
        submission.close();
        assertThat(body).containsOnly((byte) 0);
        assertThatThrownBy(() -> Submission.of("a,b", body)).isInstanceOf(IllegalArgumentException.class);
    }
}
