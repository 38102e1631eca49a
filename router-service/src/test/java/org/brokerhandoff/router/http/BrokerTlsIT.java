package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.router.http.Exchanges.ACCEPTED;
import static org.brokerhandoff.router.http.Exchanges.AUTHORITY;
import static org.brokerhandoff.router.http.Exchanges.PATIENT;
import static org.brokerhandoff.router.http.Exchanges.broker;
import static org.brokerhandoff.router.http.Exchanges.head;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.event.NotSentReason;
import org.brokerhandoff.router.Certificates;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.directory.Broker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Certificates of both sides, right and wrong, over real sockets. */
class BrokerTlsIT {
    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static VertxBrokerClient client() {
        return new VertxBrokerClient(VERTX, PATIENT, Optional.empty());
    }

    private static BrokerReply notSent(NotSentReason reason) {
        return new BrokerReply.NotSent(reason);
    }

    private static BrokerReply overTls(Certificates.Issued certificate, List<String> protocols, String host)
            throws Exception {
        HostileReceiver.Manners well =
                HostileReceiver.answering(head(200, "content-length: " + ACCEPTED.length()) + ACCEPTED);
        try (VertxBrokerClient client = client();
                HostileReceiver receiver = HostileReceiver.tls(certificate, protocols, well)) {
            return Exchanges.post(
                    VERTX,
                    client,
                    broker(
                            "https://" + host + ":" + receiver.port() + "/handoffs",
                            "local: true\ntls: {caFile: ca.pem}\n"),
                    PATIENT);
        }
    }

    @Test
    void a_certificate_that_is_not_the_brokers_gets_nothing() throws Exception {
        List<String> modern = List.of("TLSv1.3", "TLSv1.2");
        BrokerReply accepted =
                new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty());
        assertThat(overTls(AUTHORITY.issue("localhost"), modern, "localhost")).isEqualTo(accepted);
        assertThat(overTls(AUTHORITY.issue("localhost"), List.of("TLSv1.2"), "localhost"))
                .isEqualTo(accepted);
        assertThat(overTls(AUTHORITY.issue("other.example"), modern, "localhost"))
                .as("wrong host")
                .isEqualTo(notSent(NotSentReason.CERTIFICATE_REJECTED));
        assertThat(overTls(Certificates.authority("other").issue("localhost"), modern, "localhost"))
                .as("unknown authority")
                .isEqualTo(notSent(NotSentReason.CERTIFICATE_REJECTED));
        assertThat(overTls(Certificates.authority("localhost"), modern, "localhost"))
                .as("self-signed")
                .isEqualTo(notSent(NotSentReason.CERTIFICATE_REJECTED));
        Instant now = Instant.now();
        assertThat(overTls(
                        AUTHORITY.issue("localhost", now.minusSeconds(900), now.minusSeconds(600)),
                        modern,
                        "localhost"))
                .as("expired")
                .isEqualTo(notSent(NotSentReason.CERTIFICATE_REJECTED));
    }

    /** The JDK's own server would not speak it: the first words of one that does. */
    @Test
    void a_receiver_that_speaks_no_more_than_tls_1_1_gets_nothing() throws Exception {
        HostileReceiver.Manners old = socket -> {
            socket.getInputStream().read(new byte[4096]);
            byte[] hello = new byte[5 + 4 + 38];
            byte[] known = {0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2};
            System.arraycopy(known, 0, hello, 0, known.length);
            hello[hello.length - 2] = 0x2f;
            socket.getOutputStream().write(hello);
            socket.getOutputStream().flush();
            socket.getInputStream().read(new byte[4096]);
        };
        try (HostileReceiver receiver = HostileReceiver.plain(old);
                VertxBrokerClient client = client()) {
            Broker broker = broker("https://localhost:" + receiver.port() + "/", "local: true\n");
            assertThat(Exchanges.post(VERTX, client, broker, PATIENT)).isEqualTo(notSent(NotSentReason.TLS_FAILED));
        }
    }

    @Test
    void a_broker_that_asks_for_a_certificate_and_speaks_http_2_gets_both() throws Exception {
        Certificates.Issued certificate = AUTHORITY.issue("localhost");
        List<HttpVersion> spoken = new CopyOnWriteArrayList<>();
        HttpServer server = VERTX.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(AUTHORITY.certificatePem())))
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(certificate.certificatePem()))
                                .addKeyValue(Buffer.buffer(certificate.keyPem()))))
                .requestHandler(request -> request.body().onSuccess(body -> {
                    spoken.add(request.version());
                    request.response().end(ACCEPTED);
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        String endpoint = "https://localhost:" + server.actualPort() + "/";
        String own = "tls: {caFile: ca.pem, certificateFile: own.pem, keyFile: own.key}\n";
        try (VertxBrokerClient client = client()) {
            assertThat(Exchanges.post(VERTX, client, broker(endpoint, "local: true\n" + own), PATIENT))
                    .isInstanceOf(BrokerReply.Answered.class);
            assertThat(Exchanges.post(VERTX, client, broker(endpoint, "local: true\nhttp2: false\n" + own), PATIENT))
                    .isInstanceOf(BrokerReply.Answered.class);
            // Over HTTP/2 the refusal comes before the connection is ready, and the library does not say why.
            Map<String, NotSentReason> reasons =
                    Map.of("", NotSentReason.UNREACHABLE, "http2: false\n", NotSentReason.CLIENT_CERTIFICATE_REFUSED);
            for (Map.Entry<String, NotSentReason> each : reasons.entrySet()) {
                Broker broker = broker(endpoint, "local: true\ntls: {caFile: ca.pem}\n" + each.getKey());
                assertThat(Exchanges.post(VERTX, client, broker, PATIENT)).isEqualTo(notSent(each.getValue()));
                assertThat(client.unreachable()).containsValue(each.getValue());
            }
            assertThat(spoken).containsExactly(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);
        } finally {
            server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    /** What is wrong with this system's certificate shows when the handshake is over for the client, or before. */
    @Test
    void a_broker_that_refuses_this_systems_certificate_has_taken_nothing() throws Exception {
        Certificates.Issued certificate = AUTHORITY.issue("localhost");
        String wrong = Certificates.authority("another authority").certificatePem();
        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            for (boolean shows : new boolean[] {true, false}) {
                HttpServer server = VERTX.createHttpServer(new HttpServerOptions()
                                .setSsl(true)
                                .setEnabledSecureTransportProtocols(Set.of(protocol))
                                .setClientAuth(ClientAuth.REQUIRED)
                                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(wrong)))
                                .setKeyCertOptions(new PemKeyCertOptions()
                                        .addCertValue(Buffer.buffer(certificate.certificatePem()))
                                        .addKeyValue(Buffer.buffer(certificate.keyPem()))))
                        .requestHandler(request -> request.response().end(ACCEPTED))
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
                String own = shows ? ", certificateFile: own.pem, keyFile: own.key" : "";
                try (VertxBrokerClient client = client()) {
                    Broker broker = broker(
                            "https://localhost:" + server.actualPort() + "/",
                            "local: true\ntls: {caFile: ca.pem" + own + "}\n");
                    for (int i = 0; i < 3; i++) {
                        assertThat(Exchanges.post(VERTX, client, broker, PATIENT))
                                .as(protocol + own)
                                .isEqualTo(notSent(NotSentReason.CLIENT_CERTIFICATE_REFUSED));
                    }
                } finally {
                    server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
                }
            }
        }
    }

    /** What the check of the directory reads is what the client uses. */
    @Test
    void certificates_are_read_whatever_their_blocks_are_called() throws Exception {
        for (String label : List.of("CERTIFICATE", "X509 CERTIFICATE")) {
            String pem = "an authority of ours\n\n" + AUTHORITY.certificatePem().replace("CERTIFICATE", label);
            HostileReceiver.Manners well =
                    HostileReceiver.answering(head(200, "content-length: " + ACCEPTED.length()) + ACCEPTED);
            try (VertxBrokerClient client = client();
                    HostileReceiver receiver =
                            HostileReceiver.tls(AUTHORITY.issue("localhost"), List.of("TLSv1.3"), well)) {
                Broker broker = broker(
                        "https://localhost:" + receiver.port() + "/handoffs",
                        "local: true\ntls: {caFile: named.pem}\n",
                        pem);
                assertThat(Exchanges.post(VERTX, client, broker, PATIENT))
                        .as(label)
                        .isInstanceOf(BrokerReply.Answered.class);
            }
        }
    }
}
