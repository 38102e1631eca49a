package org.brokerhandoff.operations.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reactions of a server to malformed HTTP. */
class BoundedHttpServerTest {
    private static final String SECRET = "kari-nordmann";

    @AutoClose
    private static final TestServers SERVERS = new TestServers();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    static Stream<Arguments> faults() {
        String get = "GET /x HTTP/1.1\r\nHost: a\r\n";
        String post = "POST /x HTTP/1.1\r\nHost: a\r\n";
        return Stream.of(
                Arguments.of(post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400, ""),
                Arguments.of(post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400, ""),
                Arguments.of(post + "Content-Length: 1, 1\r\n\r\nx", 400, ""),
                Arguments.of(post + "Content-Length: -1\r\n\r\n", 400, ""),
                Arguments.of(post + "Content-Length: +1\r\n\r\nx", 400, ""),
                Arguments.of(post + "Content-Length: 0x1\r\n\r\nx", 400, ""),
                Arguments.of(post + "Content-Length: 99999999999999999999\r\n\r\nx", 400, ""),
                Arguments.of(post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""),
                Arguments.of(post + "Transfer-Encoding: gzip\r\n\r\n", 400, ""),
                Arguments.of(post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, ""),
                Arguments.of(
                        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""),
                Arguments.of(post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400, ""),
                Arguments.of("POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""),
                Arguments.of(get + "X Y: 1\r\n\r\n", 400, "malformed-request"),
                Arguments.of(get + "X-Y : 1\r\n\r\n", 400, "malformed-request"),
                Arguments.of(get + " X-Y: 1\r\n\r\n", 400, ""),
                Arguments.of(get + "X-Y: a\r\n folded\r\n\r\n", 400, "malformed-request"),
                Arguments.of(get + "X-Y: a\r\n\tfolded\r\n\r\n", 400, "malformed-request"),
                Arguments.of(get + "X-Y: a\u0000b\r\n\r\n", 400, "malformed-request"),
                Arguments.of(get + ": 1\r\n\r\n", 400, "malformed-request"),
                Arguments.of(get + "nocolon\r\n\r\n", 400, "malformed-request"),
                Arguments.of("GET /x HTTP/1.1\nHost: a\n\n", 400, "malformed-request"),
                Arguments.of(get + "X-Long: " + "a".repeat(9 * 1024) + "\r\n\r\n", 431, "headers-too-large"),
                Arguments.of("GET /" + "a".repeat(5 * 1024) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "uri-too-long"),
                Arguments.of("GET /x HTTP/9.9\r\nHost: a\r\n\r\n", 505, "http-version-unsupported"),
                Arguments.of("GET /x HTTP/2.0\r\nHost: a\r\n\r\n", 505, "http-version-unsupported"),
                Arguments.of("GET /x HTTQ/1.1\r\nHost: a\r\n\r\n", -1, ""),
                Arguments.of("GET /x\r\n\r\n", -1, ""),
                Arguments.of(SECRET + "\r\n\r\n", -1, ""),
                Arguments.of("GET /x HTTP/1.1\r\n\r\n", 400, "host-invalid"),
                Arguments.of("GET /x HTTP/1.1\r\nHost:\r\n\r\n", 400, "host-invalid"),
                Arguments.of("GET /x HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "host-invalid"),
                Arguments.of("GET /x HTTP/1.1\r\nHost: u@a\r\n\r\n", 400, "host-invalid"),
                Arguments.of(get + "Host: b\r\n\r\n", 400, "header-repeated"),
                Arguments.of(
                        get + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400, "header-repeated"),
                Arguments.of(get + "Authorization: Bearer a, Bearer b\r\n\r\n", 400, "header-repeated"),
                Arguments.of(get + "Content-Type: text/a\r\ncontent-type: text/b\r\n\r\n", 400, "header-repeated"),
                Arguments.of(get + "Content-Type: text/a, text/b\r\n\r\n", 400, "header-repeated"),
                Arguments.of(get + "Idempotency-Key: a\r\nidempotency-key: b\r\n\r\n", 400, "header-repeated"),
                Arguments.of(get + "Idempotency-Key: a\r\nIdempotency-Key: a\r\n\r\n", 400, "header-repeated"),
                Arguments.of(get + "Expect: 100-continue\r\nExpect: 100-continue\r\n\r\n", 400, "header-repeated"),
                Arguments.of(post + "Expect: 200-ok\r\n\r\n", 417, "expectation-unsupported"),
                Arguments.of(
                        post + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
                        415,
                        "content-encoding-unsupported"),
                Arguments.of(
                        post + "Content-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
                        415,
                        "content-encoding-unsupported"),
                Arguments.of("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
                Arguments.of("GET /% HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
                Arguments.of("GET /x?q=%1 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
                Arguments.of("GET /\u00e5 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
                Arguments.of("GET /a\u0001b HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""),
                Arguments.of(post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n", 400, "malformed-body"),
                Arguments.of(post + "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n", 400, "malformed-body"),
                Arguments.of(
                        post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx\r\n0\r\n\r\n",
                        400,
                        "malformed-body"),
                Arguments.of(post + "Transfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n", 400, "malformed-body"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void what_is_no_proper_request_is_answered_with_a_problem_and_not_repeated(String bytes, int status, String code)
            throws IOException {
        HttpServer server = SERVERS.start(meters, ConnectionLimits.of(64, 64));
        try (RawClient client = new RawClient(server.actualPort())) {
            RawClient.Reply reply = client.send(bytes).reply(5_000);

            assertThat(reply.status()).describedAs("%s", reply).matches(found -> status < 0 || found == status);
            assertThat(reply.status()).isBetween(400, 505).isNotIn(500, 502, 503, 504);
            assertThat(reply.text().toLowerCase(Locale.ROOT))
                    .contains("content-type: application/problem+json")
                    .contains("connection: close")
                    .doesNotContain(SECRET, "folded");
            assertThat(reply.code()).isNotEmpty();
            if (!code.isEmpty()) {
                assertThat(reply.code()).isEqualTo(code);
            }
            assertThat(reply.closed()).isTrue();
        }
    }

    @Test
    void a_proper_request_is_answered_also_when_it_comes_byte_by_byte_pipelined_or_half_closed() throws IOException {
        HttpServer server = SERVERS.start(meters, ConnectionLimits.of(64, 64));
        String request = "POST /x?a=%20 HTTP/1.1\r\nHost: a:80\r\nContent-Length: 2\r\n\r\nok";
        try (RawClient client = new RawClient(server.actualPort())) {
            for (byte next : request.getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {next});
            }
            assertThat(client.reply(1500)).matches(reply -> reply.status() == 200 && !reply.closed());
            client.send(request + request);
            assertThat(client.reply(1500).text().split("HTTP/1.1 200", -1)).hasSize(3);
            client.send(request).endOfInput();
            assertThat(client.reply(3000)).matches(reply -> reply.status() == 200 && reply.closed());
        }
        try (RawClient client = new RawClient(server.actualPort())) {
            assertThat(client.send("GET /x HTTP/1.0\r\n\r\n").reply(3000))
                    .matches(reply -> reply.status() == 200 && reply.closed());
        }
    }

    @Test
    void a_fault_behind_a_proper_request_keeps_the_order_of_the_answers() throws IOException {
        HttpServer server = SERVERS.start(meters, ConnectionLimits.of(64, 64));
        try (RawClient client = new RawClient(server.actualPort())) {
            RawClient.Reply reply = client.send(
                            "GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
                    .reply(5000);
            assertThat(reply.text().indexOf("200 OK")).isBetween(0, reply.text().indexOf("header-repeated"));
        }
    }

    @Test
    void a_body_that_breaks_off_is_answered_to_who_still_listens() throws IOException {
        HttpServer server = SERVERS.start(meters, ConnectionLimits.of(64, 64));
        for (String begin : List.of(
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")) {
            try (RawClient client = new RawClient(server.actualPort())) {
                RawClient.Reply reply = client.send(begin).endOfInput().reply(5000);
                assertThat(reply.code()).describedAs("%s", reply).isEqualTo("malformed-body");
                assertThat(reply.closed()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1900, 2100, 3000, 4000})
    void a_long_head_within_the_limits_is_answered(int length) throws IOException {
        HttpServer server = SERVERS.start(meters, ConnectionLimits.of(64, 64));
        for (String head : List.of(
                "GET /x?" + "a=1&".repeat(length / 4) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /x?" + "%41".repeat(length / 3) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nX-Long: " + "y".repeat(length) + "\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\n" + "X-Y: 1\r\n".repeat(length / 8) + "\r\n")) {
            try (RawClient client = new RawClient(server.actualPort())) {
                assertThat(client.send(head.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n"))
                                .reply(5000)
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    /** Any bytes: a well-formed answer, or a closed connection. Never silence, never a 500, never the input. */
    @Test
    void random_bytes_are_answered_or_the_connection_is_closed() throws IOException {
        HttpServer server = SERVERS.start(
                meters,
                new ConnectionLimits(64, 64, Duration.ofMillis(400), Duration.ofMillis(400), Duration.ofMillis(400)));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> pieces = List.of(
                "GET ",
                "POST ",
                "HEAD ",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "/x",
                "/%41",
                "/%",
                "?",
                " HTTP/1.1\r\n",
                " HTTP/1.0\r\n",
                " HTTP/1.1\n",
                "Host: a\r\n",
                "Host: b\r\n",
                "Content-Length: 3\r\n",
                "Content-Length: x\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Expect: 100-continue\r\n",
                "\r\n",
                "\n",
                "\r",
                "\r\n\r\n",
                "3\r\nabc\r\n",
                "0\r\n\r\n",
                "zz\r\n",
                "abc",
                " ",
                ":",
                "\u0000",
                "\u00ff",
                "Connection: close\r\n",
                "Upgrade: websocket\r\nConnection: Upgrade\r\n");
        for (int wave = 0; wave < 3; wave++) {
            // In parallel, because many of them wait for a timeout.
            Map<RawClient, String> clients = new LinkedHashMap<>();
            for (int i = 0; i < 60; i++) {
                StringBuilder text = new StringBuilder();
                if (random.nextBoolean()) {
                    text.append("POST /x HTTP/1.1\r\nHost: a\r\n");
                }
                for (int more = random.nextInt(12); more >= 0; more--) {
                    text.append(pieces.get(random.nextInt(pieces.size())));
                }
                byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
                int split = random.nextInt(bytes.length + 1);
                RawClient client = new RawClient(server.actualPort());
                clients.put(client, text.toString());
                try {
                    client.send(Arrays.copyOfRange(bytes, 0, split));
                    client.send(Arrays.copyOfRange(bytes, split, bytes.length));
                } catch (IOException closedAlready) {
                    // Which is one of the two permitted answers.
                    assertThat(closedAlready).isNotNull();
                }
            }
            for (Map.Entry<RawClient, String> entry : clients.entrySet()) {
                RawClient.Reply reply = entry.getKey().reply(10_000);
                entry.getKey().close();
                assertThat(reply.closed())
                        .describedAs("seed %d: %s -> %s", seed, entry.getValue(), reply)
                        .isTrue();
                assertThat(reply.text()).doesNotContain("HTTP/1.1 500", "HTTP/1.0 500");
                if (reply.status() >= 400) {
                    assertThat(reply.text()).contains("application/problem+json");
                }
            }
        }
    }
}
