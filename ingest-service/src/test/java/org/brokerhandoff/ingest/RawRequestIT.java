package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as bytes: those that a client library would not send, and the reaction of the interface. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before the first test
class RawRequestIT {
    private Vertx vertx;
    private IngestWithRegister service;
    private Website website;

    @BeforeAll
    void start(@TempDir Path directory) {
        vertx = Vertx.vertx();
        TestKafka kafka = TestKafka.shared();
        service = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix())
                .start(vertx);
        website = new Website(service.port()).ready();
    }

    @AfterAll
    void stop() {
        service.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Idempotency-Key: a|Idempotency-Key: b; 400; header-repeated",
                "Idempotency-Key: a|idempotency-key: a; 400; header-repeated",
                "Idempotency-Key: a, b; 400; header-repeated",
                "Idempotency-Key: a|Content-Encoding: gzip; 415; content-encoding-unsupported",
                "Idempotency-Key: a|Content-Encoding: deflate, gzip; 400; header-repeated",
                "Idempotency-Key: a|Content-Type: application/json; 400; header-repeated",
                "Idempotency-Key: a|Authorization: Bearer x; 400; header-repeated",
                "Idempotency-Key: a|Host: b; 400; header-repeated",
                "Idempotency-Key: a|Content-Length: 2; 400; ''",
                "Idempotency-Key: a|Transfer-Encoding: chunked; 400; ''",
                "Idempotency-Key: a|Expect: something; 417; expectation-unsupported",
                "Idempotency-Key: a|X-Y : 1; 400; malformed-request"
            })
    void a_signup_with_such_headers_is_refused(String headers, int status, String code) throws IOException {
        String reply = exchange(
                "POST /v1/signups HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + Installation.WEBSITE
                        + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n" + headers.replace("|", "\r\n")
                        + "\r\n\r\n{}",
                4000);
        assertThat(reply).startsWith("HTTP/1.1 " + status).contains("application/problem+json", code);
    }

    @Test
    void a_body_beyond_the_limit_is_refused_before_it_is_asked_for_and_one_within_is_asked_for() throws IOException {
        String head = "POST /v1/signups HTTP/1.1\r\nHost: a\r\nIdempotency-Key: expect\r\nAuthorization: Bearer "
                + Installation.WEBSITE
                + "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ";

        assertThat(exchange(head + "16385\r\n\r\n", 4000))
                .startsWith("HTTP/1.1 413")
                .doesNotContain("100 Continue")
                .contains("body-too-large");
        assertThat(exchange(head + "2\r\n\r\n", 1500)).startsWith("HTTP/1.1 100");
        assertThat(exchange(head + "2\r\n\r\n{}", 1500)).contains("HTTP/1.1 422");
        assertThat(exchange(head.replace(Installation.WEBSITE, "guess") + "2\r\n\r\n", 4000))
                .startsWith("HTTP/1.1 401")
                .doesNotContain("100 Continue");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n{}\r\n0\r\n\r\n", "-2\r\n{}\r\n0\r\n\r\n", "2\r\n{}xx\r\n0\r\n\r\n"})
    void a_malformed_chunk_is_answered(String body) throws IOException {
        assertThat(exchange(
                        "POST /v1/signups HTTP/1.1\r\nHost: a\r\nIdempotency-Key: chunk\r\nAuthorization: Bearer "
                                + Installation.WEBSITE
                                + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + body,
                        4000))
                .startsWith("HTTP/1.1 400")
                .contains("malformed-body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/health/ready", "/openapi.yaml", "/asyncapi.yaml"})
    void head_is_answered_like_get_without_the_body(String path) {
        Website.Answer get = website.get(path);
        Website.Answer head = website.send(website.request(path, Installation.WEBSITE)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());

        assertThat(head.status()).isEqualTo(get.status());
        assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
        assertThat(head.response().body()).isEmpty();
    }

    @Test
    void half_open_connections_lock_out_no_client() throws IOException {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 700; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
                socket.getOutputStream().write("POST /v1/signups HTTP/1.1\r\nHost".getBytes(StandardCharsets.US_ASCII));
                idle.add(socket);
            }
            Website operations = new Website(service.operationsPort());
            assertThat(operations.get("/health/ready").json().path("checks")).isNotEmpty();
            assertThat(operations.get("/metrics").response().body()).contains("handoff_http_connections_closed");
            // A new client: an idle connection of another test gives way to the crowd, and one taken from a pool at
            // that moment ends without an answer.
            Website newcomer = new Website(service.port());
            assertThat(newcomer.signUp("crowd", Website.body("Kari Nordmann")).status())
                    .isEqualTo(202);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    /** Sends {@code request} and reads until the end, or {@code millis} of silence. */
    private String exchange(String request, int millis) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            try {
                for (int next = socket.getInputStream().read();
                        next >= 0;
                        next = socket.getInputStream().read()) {
                    reply.write(next);
                }
            } catch (SocketTimeoutException silent) {
                // What arrived until then is judged.
                assertThat(silent).isNotNull();
            }
            return reply.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
