package org.brokerhandoff.ingest.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LedgerEvidenceIT {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    @Test
    void a_ledger_that_closes_a_connection_after_its_answer_is_not_reported_as_unavailable() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                LedgerEvidence ledger = new LedgerEvidence(
                        vertx, Optional.of(URI.create("http://127.0.0.1:" + listening.getLocalPort())))) {
            Thread server = new Thread(() -> answerOncePerConnection(listening), "ledger");
            server.setDaemon(true);
            server.start();
            for (int i = 0; i < 3; i++) {
                assertThat(ledger.of(UUID.randomUUID()).toCompletableFuture().get(30, TimeUnit.SECONDS))
                        .isInstanceOf(EvidenceOutcome.Evidence.class);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Closes each connection when a second request arrives on it: what its client sees of one that was closed a moment before. */
    private static void answerOncePerConnection(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                Thread connection = new Thread(() -> answerOnce(socket), "ledger-connection");
                connection.setDaemon(true);
                connection.start();
            } catch (IOException closed) {
                // Checked above.
            }
        }
    }

    private static void answerOnce(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                // The head of the request.
            }
            socket.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
            var unused = in.readLine();
        } catch (IOException gone) {
            // The client has closed it.
        }
    }
}
