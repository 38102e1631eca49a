package org.brokerhandoff.operations.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;

class HealthProbeTest {
    @Test
    void only_200_counts_as_healthy_and_silence_does_not() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        try {
            assertThat(HealthProbe.answersOk(URI.create(address + "200"))).isTrue();
            assertThat(HealthProbe.answersOk(URI.create(address + "204"))).isFalse();
            assertThat(HealthProbe.answersOk(URI.create(address + "302"))).isFalse();
            assertThat(HealthProbe.answersOk(URI.create(address + "503"))).isFalse();
        } finally {
            server.stop(0);
        }
        assertThat(HealthProbe.answersOk(URI.create(address + "200"))).isFalse();
    }
}
