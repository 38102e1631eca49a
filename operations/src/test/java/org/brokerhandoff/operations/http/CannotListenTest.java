package org.brokerhandoff.operations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CannotListenTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_taken_port_is_named_with_the_setting_to_change() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> start("127.0.0.1", port))
                    .satisfies(failure -> assertThat(CannotListen.message(failure))
                            .isEqualTo("cannot listen on 127.0.0.1:" + port
                                    + ": the port is taken by another program; set HANDOFF_ROUTER_HTTP_PORT"));
        }
    }

    @Test
    void an_address_of_another_machine_is_named() {
        assertThatThrownBy(() -> start("192.0.2.1", 8081))
                .satisfies(failure -> assertThat(CannotListen.message(failure))
                        .contains("192.0.2.1:8081", "this machine has no such address"));
    }

    @Test
    void another_failure_keeps_its_own_message() {
        assertThat(CannotListen.message(new IllegalStateException("no keys"))).isEqualTo("no keys");
    }

    private void start(String host, int port) {
        OperationsServer.start(
                        vertx,
                        host,
                        port,
                        new OperationsEndpoints(
                                vertx, List.of(), List.of(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
