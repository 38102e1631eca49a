package org.brokerhandoff.operations.http;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.operations.health.HealthCheck;
import org.brokerhandoff.operations.telemetry.Telemetry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OperationsServerTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Vertx VERTX = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private static final Telemetry TELEMETRY = Telemetry.start("test");

    @BeforeAll
    static void start() {
        TELEMETRY.registry().counter("handoff.test.events").increment();
    }

    @AfterAll
    static void stop() {
        TELEMETRY.close();
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_live_and_ready_service_answers_200_with_json() throws Exception {
        try (OperationsServer server = serve(List.of(), List.of(HealthCheck.of("kafka", Health::healthy)))) {
            assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);

            HttpResponse<String> ready = get(server, "/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.headers().firstValue("content-type")).contains("application/json");
            assertThat(ready.body())
                    .isEqualTo("{\"status\":\"UP\",\"checks\":[{\"name\":\"kafka\",\"status\":\"UP\"}]}");
        }
    }

    @Test
    void a_service_that_is_not_ready_answers_503_and_stays_alive() throws Exception {
        HealthCheck full = HealthCheck.of("custody", () -> Health.unhealthy("custody-full", "no slot is free"));
        try (OperationsServer server = serve(List.of(), List.of(full))) {
            assertThat(get(server, "/health/ready").statusCode()).isEqualTo(503);
            assertThat(get(server, "/health/ready").body()).contains("custody-full");
            assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void metrics_show_what_the_checks_find_and_drop_what_is_well_again() throws Exception {
        AtomicBoolean full = new AtomicBoolean(true);
        HealthCheck custody = HealthCheck.of(
                "custody", () -> full.get() ? Health.unhealthy("custody-full", "no slot is free") : Health.healthy());
        HealthCheck brokers =
                HealthCheck.of("directory", () -> Health.impaired("directory-invalid", "the file has 2 problem(s)"));
        try (Telemetry telemetry = Telemetry.start("test");
                OperationsServer server = serve(List.of(), List.of(custody, brokers), telemetry)) {
            assertThat(get(server, "/metrics").body())
                    .contains(
                            "handoff_ready{service=\"test\"} 0.0",
                            "handoff_health_problem{check=\"custody\",code=\"custody-full\",service=\"test\",severity=\"unhealthy\"} 1.0",
                            "handoff_health_problem{check=\"directory\",code=\"directory-invalid\",service=\"test\",severity=\"impaired\"} 1.0")
                    .doesNotContain("no slot is free", "2 problem");
            full.set(false);
            assertThat(get(server, "/metrics").body())
                    .contains("handoff_ready{service=\"test\"} 1.0", "directory-invalid")
                    .doesNotContain("custody-full");
        }
    }

    @Test
    void a_check_that_throws_is_unhealthy_and_its_message_is_not_told() throws Exception {
        HealthCheck broken = HealthCheck.of("register", () -> {
            throw new IllegalStateException("kari@example.no");
        });
        try (OperationsServer server = serve(List.of(broken), List.of())) {
            HttpResponse<String> live = get(server, "/health/live");

            assertThat(live.statusCode()).isEqualTo(503);
            assertThat(live.body())
                    .contains("check-failed", "IllegalStateException")
                    .doesNotContain("kari");
        }
    }

    @Test
    void a_check_that_hangs_is_unhealthy_and_runs_only_once_however_often_it_is_asked_for() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        HealthCheck hanging = HealthCheck.of("kafka", () -> {
            runs.incrementAndGet();
            try {
                release.await();
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            }
            return Health.healthy();
        });
        try (OperationsServer server = serve(List.of(), List.of(hanging))) {
            for (int probe = 0; probe < 3; probe++) {
                HttpResponse<String> ready = get(server, "/health/ready");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).contains("check-failed", "in time");
            }
            assertThat(runs).hasValue(1);
        } finally {
            release.countDown();
        }
    }

    @Test
    void checks_do_not_run_on_the_event_loop() throws Exception {
        AtomicBoolean onEventLoop = new AtomicBoolean(true);
        HealthCheck where = HealthCheck.of("thread", () -> {
            onEventLoop.set(Context.isOnEventLoopThread());
            return Health.healthy();
        });
        try (OperationsServer server = serve(List.of(), List.of(where))) {
            assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);
            assertThat(onEventLoop).isFalse();
        }
    }

    @Test
    void metrics_are_in_the_text_format_of_prometheus() throws Exception {
        try (OperationsServer server = serve(List.of(), List.of())) {
            HttpResponse<String> metrics = get(server, "/metrics");

            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.headers().firstValue("content-type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
            assertThat(metrics.body()).contains("handoff_test_events_total{service=\"test\"} 1.0", "jvm_memory_used");
        }
    }

    @Test
    void any_other_path_is_not_found_and_any_other_method_not_allowed() throws Exception {
        try (OperationsServer server = serve(List.of(), List.of())) {
            HttpResponse<String> unknown = get(server, "/health");
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(unknown.headers().firstValue("content-type")).contains("application/problem+json");

            HttpResponse<String> posted = CLIENT.send(
                    request(server.port(), "/metrics")
                            .POST(BodyPublishers.noBody())
                            .build(),
                    ofString());
            assertThat(posted.statusCode()).isEqualTo(405);
            assertThat(posted.headers().firstValue("allow")).contains("GET, HEAD");
        }
    }

    @Test
    void after_closing_nothing_listens() throws Exception {
        OperationsServer server = serve(List.of(), List.of());
        int port = server.port();
        server.close();

        assertThatThrownBy(() -> CLIENT.send(request(port, "/health/live").build(), ofString()))
                .isInstanceOf(IOException.class);
    }

    private static OperationsServer serve(List<HealthCheck> livenessChecks, List<HealthCheck> readinessChecks) {
        return serve(livenessChecks, readinessChecks, TELEMETRY);
    }

    private static OperationsServer serve(
            List<HealthCheck> livenessChecks, List<HealthCheck> readinessChecks, Telemetry telemetry) {
        OperationsEndpoints endpoints = new OperationsEndpoints(
                VERTX, livenessChecks, readinessChecks, telemetry.registry(), Duration.ofMillis(300));
        return OperationsServer.start(VERTX, "127.0.0.1", 0, endpoints)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static HttpResponse<String> get(OperationsServer server, String path) throws Exception {
        return CLIENT.send(request(server.port(), path).build(), ofString());
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10));
    }
}
