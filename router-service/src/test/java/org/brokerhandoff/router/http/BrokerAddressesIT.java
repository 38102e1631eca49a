package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.router.http.Exchanges.ACCEPTED;
import static org.brokerhandoff.router.http.Exchanges.AUTHORITY;
import static org.brokerhandoff.router.http.Exchanges.broker;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.directory.Broker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Names that lead to several addresses, to another at each lookup, or nowhere; addresses in place of names. Over real sockets. */
class BrokerAddressesIT {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final BrokerReply TAKEN =
            new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty());

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static BrokerReply post(VertxBrokerClient client, Broker broker) throws Exception {
        return Exchanges.post(VERTX, client, broker, LIMIT);
    }

    private static InetAddress address(String text) throws IOException {
        return InetAddress.getByAddress("broker.example", NetUtil.createByteArrayFromIpAddressString(text));
    }

    private static HostileReceiver.Manners accepting() {
        return socket -> {
            HostileReceiver.request(socket);
            HostileReceiver.write(
                    socket, "HTTP/1.1 200 OK\r\ncontent-length: " + ACCEPTED.length() + "\r\n\r\n" + ACCEPTED);
        };
    }

    /** The issue's case: a lookup that says something public first and loopback then. Nothing may come to loopback. */
    @Test
    void a_lookup_that_says_something_else_the_second_time_is_not_asked_a_second_time() throws Exception {
        AtomicInteger lookups = new AtomicInteger();
        NameLookup rebinding = host -> {
            try {
                // 203.0.113.0/24 is refused itself; an address that is public, and does not answer within a second.
                return Future.succeededFuture(
                        List.of(address(lookups.getAndIncrement() == 0 ? "8.8.8.8" : "127.0.0.1")));
            } catch (IOException e) {
                return Future.failedFuture(e);
            }
        };
        try (HostileReceiver inside = HostileReceiver.plain(HostileReceiver::request);
                VertxBrokerClient client =
                        new VertxBrokerClient(VERTX, Duration.ofSeconds(1), Optional.empty(), rebinding)) {
            Broker broker = broker("https://broker.example:" + inside.port() + "/", "");
            for (int i = 0; i < 3; i++) {
                assertThat(post(client, broker)).isInstanceOf(BrokerReply.NotSent.class);
            }
            assertThat(lookups).hasValue(1);
            assertThat(inside.connections).hasValue(0);
        }
    }

    /** Its queue is full, so that it does not even refuse. */
    private static ServerSocket silent(int port, List<Socket> full) throws IOException {
        ServerSocket silent = new ServerSocket();
        silent.bind(new InetSocketAddress("127.0.0.2", port), 1);
        for (int i = 0; i < 8; i++) {
            Socket socket = new Socket();
            try {
                socket.connect(silent.getLocalSocketAddress(), 200);
                full.add(socket);
            } catch (IOException isFull) {
                socket.close();
                break;
            }
        }
        return silent;
    }

    @Test
    void of_several_addresses_each_is_tried_whether_the_first_refuses_or_is_silent() throws Exception {
        for (boolean refuses : new boolean[] {true, false}) {
            List<Socket> full = new ArrayList<>();
            try (HostileReceiver receiver = HostileReceiver.plain(accepting());
                    ServerSocket silent = refuses ? new ServerSocket() : silent(receiver.port(), full);
                    VertxBrokerClient client =
                            new VertxBrokerClient(VERTX, Duration.ofSeconds(4), Optional.empty(), host -> {
                                try {
                                    return Future.succeededFuture(
                                            List.of(address("127.0.0.2"), address("127.0.0.3"), address("127.0.0.1")));
                                } catch (IOException e) {
                                    return Future.failedFuture(e);
                                }
                            })) {
                assertThat(silent.isClosed()).isFalse();
                Broker broker = broker("http://broker.example:" + receiver.port() + "/", "local: true\n");
                assertThat(post(client, broker)).isEqualTo(TAKEN);
                long startedNanos = System.nanoTime();
                assertThat(post(client, broker)).isEqualTo(TAKEN);
                assertThat(Duration.ofNanos(System.nanoTime() - startedNanos))
                        .as("begins with the one that works")
                        .isLessThan(Duration.ofMillis(1300));
            } finally {
                for (Socket socket : full) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void tls_is_with_the_name_though_the_connection_is_to_the_address() throws Exception {
        List<String> names = new CopyOnWriteArrayList<>();
        HostileReceiver.Manners noting = socket -> {
            HostileReceiver.request(socket);
            ((ExtendedSSLSession) ((SSLSocket) socket).getSession())
                    .getRequestedServerNames()
                    .forEach(name -> names.add(new String(name.getEncoded(), StandardCharsets.US_ASCII)));
            HostileReceiver.write(
                    socket, "HTTP/1.1 200 OK\r\ncontent-length: " + ACCEPTED.length() + "\r\n\r\n" + ACCEPTED);
        };
        NameLookup here = host -> Future.succeededFuture(List.of(InetAddress.getLoopbackAddress()));
        String more = "local: true\nhttp2: false\ntls: {caFile: ca.pem}\n";
        try (VertxBrokerClient client = new VertxBrokerClient(VERTX, LIMIT, Optional.empty(), here);
                HostileReceiver right =
                        HostileReceiver.tls(AUTHORITY.issue("broker.example"), List.of("TLSv1.3"), noting);
                HostileReceiver wrong = HostileReceiver.tls(AUTHORITY.issue("localhost"), List.of("TLSv1.3"), noting)) {
            assertThat(post(client, broker("https://broker.example:" + right.port() + "/", more)))
                    .isEqualTo(TAKEN);
            assertThat(names).containsExactly("broker.example");
            assertThat(post(client, broker("https://broker.example:" + wrong.port() + "/", more)))
                    .isInstanceOf(BrokerReply.NotSent.class);
        }
    }

    @Test
    void an_address_of_ipv6_is_an_endpoint_as_any_other() throws Exception {
        InetAddress loopback = Inet6Address.getByName("::1");
        ServerSocket listening;
        try {
            listening = new ServerSocket(0, 10, loopback);
        } catch (IOException noIpv6) {
            assumeTrue(false, "this machine has no IPv6");
            return;
        }
        List<String> heads = new CopyOnWriteArrayList<>();
        try (listening;
                VertxBrokerClient client = new VertxBrokerClient(VERTX, LIMIT, Optional.empty())) {
            Thread serving = new Thread(() -> {
                while (!listening.isClosed()) {
                    try (Socket socket = listening.accept()) {
                        heads.add(HostileReceiver.request(socket));
                        HostileReceiver.write(
                                socket,
                                "HTTP/1.1 200 OK\r\ncontent-length: " + ACCEPTED.length() + "\r\n\r\n" + ACCEPTED);
                    } catch (IOException closed) {
                        // The next one, or the end of the test.
                    }
                }
            });
            serving.setDaemon(true);
            serving.start();
            int port = listening.getLocalPort();
            for (String host : List.of("[::1]", "[0:0:0:0:0:0:0:1]")) {
                assertThat(post(client, broker("http://" + host + ":" + port + "/handoffs", "local: true\n")))
                        .isEqualTo(TAKEN);
                assertThat(heads.get(heads.size() - 1)).contains("host: [::1]:" + port + "\r\n");
            }
        }
    }

    @Test
    void an_address_of_ipv6_is_an_endpoint_over_tls_too() throws Exception {
        InetAddress loopback = Inet6Address.getByName("::1");
        try (HostileReceiver receiver =
                        HostileReceiver.tls(AUTHORITY.issue("::1"), List.of("TLSv1.3"), loopback, accepting());
                VertxBrokerClient client = new VertxBrokerClient(VERTX, LIMIT, Optional.empty())) {
            assertThat(post(
                            client,
                            broker("https://[::1]:" + receiver.port() + "/", "local: true\ntls: {caFile: ca.pem}\n")))
                    .isEqualTo(TAKEN);
        }
    }
}
