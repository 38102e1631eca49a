package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that say more than one final reply to each request: whose reply a reply is, and what becomes of the connection. */
class ReplyGuardIT {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration LIMIT = Duration.ofSeconds(10);
    static final Duration SHORT = Duration.ofMillis(700);

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static CompletableFuture<BrokerReply> post(VertxBrokerClient client, int port, Duration limit) {
        return post(VERTX, client, port, limit);
    }

    static CompletableFuture<BrokerReply> post(Vertx vertx, VertxBrokerClient client, int port, Duration limit) {
        Broker broker = Exchanges.broker("http://127.0.0.1:" + port + "/handoffs", "local: true\n");
        PersonalData body = PersonalData.takeOver("{}".getBytes(StandardCharsets.UTF_8));
        WebhookSignature signature =
                WebhookSignature.of(UUID.randomUUID().toString(), Instant.now(), body, broker.secrets());
        CompletableFuture<BrokerReply> reply = new CompletableFuture<>();
        vertx.runOnContext(nothing -> client.post(broker, body, signature, limit)
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        reply.complete(answer);
                    } else {
                        reply.completeExceptionally(failure);
                    }
                }));
        return reply;
    }

    private static BrokerReply posted(VertxBrokerClient client, int port) throws Exception {
        return post(client, port, LIMIT).get(30, TimeUnit.SECONDS);
    }

    private static VertxBrokerClient client() {
        return client(VERTX);
    }

    static VertxBrokerClient client(Vertx vertx) {
        return new VertxBrokerClient(vertx, LIMIT, Optional.empty());
    }

    private static BrokerReply.Answered accepted() {
        return new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty());
    }

    private static BrokerReply.Answered rejected() {
        return new BrokerReply.Answered(422, Optional.of(BrokerReply.Verdict.REJECTED), Optional.empty());
    }

    private static BrokerReply.NoReply noReply() {
        return new BrokerReply.NoReply(OptionalInt.empty());
    }

    private static String reply(int status, String word, String... headers) {
        String body = "{\"status\":\"" + word + "\"}";
        return "HTTP/1.1 " + status + " X\r\ncontent-length: " + body.length() + "\r\n"
                + String.join("", List.of(headers)) + "\r\n" + body;
    }

    /** The header by which a reply names the request with this head. */
    static String naming(String request) {
        int start = request.indexOf("x-request-id: ");
        return request.substring(start, request.indexOf("\r\n", start) + 2);
    }

    static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @FunctionalInterface
    interface Answer {
        void to(Socket socket, String request, int number) throws IOException;
    }

    /** Answers every request on every connection; the requests are numbered from 0. */
    static HostileReceiver.Manners always(AtomicInteger requests, Answer answer) {
        return socket -> {
            while (true) {
                String request = HostileReceiver.request(socket);
                answer.to(socket, request, requests.getAndIncrement());
            }
        };
    }

    /** The minimal case: the first gets an interim reply at once and its answer later, the second another answer in between. */
    @ParameterizedTest
    @ValueSource(ints = {100, 102, 103, 104, 110, 150, 199})
    void an_interim_reply_is_skipped_and_the_final_one_waited_for(int interim) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (VertxBrokerClient client = client();
                HostileReceiver receiver = HostileReceiver.plain(always(requests, (socket, request, number) -> {
                    if (number == 0) {
                        for (int i = 0; i < 3; i++) {
                            HostileReceiver.write(socket, "HTTP/1.1 " + interim + " Wait\r\nx-step: 1\r\n\r\n");
                        }
                        pause(500);
                        HostileReceiver.write(socket, reply(200, "accepted", naming(request)));
                    } else {
                        HostileReceiver.write(socket, reply(422, "rejected", naming(request)));
                    }
                }))) {
            CompletableFuture<BrokerReply> first = post(client, receiver.port(), LIMIT);
            await().atMost(1, TimeUnit.MINUTES).until(() -> requests.get() == 1);
            CompletableFuture<BrokerReply> second = post(client, receiver.port(), LIMIT);
            assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(rejected());
            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(accepted());
        }
    }

    @Test
    void switching_protocols_and_a_flood_of_interim_replies_are_no_reply() throws Exception {
        for (String interim : List.of(
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
                "HTTP/1.1 102 Processing\r\n\r\n".repeat(ReplyGuard.MOST_INTERIM_REPLIES + 1))) {
            try (VertxBrokerClient client = client();
                    HostileReceiver receiver =
                            HostileReceiver.plain(always(new AtomicInteger(), (socket, request, number) -> {
                                HostileReceiver.write(socket, interim + reply(200, "accepted", naming(request)));
                            }))) {
                assertThat(posted(client, receiver.port())).isEqualTo(noReply());
            }
        }
    }

    /** Odd ones are rejected. Whatever comes behind a reply must not become the answer to the next request. */
    private static void eachItsOwn(Answer answer, int requests, int atOnce) throws Exception {
        AtomicInteger number = new AtomicInteger();
        try (VertxBrokerClient client = client();
                HostileReceiver receiver = HostileReceiver.plain(always(number, answer))) {
            List<CompletableFuture<BrokerReply>> replies = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                replies.add(post(client, receiver.port(), LIMIT));
                if (replies.size() % atOnce == 0) {
                    replies.get(replies.size() - 1).get(30, TimeUnit.SECONDS);
                }
            }
            int accepted = 0;
            int rejected = 0;
            for (CompletableFuture<BrokerReply> each : replies) {
                BrokerReply reply = each.get(30, TimeUnit.SECONDS);
                accepted += reply.equals(accepted()) ? 1 : 0;
                rejected += reply.equals(rejected()) ? 1 : 0;
            }
            assertThat(number).hasValue(requests);
            assertThat(accepted).isEqualTo((requests + 1) / 2);
            assertThat(rejected).isEqualTo(requests / 2);
        }
    }

    static String own(int number, String... headers) {
        return number % 2 == 0 ? reply(200, "accepted", headers) : reply(422, "rejected", headers);
    }

    private static String other(int number, String... headers) {
        return own(number + 1, headers);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_doubled_reply_answers_nobody_else(boolean names) throws Exception {
        eachItsOwn(
                (socket, request, number) -> {
                    String reply = own(number, names ? naming(request) : "");
                    HostileReceiver.write(socket, reply + reply);
                },
                150,
                100);
    }

    /** Fixed pauses of a peer, not of the test: the second reply comes while the next request waits for its own. */
    @ParameterizedTest
    @ValueSource(longs = {1, 5, 20})
    void a_reply_that_is_repeated_late_answers_nobody_else(long millis) throws Exception {
        eachItsOwn(
                (socket, request, number) -> {
                    HostileReceiver.write(socket, own(number));
                    pause(millis);
                    HostileReceiver.write(socket, other(number));
                },
                40,
                1);
    }

    @Test
    void trailing_bytes_close_the_connection_and_change_nothing_else() throws Exception {
        for (String trailing : List.of("\r\n", "x", "HTTP/1.1 200 OK\r\n", "\0\0\0", "0\r\n\r\n")) {
            AtomicInteger connections = new AtomicInteger();
            eachItsOwn(
                    (socket, request, number) -> HostileReceiver.write(socket, own(number, naming(request)) + trailing),
                    10,
                    1);
            assertThat(connections).hasValue(0);
        }
    }

    @Test
    void a_connection_is_used_again_if_its_replies_name_their_requests_and_else_not() throws Exception {
        for (boolean names : new boolean[] {true, false}) {
            try (VertxBrokerClient client = client();
                    HostileReceiver receiver = HostileReceiver.plain(always(
                            new AtomicInteger(),
                            (socket, request, number) -> HostileReceiver.write(
                                    socket, reply(200, "accepted", names ? naming(request) : ""))))) {
                for (int i = 0; i < 5; i++) {
                    assertThat(posted(client, receiver.port())).isEqualTo(accepted());
                }
                assertThat(receiver.connections).hasValue(names ? 1 : 5);
            }
        }
    }

    @Test
    void on_a_connection_that_is_used_again_a_reply_that_does_not_name_its_request_does_not_count() throws Exception {
        String[] former = {""};
        for (int kind = 0; kind < 3; kind++) {
            int how = kind;
            try (VertxBrokerClient client = client();
                    HostileReceiver receiver =
                            HostileReceiver.plain(always(new AtomicInteger(), (socket, request, number) -> {
                                String named = number == 0
                                        ? naming(request)
                                        : how == 0 ? "" : how == 1 ? former[0] : naming(request) + former[0];
                                former[0] = naming(request);
                                HostileReceiver.write(socket, reply(200, "accepted", named));
                            }))) {
                assertThat(posted(client, receiver.port())).isEqualTo(accepted());
                assertThat(posted(client, receiver.port())).isEqualTo(noReply());
                assertThat(receiver.connections).hasValue(1);
            }
        }
    }

    /** As proxies do whose time is over: the next request goes elsewhere, whole. */
    @Test
    void what_arrives_between_two_requests_is_dropped_with_its_connection() throws Exception {
        try (VertxBrokerClient client = client();
                HostileReceiver receiver =
                        HostileReceiver.plain(always(new AtomicInteger(), (socket, request, number) -> {
                            HostileReceiver.write(socket, own(number, naming(request)));
                            pause(20);
                            HostileReceiver.write(socket, reply(408, "unknown"));
                        }))) {
            for (int i = 0; i < 6; i++) {
                assertThat(posted(client, receiver.port())).isEqualTo(i % 2 == 0 ? accepted() : rejected());
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertThat(receiver.connections).hasValue(6);
        }
    }

    @Test
    void framing_that_can_be_read_in_two_ways_is_no_reply() throws Exception {
        String body = "{\"status\":\"accepted\"}";
        String chunked = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        for (String reply : List.of(
                "HTTP/1.1 200 X\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n" + chunked,
                "HTTP/1.1 200 X\r\ncontent-length: " + body.length() + "\r\ncontent-length: 3\r\n\r\n" + body,
                "HTTP/2.0 200 X\r\ncontent-length: " + body.length() + "\r\n\r\n" + body,
                "HTTP/1.1 099 X\r\ncontent-length: " + body.length() + "\r\n\r\n" + body,
                "ICY 200 X\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)) {
            try (VertxBrokerClient client = client();
                    HostileReceiver receiver = HostileReceiver.plain(HostileReceiver.answering(reply))) {
                assertThat(post(client, receiver.port(), SHORT).get(30, TimeUnit.SECONDS))
                        .as(reply)
                        .isInstanceOf(BrokerReply.NoReply.class);
            }
        }
    }

    @Test
    void replies_that_older_servers_send_count() throws Exception {
        String body = "{\"status\":\"accepted\"}";
        for (String reply : List.of(
                "HTTP/1.0 200 OK\r\n\r\n" + body,
                "HTTP/1.1 200 OK\r\n\r\n" + body,
                "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: " + body.length() + "\r\n\r\n" + body,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)) {
            try (VertxBrokerClient client = client();
                    HostileReceiver receiver = HostileReceiver.plain(socket -> {
                        HostileReceiver.request(socket);
                        HostileReceiver.write(socket, reply);
                    })) {
                assertThat(posted(client, receiver.port())).as(reply).isEqualTo(accepted());
                assertThat(posted(client, receiver.port())).as(reply).isEqualTo(accepted());
                assertThat(receiver.connections).hasValue(2);
            }
        }
    }

    @Test
    void a_body_that_ends_with_a_reset_has_no_end() throws Exception {
        try (VertxBrokerClient client = client();
                HostileReceiver receiver = HostileReceiver.plain(socket -> {
                    HostileReceiver.request(socket);
                    HostileReceiver.write(socket, "HTTP/1.1 200 OK\r\n\r\n{\"status\":\"accepted\"}");
                    pause(100);
                    HostileReceiver.reset(socket);
                })) {
            assertThat(posted(client, receiver.port())).isEqualTo(new BrokerReply.NoReply(OptionalInt.of(200)));
        }
    }

    @Test
    void a_reply_without_a_body_that_has_one_is_followed_by_nothing() throws Exception {
        for (int status : new int[] {204, 304}) {
            AtomicInteger number = new AtomicInteger();
            try (VertxBrokerClient client = client();
                    HostileReceiver receiver = HostileReceiver.plain(always(
                            number,
                            (socket, request, at) -> HostileReceiver.write(
                                    socket, reply(status, "accepted", naming(request)) + reply(200, "accepted"))))) {
                for (int i = 0; i < 3; i++) {
                    assertThat(posted(client, receiver.port()))
                            .isEqualTo(new BrokerReply.Answered(status, Optional.empty(), Optional.empty()));
                }
                assertThat(receiver.connections).hasValue(3);
            }
        }
    }
}
