package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.router.http.Exchanges.ACCEPTED;
import static org.brokerhandoff.router.http.Exchanges.PATIENT;
import static org.brokerhandoff.router.http.Exchanges.broker;
import static org.brokerhandoff.router.http.Exchanges.head;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.NotSentReason;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.NextMove;
import org.brokerhandoff.router.deliver.OutcomeTable;
import org.brokerhandoff.router.deliver.Patience;
import org.brokerhandoff.router.directory.Broker;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Receivers that mean no good, over real sockets: what bounds each of them, and what the event log says of the attempt. */
class HostileReceiverIT {
    private static final Duration LIMIT = Duration.ofMillis(1_500);

    private static BrokerReply notSent(NotSentReason reason) {
        return new BrokerReply.NotSent(reason);
    }

    private static final OutcomeTable TABLE =
            new OutcomeTable(new Backoff(Duration.ofMillis(20), Duration.ofMillis(200)), new Patience(3), 3);
    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static Broker local(int port) {
        return broker("http://127.0.0.1:" + port + "/handoffs", "local: true\n");
    }

    private static BrokerReply post(VertxBrokerClient client, Broker broker) throws Exception {
        return post(client, broker, LIMIT);
    }

    private static BrokerReply post(VertxBrokerClient client, Broker broker, Duration limit) throws Exception {
        return Exchanges.post(VERTX, client, broker, limit);
    }

    private static VertxBrokerClient client() {
        return new VertxBrokerClient(VERTX, PATIENT, Optional.empty());
    }

    private static String recorded(BrokerReply reply) {
        NextMove move = TABLE.after(
                reply,
                new OutcomeTable.Circumstances(false, 1, false, 1, Instant.now().plusSeconds(600)),
                Instant.now(),
                0.5);
        return move instanceof NextMove.Undecided undecided
                ? undecided.recorded().name()
                : move.getClass().getSimpleName();
    }

    private static BrokerReply answered(int status) {
        return new BrokerReply.Answered(status, Optional.empty(), Optional.empty());
    }

    private static BrokerReply noReply() {
        return new BrokerReply.NoReply(OptionalInt.empty());
    }

    private static BrokerReply noReply(int status) {
        return new BrokerReply.NoReply(OptionalInt.of(status));
    }

    /** A gigabyte of blanks around an acceptance, in a few kilobytes. */
    private static String bomb() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write("{\"status\":\"accepted\"}".getBytes(StandardCharsets.UTF_8));
            byte[] blanks = new byte[1 << 16];
            for (int i = 0; i < 160; i++) {
                gzip.write(blanks);
            }
        }
        String body = out.toString(StandardCharsets.ISO_8859_1);
        return head(200, "content-encoding: gzip", "content-length: " + body.length()) + body;
    }

    static Stream<Arguments> manners() throws IOException {
        String more = "x".repeat(1024);
        return Stream.of(
                Arguments.of(
                        "slow drip",
                        HostileReceiver.endless(head(200, "content-length: 5000"), "x", 100),
                        noReply(200)),
                Arguments.of("silence", HostileReceiver.endless("", "", 100), noReply()),
                Arguments.of(
                        "oversized body",
                        HostileReceiver.endless(head(200, "content-length: 50000000"), more, 0),
                        noReply(200)),
                Arguments.of(
                        "endless body",
                        HostileReceiver.endless(head(200, "transfer-encoding: chunked"), "400\r\n" + more + "\r\n", 0),
                        noReply(200)),
                Arguments.of(
                        "endless headers",
                        HostileReceiver.endless("HTTP/1.1 200 OK\r\n", "x-more: " + more + "\r\n", 0),
                        noReply()),
                Arguments.of("endless status line", HostileReceiver.endless("HTTP/1.1 200 ", more, 0), noReply()),
                Arguments.of("endless interim replies", HostileReceiver.endless("", head(103, "x: y"), 1), noReply()),
                Arguments.of("malformed HTTP", HostileReceiver.answering("garbage\r\n\r\n"), noReply()),
                Arguments.of(
                        "malformed JSON",
                        HostileReceiver.answering(head(200, "content-length: 10") + "{\"status\":"),
                        answered(200)),
                Arguments.of("compressed bomb", HostileReceiver.answering(bomb()), answered(200)),
                Arguments.of(
                        "compressed though not requested",
                        HostileReceiver.answering(
                                head(200, "content-encoding: br", "content-length: " + ACCEPTED.length()) + ACCEPTED),
                        answered(200)),
                Arguments.of(
                        "dropped after the request", (HostileReceiver.Manners) HostileReceiver::request, noReply()),
                Arguments.of(
                        "reset after the request",
                        (HostileReceiver.Manners) socket -> {
                            HostileReceiver.request(socket);
                            HostileReceiver.reset(socket);
                        },
                        noReply()),
                Arguments.of(
                        "reset before the request is read", (HostileReceiver.Manners) HostileReceiver::reset, null),
                Arguments.of(
                        "reset in the head",
                        (HostileReceiver.Manners) socket -> {
                            HostileReceiver.request(socket);
                            HostileReceiver.write(socket, "HTTP/1.1 200 OK\r\ncontent-le");
                            HostileReceiver.reset(socket);
                        },
                        noReply()),
                Arguments.of(
                        "dropped in the body",
                        (HostileReceiver.Manners) socket -> {
                            HostileReceiver.request(socket);
                            HostileReceiver.write(socket, head(200, "content-length: 50") + ACCEPTED);
                        },
                        noReply(200)),
                Arguments.of(
                        "nonsense in Retry-After",
                        HostileReceiver.answering(head(429, "retry-after: soon", "content-length: 0")),
                        new BrokerReply.Answered(429, Optional.empty(), Optional.of("soon"))),
                Arguments.of("gone", HostileReceiver.answering(head(410, "content-length: 0")), answered(410)),
                Arguments.of(
                        "not authorised", HostileReceiver.answering(head(401, "content-length: 0")), answered(401)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manners")
    void a_receiver_is_bounded_and_the_next_exchange_works(
            String name, HostileReceiver.Manners manners, @Nullable BrokerReply expected) throws Exception {
        AtomicInteger connection = new AtomicInteger();
        HostileReceiver.Manners well =
                HostileReceiver.answering(head(200, "content-length: " + ACCEPTED.length()) + ACCEPTED);
        try (VertxBrokerClient client = client();
                HostileReceiver receiver = HostileReceiver.plain(
                        socket -> (connection.getAndIncrement() == 0 ? manners : well).treat(socket))) {
            BrokerReply reply = post(client, local(receiver.port()));
            if (expected == null) {
                // Whether a byte had gone out when the reset came is a race; an acceptance it is not.
                assertThat(reply).isIn(notSent(NotSentReason.UNREACHABLE), noReply());
            } else {
                assertThat(reply).isEqualTo(expected);
                boolean may = reply instanceof BrokerReply.NoReply
                        || (reply instanceof BrokerReply.Answered answered && answered.status() == 200);
                assertThat(recorded(reply).equals(AttemptOutcome.UNKNOWN.name()))
                        .isEqualTo(may);
            }
        }
        try (VertxBrokerClient client = client();
                HostileReceiver receiver = HostileReceiver.plain(well)) {
            assertThat(post(client, local(receiver.port()), PATIENT))
                    .isEqualTo(
                            new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty()));
        }
    }

    @Test
    void a_redirect_to_a_private_address_is_an_answer_and_nothing_goes_there() throws Exception {
        try (HostileReceiver target = HostileReceiver.plain(HostileReceiver::request);
                VertxBrokerClient client = client()) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                try (HostileReceiver receiver = HostileReceiver.plain(HostileReceiver.answering(
                        head(status, "location: http://127.0.0.1:" + target.port() + "/", "content-length: 0")))) {
                    BrokerReply reply = post(client, local(receiver.port()));
                    assertThat(reply).isEqualTo(answered(status));
                    assertThat(recorded(reply)).isEqualTo(AttemptOutcome.DEFERRED.name());
                }
            }
            assertThat(target.connections).hasValue(0);
        }
    }

    @Test
    void a_name_that_leads_inside_is_not_connected_to_whatever_it_led_to_before() throws Exception {
        AtomicReference<List<InetAddress>> leads = new AtomicReference<>(List.of());
        for (String inside : List.of("127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "fd00:ec2::254")) {
            leads.set(List.of(InetAddress.getByName(inside)));
            try (HostileReceiver receiver = HostileReceiver.plain(HostileReceiver::request);
                    VertxBrokerClient client = new VertxBrokerClient(
                            VERTX,
                            Duration.ofSeconds(1),
                            Optional.empty(),
                            host -> Future.succeededFuture(leads.get()))) {
                Broker broker = broker("https://fjord-markets.example:" + receiver.port() + "/", "");
                assertThat(post(client, broker)).as(inside).isEqualTo(notSent(NotSentReason.ADDRESS_REFUSED));
                assertThat(receiver.connections).as(inside).hasValue(0);
            }
        }
    }

    @Test
    void an_address_in_the_endpoint_is_checked_in_all_its_forms() throws Exception {
        for (String host :
                List.of("127.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::1]")) {
            try (HostileReceiver receiver = HostileReceiver.plain(HostileReceiver::request);
                    VertxBrokerClient client = client()) {
                Broker broker = broker("https://" + host + ":" + receiver.port() + "/", "");
                assertThat(post(client, broker)).as(host).isEqualTo(notSent(NotSentReason.ADDRESS_REFUSED));
                assertThat(receiver.connections).as(host).hasValue(0);
            }
        }
    }

    @Test
    void a_proxy_is_asked_for_the_brokers_name_and_sees_nothing_of_the_request() throws Exception {
        AtomicReference<String> asked = new AtomicReference<>("");
        try (HostileReceiver proxy = HostileReceiver.plain(socket -> {
                    asked.set(HostileReceiver.request(socket));
                    HostileReceiver.write(socket, head(403, "content-length: 0"));
                });
                HostileReceiver receiver = HostileReceiver.plain(
                        HostileReceiver.answering(head(200, "content-length: " + ACCEPTED.length()) + ACCEPTED));
                VertxBrokerClient client = new VertxBrokerClient(
                        VERTX,
                        Duration.ofSeconds(1),
                        Optional.of(ProxyAddress.of("http://127.0.0.1:" + proxy.port())))) {
            assertThat(post(client, broker("https://fjord-markets.example/handoffs", "")))
                    .isEqualTo(notSent(NotSentReason.PROXY_FAILED));
            assertThat(asked.get())
                    .startsWith("CONNECT fjord-markets.example:443 ")
                    .doesNotContain("webhook");
            // A local broker is reached without it.
            assertThat(post(client, local(receiver.port()), PATIENT)).isInstanceOf(BrokerReply.Answered.class);
            assertThat(proxy.connections).hasValue(1);
        }
    }
}
