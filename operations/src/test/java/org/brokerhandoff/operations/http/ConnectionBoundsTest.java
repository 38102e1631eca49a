package org.brokerhandoff.operations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are slow, or exhaust a server's connections. */
class ConnectionBoundsTest {
    private static final ConnectionLimits SHORT =
            new ConnectionLimits(8, 4, Duration.ofMillis(700), Duration.ofMillis(700), Duration.ofMillis(1500));

    @AutoClose
    private static final TestServers SERVERS = new TestServers();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void who_is_slow_with_the_head_or_the_body_is_told_so_and_the_connection_ends() throws IOException {
        HttpServer server = SERVERS.start(meters, SHORT);
        try (RawClient head = new RawClient(server.actualPort());
                RawClient silent = new RawClient(server.actualPort());
                RawClient body = new RawClient(server.actualPort())) {
            head.send("GET /x HTTP/1.1\r\nHost:");
            body.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab");
            for (RawClient client : List.of(head, silent, body)) {
                RawClient.Reply reply = client.reply(5000);
                assertThat(reply.status()).describedAs("%s", reply).isEqualTo(408);
                assertThat(reply.code()).isEqualTo("request-timeout");
                assertThat(reply.closed()).isTrue();
            }
        }
        try (RawClient idle = new RawClient(server.actualPort())) {
            idle.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Reply reply = idle.reply(5000);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.closed()).isTrue();
        }
    }

    @Test
    void an_answer_that_streams_outlives_the_idle_time_and_the_connection_is_idle_from_its_end() throws IOException {
        HttpServer server = SERVERS.start(meters, SHORT);
        try (RawClient client = new RawClient(server.actualPort())) {
            client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
            long began = System.nanoTime();
            RawClient.Reply reply = client.reply(8000);

            assertThat(reply.text()).contains("beat").endsWith("0\r\n\r\n");
            assertThat(reply.closed()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .describedAs("the stream's time and the idle time after it")
                    .isGreaterThan(TestServers.STREAM.plus(SHORT.idle()).minusMillis(200));
        }
        try (RawClient other = new RawClient(server.actualPort())) {
            other.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n").endOfInput();
            assertThat(other.reply(9000).closed())
                    .describedAs("who ends its side is not streamed to")
                    .isTrue();
        }
    }

    @Test
    void half_open_connections_give_way_to_a_client_with_a_request() throws IOException {
        HttpServer server = SERVERS.start(meters, ConnectionLimits.of(8, 4));
        List<RawClient> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                RawClient client = new RawClient(server.actualPort());
                idle.add(client);
                if (i % 2 == 0) {
                    client.send("POST /x HTTP/1.1\r\nHost: a\r\nX-");
                }
            }
            for (int i = 0; i < 5; i++) {
                try (RawClient client = new RawClient(server.actualPort())) {
                    assertThat(client.send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                                    .reply(5000)
                                    .status())
                            .isEqualTo(200);
                }
            }
            await().until(() -> meters.get("handoff.http.connections").gauge().value() <= 4);
            assertThat(meters.get("handoff.http.connections.closed").counter().count())
                    .isGreaterThanOrEqualTo(46);
        } finally {
            for (RawClient client : idle) {
                client.close();
            }
        }
        await().until(() -> meters.get("handoff.http.connections").gauge().value() == 0);
    }

    /** Each is answered before its body has ended, or because it is malformed: none of them occupies its connection after that. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok",
                "POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\no",
                "POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\n\r\n",
                "POST /refused HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "POST /refused HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
                "GET /refused HTTP/1.1\r\nHost: a\r\n\r\n",
                "HEAD /refused HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nokGET /refused HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
            })
    void refused_requests_lock_out_no_client(String refused) throws IOException {
        HttpServer server = SERVERS.start(meters, ConnectionLimits.of(8, 4));
        List<RawClient> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 6; i++) {
                RawClient stranger = new RawClient(server.actualPort());
                strangers.add(stranger);
                assertThat(stranger.send(refused).reply(150).status()).isIn(200, 400, 401);
            }
            try (RawClient client = new RawClient(server.actualPort())) {
                assertThat(client.send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                                .reply(5000)
                                .status())
                        .isEqualTo(200);
            }
        } finally {
            for (RawClient stranger : strangers) {
                stranger.close();
            }
        }
        // At once, not after the time allowed for an answer to arrive.
        await().atMost(Duration.ofSeconds(3))
                .until(() -> meters.get("handoff.http.connections").gauge().value() == 0);
    }

    @Test
    void connections_with_requests_under_way_are_not_closed_for_new_ones() throws IOException {
        HttpServer server = SERVERS.start(meters, ConnectionLimits.of(8, 2));
        try (RawClient first = new RawClient(server.actualPort());
                RawClient second = new RawClient(server.actualPort())) {
            first.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\no");
            second.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\no");
            await().until(() -> meters.get("test.begun").counter().count() == 2);
            try (RawClient third = new RawClient(server.actualPort())) {
                assertThat(third.reply(5000)).isEqualTo(new RawClient.Reply("", true));
            }
            assertThat(first.send("k").reply(1500).status()).isEqualTo(200);
            assertThat(second.send("k").reply(1500).status()).isEqualTo(200);
        }
    }

    @Test
    void fewer_connections_are_allowed_than_there_are_descriptors() {
        ConnectionLimits wanted = ConnectionLimits.of(1024, 512);
        assertThat(wanted.within(5000)).isEqualTo(wanted);
        assertThat(wanted.within(150)).isEqualTo(ConnectionLimits.of(150, 75));
        assertThat(wanted.within(-3)).isEqualTo(ConnectionLimits.of(16, 8));
        assertThat(ConnectionLimits.of(10, 10).within(400)).isEqualTo(ConnectionLimits.of(10, 10));
    }
}
