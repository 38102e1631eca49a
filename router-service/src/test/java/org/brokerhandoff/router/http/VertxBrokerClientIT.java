package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.event.NotSentReason;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.HandoffRequest;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Authorization;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.Connection;
import org.brokerhandoff.router.directory.FieldMapping;
import org.brokerhandoff.router.directory.Profile;
import org.brokerhandoff.router.directory.Terms;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Reaction;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.sandbox.SandboxBrokerSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client on a real network: what it says of exchanges that ended badly, and whether it can continue after them. */
class VertxBrokerClientIT {
    private static final int POOL = 64;

    private final Vertx vertx = Vertx.vertx();
    private final VertxBrokerClient client = new VertxBrokerClient(vertx, Duration.ofSeconds(1), Optional.empty());
    private final SandboxBroker sandbox = SandboxBroker.start(vertx, SandboxBrokerSettings.named("fjord-markets"));

    @AfterEach
    void close() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static Broker broker(URI endpoint) {
        return broker(endpoint, Connection.PLAIN);
    }

    private static Broker broker(URI endpoint, Connection connection) {
        return new Broker(
                "fjord-markets",
                "Fjord Markets AS",
                List.of("*"),
                List.of(),
                Map.of("default", "EEA"),
                URI.create("https://fjord-markets.example/privacy"),
                endpoint,
                Optional.empty(),
                List.of(WebhookSecret.parse(Examples.SECRET).orElseThrow()),
                1,
                1,
                true,
                Broker.Status.ACTIVE,
                Terms.PLAIN,
                Profile.of(RecipientKind.BROKER),
                connection,
                FieldMapping.NONE);
    }

    private static PersonalData body(UUID id) {
        return HandoffRequest.body(
                Examples.signup(id, "fjord-markets"),
                new Assignment("fjord-markets", 0, Examples.RECEIVED),
                PersonalData.takeOver("{\"fullName\":\"Kari\",\"email\":\"kari@example.no\",\"country\":\"NO\"}"
                        .getBytes(StandardCharsets.UTF_8)));
    }

    private CompletableFuture<BrokerReply> post(URI endpoint, PersonalData body, UUID id, Duration limit) {
        Broker broker = broker(endpoint);
        WebhookSignature signature = WebhookSignature.of(id.toString(), Instant.now(), body, broker.secrets());
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

    private BrokerReply post(Duration limit) throws Exception {
        UUID id = UUID.randomUUID();
        return post(sandbox.endpoint(), body(id), id, limit).get(20, TimeUnit.SECONDS);
    }

    @Test
    void the_body_is_wiped_however_the_exchange_ends() throws Exception {
        for (Reaction reaction : List.of(
                Reaction.accept(),
                new Reaction.DropConnection(),
                new Reaction.AcceptWithHugeReply(1_000_000),
                new Reaction.AcceptThenReplyLate(Duration.ofSeconds(3)))) {
            sandbox.behave(Behaviour.always(reaction));
            UUID id = UUID.randomUUID();
            PersonalData body = body(id);
            post(sandbox.endpoint(), body, id, Duration.ofSeconds(1)).get(20, TimeUnit.SECONDS);
            assertThat(body.wiped()).isTrue();
        }
    }

    @Test
    void a_header_that_the_broker_wants_is_on_the_handoff_the_ping_and_the_question() throws Exception {
        List<String> headers = new CopyOnWriteArrayList<>();
        int port = vertx.createHttpServer()
                .requestHandler(request -> {
                    headers.add(request.method() + " " + request.getHeader("X-Api-Key"));
                    request.bodyHandler(body -> request.response().end("{\"status\":\"accepted\"}"));
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .actualPort();
        Broker wanting = broker(
                URI.create("http://127.0.0.1:" + port + "/handoffs"),
                new Connection(
                        Connection.Tls.PLAIN,
                        Connection.Limits.NONE,
                        Optional.of(new Authorization("X-Api-Key", "s3cret")),
                        true));
        UUID id = UUID.randomUUID();
        PersonalData body = body(id);
        WebhookSignature signature = WebhookSignature.of(id.toString(), Instant.now(), body, wanting.secrets());
        CompletableFuture<BrokerReply> posted = new CompletableFuture<>();
        vertx.runOnContext(nothing -> client.post(wanting, body, signature, Duration.ofSeconds(10))
                .thenCompose(reply -> client.ping(wanting, body(id), signature, Duration.ofSeconds(10)))
                .thenCompose(reply -> client.ask(wanting, id, signature, Duration.ofSeconds(10)))
                .whenComplete((reply, failure) -> posted.complete(reply)));
        posted.get(20, TimeUnit.SECONDS);

        assertThat(headers).containsExactly("POST s3cret", "POST s3cret", "GET s3cret");
    }

    /** The time of the waiting ones is over before a connection is free: they were not sent, and are not sent later. */
    @Test
    void who_waits_for_a_connection_in_vain_has_not_sent_and_does_not_send_later() throws Exception {
        sandbox.behave(Behaviour.delayed(Duration.ofSeconds(2)));
        List<CompletableFuture<BrokerReply>> busy = new ArrayList<>();
        for (int i = 0; i < POOL; i++) {
            UUID id = UUID.randomUUID();
            busy.add(post(sandbox.endpoint(), body(id), id, Duration.ofSeconds(10)));
        }
        List<UUID> late = new ArrayList<>();
        List<CompletableFuture<BrokerReply>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            UUID id = UUID.randomUUID();
            late.add(id);
            waiting.add(post(sandbox.endpoint(), body(id), id, Duration.ofMillis(300)));
        }
        for (CompletableFuture<BrokerReply> each : waiting) {
            assertThat(each.get(20, TimeUnit.SECONDS))
                    .isEqualTo(new BrokerReply.NotSent(NotSentReason.NO_CONNECTION_IN_TIME));
        }
        for (CompletableFuture<BrokerReply> each : busy) {
            assertThat(each.get(20, TimeUnit.SECONDS)).isInstanceOf(BrokerReply.Answered.class);
        }
        sandbox.behave(Behaviour.accepting());
        for (int i = 0; i < POOL; i++) {
            assertThat(post(Duration.ofSeconds(5))).isInstanceOf(BrokerReply.Answered.class);
        }
        assertThat(late)
                .allSatisfy(id -> assertThat(sandbox.books().account(id)).isEmpty());
        assertThat(sandbox.books().totals().badRequests()).isZero();
    }

    @Test
    void after_more_broken_exchanges_than_the_pool_has_places_the_next_one_works() throws Exception {
        for (Reaction reaction : List.of(
                new Reaction.DropConnection(),
                new Reaction.AcceptWithHugeReply(1_000_000),
                new Reaction.AcceptThenReplyLate(Duration.ofSeconds(3)))) {
            sandbox.behave(Behaviour.always(reaction));
            List<CompletableFuture<BrokerReply>> replies = new ArrayList<>();
            for (int i = 0; i < 2 * POOL; i++) {
                UUID id = UUID.randomUUID();
                replies.add(post(sandbox.endpoint(), body(id), id, Duration.ofMillis(700)));
            }
            for (CompletableFuture<BrokerReply> reply : replies) {
                assertThat(reply.get(20, TimeUnit.SECONDS)).isNotInstanceOf(BrokerReply.Answered.class);
            }
            sandbox.behave(Behaviour.accepting());
            assertThat(post(Duration.ofSeconds(5)))
                    .as("after %s", reaction)
                    .isEqualTo(
                            new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty()));
        }
    }

    @Test
    void where_nobody_listens_and_where_nobody_speaks_tls_nothing_was_sent() throws Exception {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        // An HTTP server waits for the rest of a line when it gets the first bytes of TLS, and a line ends in them by
        // chance only.
        try (ServerSocket plain = new ServerSocket(0)) {
            Thread speaker = new Thread(() -> answerInPlainText(plain));
            speaker.start();
            Map<String, NotSentReason> reasons = Map.of(
                    "http://127.0.0.1:" + unused + "/handoffs",
                    NotSentReason.UNREACHABLE,
                    "http://does-not-exist.invalid/handoffs",
                    NotSentReason.NAME_UNKNOWN,
                    "https://127.0.0.1:" + plain.getLocalPort() + "/handoffs",
                    NotSentReason.TLS_FAILED);
            for (Map.Entry<String, NotSentReason> each : reasons.entrySet()) {
                UUID id = UUID.randomUUID();
                assertThat(post(URI.create(each.getKey()), body(id), id, Duration.ofSeconds(5))
                                .get(20, TimeUnit.SECONDS))
                        .as(each.getKey())
                        .isEqualTo(new BrokerReply.NotSent(each.getValue()));
                assertThat(client.unreachable()).containsExactly(Map.entry("fjord-markets", each.getValue()));
            }
        }
        assertThat(post(Duration.ofSeconds(5))).isInstanceOf(BrokerReply.Answered.class);
        assertThat(client.unreachable()).isEmpty();
    }

    private static void answerInPlainText(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                // Reset by the client, or its end.
                assertThat(socket.getInputStream().readAllBytes()).isNotNull();
            } catch (IOException closed) {
                // The test has ended, or the client went first.
            }
        }
    }
}
