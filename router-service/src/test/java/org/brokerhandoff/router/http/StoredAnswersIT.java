package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.BrokerNotice;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.brokerhandoff.router.deliver.Reconciliation;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.Connection;
import org.brokerhandoff.router.directory.FieldMapping;
import org.brokerhandoff.router.directory.Profile;
import org.brokerhandoff.router.directory.Terms;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Answers that something on the way had kept, over real sockets: they prove nothing, and the requests ask that none be kept. */
class StoredAnswersIT {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final UUID ID = UUID.randomUUID();

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static Broker broker(int port) {
        return new Broker(
                "fjord-markets",
                "Fjord Markets AS",
                List.of("*"),
                List.of(),
                Map.of("default", "EEA"),
                URI.create("https://fjord-markets.example/privacy"),
                URI.create("http://127.0.0.1:" + port + "/handoffs"),
                Optional.of(URI.create("http://127.0.0.1:" + port + "/notices")),
                List.of(WebhookSecret.parse(Examples.SECRET).orElseThrow()),
                1,
                1,
                true,
                Broker.Status.ACTIVE,
                Terms.PLAIN,
                Profile.of(RecipientKind.BROKER),
                Connection.PLAIN,
                FieldMapping.NONE);
    }

    private static <T> T onLoop(Supplier<CompletionStage<T>> work) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        VERTX.runOnContext(nothing -> work.get().whenComplete((answer, failure) -> {
            if (failure == null) {
                done.complete(answer);
            } else {
                done.completeExceptionally(failure);
            }
        }));
        return done.get(30, TimeUnit.SECONDS);
    }

    private static HostileReceiver answering(List<String> heads, String headers, String word) throws IOException {
        String body = "{\"status\":\"" + word + "\"}";
        return HostileReceiver.plain(socket -> {
            heads.add(HostileReceiver.request(socket));
            HostileReceiver.write(
                    socket, "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n" + headers + "\r\n" + body);
        });
    }

    private static WebhookSignature signature(Broker broker) {
        return WebhookSignature.of(ID.toString(), Instant.now(), PersonalData.takeOver(new byte[0]), broker.secrets());
    }

    @Test
    void an_answer_that_was_kept_does_not_prove_that_a_signup_was_not_received() throws Exception {
        Map<String, Boolean> proves = Map.of(
                "",
                true,
                "Age: 306\r\n",
                false,
                "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
                false,
                "X-Cache: HIT\r\n",
                false,
                "Warning: 110 - \"Response is Stale\"\r\n",
                false);
        for (Map.Entry<String, Boolean> each : proves.entrySet()) {
            List<String> heads = new CopyOnWriteArrayList<>();
            try (HostileReceiver receiver = answering(heads, each.getKey(), "unknown");
                    VertxBrokerClient client = new VertxBrokerClient(VERTX, LIMIT, Optional.empty())) {
                Broker broker = broker(receiver.port());
                BrokerReply reply = onLoop(() -> client.ask(broker, ID, signature(broker), LIMIT));
                assertThat(Reconciliation.of(reply, Instant.now(), Instant.now())
                                .answer())
                        .as(each.getKey())
                        .isEqualTo(each.getValue() ? Optional.of(ReconciliationAnswer.NOT_RECEIVED) : Optional.empty());
                assertThat(heads.get(0)).contains("cache-control: no-store, no-cache\r\n");
            }
        }
    }

    @Test
    void a_handoff_is_not_taken_by_a_reply_that_was_kept_but_a_brokers_slow_clock_does_not_matter() throws Exception {
        Map<String, Boolean> counts = Map.of(
                "Age: 0\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
                true,
                "Age: 7\r\n",
                false,
                "X-Cache: HIT\r\n",
                false);
        for (Map.Entry<String, Boolean> each : counts.entrySet()) {
            List<String> heads = new CopyOnWriteArrayList<>();
            try (HostileReceiver receiver = answering(heads, each.getKey(), "accepted");
                    VertxBrokerClient client = new VertxBrokerClient(VERTX, LIMIT, Optional.empty())) {
                Broker broker = broker(receiver.port());
                BrokerReply reply = onLoop(() -> client.post(
                        broker,
                        PersonalData.takeOver("{}".getBytes(StandardCharsets.UTF_8)),
                        signature(broker),
                        LIMIT));
                assertThat(reply instanceof BrokerReply.Answered)
                        .as(each.getKey())
                        .isEqualTo(each.getValue());
                assertThat(heads.get(0)).contains("cache-control: no-store, no-cache\r\n");
            }
        }
    }

    @Test
    void a_notice_is_not_confirmed_by_an_answer_that_was_kept() throws Exception {
        BrokerNotice notice = new BrokerNotice(ID, NoticeType.WITHDRAWAL, Instant.now(), Optional.empty());
        for (String headers : List.of("", "Age: 12\r\n", "CF-Cache-Status: HIT\r\n")) {
            List<String> heads = new CopyOnWriteArrayList<>();
            try (HostileReceiver receiver = answering(heads, headers, "completed");
                    VertxBrokerClient client = new VertxBrokerClient(VERTX, LIMIT, Optional.empty())) {
                VertxNoticeClient notices = new VertxNoticeClient(client, LIMIT, InstantSource.system());
                Broker broker = broker(receiver.port());
                for (NoticeReply reply : List.of(
                        onLoop(() -> notices.ask(broker, notice, LIMIT)),
                        onLoop(() -> notices.send(broker, notice, LIMIT)))) {
                    assertThat(reply instanceof NoticeReply.Answered)
                            .as(headers)
                            .isEqualTo(headers.isEmpty());
                }
                assertThat(heads)
                        .hasSize(2)
                        .allSatisfy(head -> assertThat(head).contains("cache-control: no-store, no-cache\r\n"));
            }
        }
    }
}
