package org.brokerhandoff.audit.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The live page over a real Kafka, through HTTP. */
class LivePageIT {
    private static final int PARTITIONS = 3;
    private static final String KEY = "a-key-of-some-length";

    private final TestKafka kafka = TestKafka.shared();
    private final KafkaClients clients = new KafkaClients(new EventLogSettings(
            kafka.bootstrapServers(), Map.of(), kafka.randomTopicPrefix(), PARTITIONS, 1, Duration.ofHours(24)));
    private final Admin admin = clients.admin("test");
    private final EventPublisher publisher = new EventPublisher(clients, Life.CODEC, "/test", InstantSource.system());
    private final Instant received =
            Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(30);

    @BeforeEach
    void provision() throws Exception {
        new TopicProvisioner(admin, clients.settings()).provision();
        publisher
                .publishTo(Topic.HANDOFFS, 1, Life.directory(received))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        for (int i = 0; i < 4; i++) {
            publish(Topic.CONSENTS, life(i), life(i).granted());
            publish(Topic.HANDOFFS, life(i), life(i).assigned(Life.FJORD, 0, 10));
            publish(Topic.HANDOFFS, life(i), life(i).delivered(Life.FJORD, 1, 20));
        }
        publish(Topic.PURGES, life(3), life(3).purged(PurgeReason.DELIVERED, 50));
        publish(
                Topic.CONSENTS,
                life(2),
                new Rights(life(2), new UUID(3, 4), RightsType.OBJECTION)
                        .requested(60, HoldingFound.HANDOFF_STARTED, 1));
    }

    @AfterEach
    void close() {
        publisher.close();
        admin.close();
    }

    private Life life(int number) {
        UUID id = new UUID((received.toEpochMilli() << 16) | 0x7000, 0x8000_0000_0000_0000L + number);
        return new Life(id, EventPartitions.of(id, PARTITIONS), received.plusMillis(number));
    }

    private void publish(Topic topic, Life life, SpecificRecord event) throws Exception {
        publisher.publish(topic, life.id(), event).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static HttpResponse<String> get(LivePage page, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(page.address().resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String overview(LivePage page) throws Exception {
        return get(page, "/v1/overview").body();
    }

    @Test
    void it_follows_the_log_and_starts_again_where_it_was() throws Exception {
        try (LivePage page = LivePage.start(clients, Optional.empty(), Optional.empty(), "127.0.0.1", 0)) {
            await().atMost(1, TimeUnit.MINUTES).until(() -> overview(page).contains("\"held\" : 3"));
            assertThat(get(page, "/").body())
                    .contains("request: objection")
                    .contains(life(0).id().toString())
                    .contains(Life.FJORD)
                    .contains("all in sync");
            publish(Topic.PURGES, life(0), life(0).purged(PurgeReason.DELIVERED, 50));
            await().atMost(1, TimeUnit.MINUTES).until(() -> overview(page).contains("\"held\" : 2"));
        }
        try (LivePage again = LivePage.start(clients, Optional.empty(), Optional.empty(), "127.0.0.1", 0)) {
            await().atMost(1, TimeUnit.MINUTES).until(() -> overview(again).contains("\"held\" : 2"));
            assertThat(overview(again)).contains("\"caughtUp\" : true").contains("\"recordsBehind\" : 0");
        }
    }

    @Test
    void one_signup_is_shown_with_its_places_and_what_is_wrong_is_a_page_or_a_problem() throws Exception {
        try (LivePage page = LivePage.start(clients, Optional.empty(), Optional.empty(), "127.0.0.1", 0)) {
            HttpResponse<String> shown = get(page, "/signup?id=" + life(3).id());
            assertThat(shown.statusCode()).isEqualTo(200);
            assertThat(shown.body())
                    .contains("Delivered", "Purged", "consents-" + life(3).partition() + "@")
                    .contains("topic checkpoints has no ledger");
            assertThat(shown.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .contains("default-src 'none'", "frame-ancestors 'none'")
                            .doesNotContain("unsafe"));
            assertThat(get(page, "/v1/signups/" + life(3).id()).body()).contains("\"event\" : \"Purged\"");

            UUID unknown = new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0001L);
            assertThat(get(page, "/signup?id=" + unknown).statusCode()).isEqualTo(404);
            HttpResponse<String> problem = get(page, "/v1/signups/" + unknown);
            assertThat(problem.statusCode()).isEqualTo(404);
            assertThat(problem.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(problem.body()).contains("\"code\":\"signup-unknown\"");
            assertThat(get(page, "/signup?id=kari@example.no").statusCode()).isEqualTo(400);
            assertThat(get(page, "/signup?id=kari@example.no").body()).doesNotContain("kari");
            assertThat(get(page, "/?kind=nonsense").statusCode()).isEqualTo(400);
            assertThat(get(page, "/nothing").body()).startsWith("<!doctype html>");
            assertThat(get(page, "/v1/nothing").body()).contains("\"code\":\"not-found\"");
            HttpRequest post = HttpRequest.newBuilder(page.address())
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(post, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void with_a_key_nothing_is_told_without_it_and_without_one_nobody_elsewhere_is_let_in() throws Exception {
        try (LivePage page = LivePage.start(clients, Optional.of(KEY), Optional.empty(), "127.0.0.1", 0)) {
            HttpResponse<String> refused = get(page, "/");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().allValues("WWW-Authenticate")).hasSize(2);
            assertThat(refused.body()).doesNotContain("Held now");
            assertThat(get(page, "/v1/overview").statusCode()).isEqualTo(401);
            assertThat(get(page, "/live.js").statusCode()).isEqualTo(401);
            assertThat(get(page, "/", "Authorization", "Bearer " + KEY).statusCode())
                    .isEqualTo(200);
        }
        assertThatThrownBy(() -> LivePage.start(clients, Optional.empty(), Optional.empty(), "0.0.0.0", 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
