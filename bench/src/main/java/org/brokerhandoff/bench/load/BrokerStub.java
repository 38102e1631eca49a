package org.brokerhandoff.bench.load;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.brokerhandoff.sandbox.SandboxCertificate;

/**
 * A broker that accepts everything and checks nothing, on a port without TLS and one with TLS. The path of a request, {@code /delay/20},
 * determines after how many milliseconds it answers. Argument: the file for its authority's certificate. Prints both ports; commands: {@code
 * count} and {@code times FILE}, which resets.
 */
public final class BrokerStub {
    private static final String PATH = "/delay/";
    private static final String SIGNUP = "\r\nwebhook-id:";
    private static final String REQUEST_ID = "\r\nx-request-id:";
    private static final String ACCEPTED_HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 21\r\n";
    private static final String ACCEPTED_BODY = "\r\n{\"status\":\"accepted\"}";

    private final Map<UUID, SignupTimes> times = new ConcurrentHashMap<>();
    private final Vertx vertx;

    private BrokerStub(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        BrokerStub stub = new BrokerStub(vertx);
        SandboxCertificate certificate = SandboxCertificate.make(SandboxCertificate.Kind.GOOD);
        Files.writeString(Path.of(arguments[0]), certificate.pem());
        int plain = stub.listen(new NetServerOptions());
        int tls = stub.listen(new NetServerOptions().setSsl(true).setKeyCertOptions(certificate.keyStore()));
        Commands.serve(plain + " " + tls, stub::answer);
        System.exit(0);
    }

    private int listen(NetServerOptions options) {
        NetServer server =
                vertx.createNetServer(options.setHost("127.0.0.1").setPort(0).setTcpNoDelay(true));
        return server.connectHandler(this::serve)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private String answer(String... words) throws Exception {
        if (words[0].equals("times")) {
            SignupTimes.write(Path.of(words[1]), times);
            times.clear();
        }
        return String.valueOf(times.size());
    }

    private void serve(NetSocket socket) {
        socket.handler(new MessageCutter(new Exchange(socket))::take);
        socket.exceptionHandler(lost -> socket.close());
    }

    private final class Exchange implements MessageCutter.Listener {
        private final NetSocket socket;
        private long begunMicros;

        Exchange(NetSocket socket) {
            this.socket = socket;
        }

        @Override
        public void begun() {
            begunMicros = SignupTimes.nowMicros();
        }

        @Override
        public void complete(String head, String body) {
            long begun = begunMicros;
            Optional<UUID> signup = MessageCutter.field(head, SIGNUP).map(UUID::fromString);
            // Echoed as the broker guide requires, otherwise each signup costs a connection, and over TLS a handshake.
            String echo = MessageCutter.field(head, REQUEST_ID)
                    .map(id -> "x-request-id: " + id + "\r\n")
                    .orElse("");
            Buffer reply = Buffer.buffer(ACCEPTED_HEAD + echo + ACCEPTED_BODY);
            long delayMillis = delayMillis(head);
            if (delayMillis == 0) {
                accept(signup, begun, reply);
            } else {
                vertx.setTimer(delayMillis, timer -> accept(signup, begun, reply));
            }
        }

        private void accept(Optional<UUID> signup, long begun, Buffer reply) {
            signup.ifPresent(id -> times.putIfAbsent(id, new SignupTimes(begun, SignupTimes.nowMicros())));
            socket.write(reply);
        }
    }

    private static long delayMillis(String head) {
        int from = head.indexOf(PATH) + PATH.length();
        return Long.parseLong(head.substring(from, head.indexOf(' ', from)));
    }
}
