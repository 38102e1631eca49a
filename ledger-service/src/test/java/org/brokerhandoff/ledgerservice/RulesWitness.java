package org.brokerhandoff.ledgerservice;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledger.note.VerifierKey;
import org.brokerhandoff.ledger.witness.AddCheckpoint;
import org.brokerhandoff.ledger.witness.Decision;
import org.brokerhandoff.ledger.witness.WitnessRules;

/**
 * A witness by the rules of {@code tlog-witness}, over HTTP, with its state in memory, which a test can restore, and with answers that can be
 * held back. Module audit tests the production witness.
 */
final class RulesWitness implements AutoCloseable {
    private final SigningKey key = key("witness.example.org/rules");
    private final WitnessRules rules;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Checkpoint> cosigned = new ArrayList<>();
    private Optional<SignedNote> latest = Optional.empty();
    private volatile CountDownLatch hand = new CountDownLatch(0);
    private volatile boolean away;

    /** A witness of the ledger with these keys, on its own port. */
    RulesWitness(List<VerifierKey> logs) throws IOException {
        this.rules = new WitnessRules(logs);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private static SigningKey key(String name) {
        try {
            return SigningKey.parse(name, SigningKey.newPem());
        } catch (MalformedNote e) {
            throw new IllegalStateException(e);
        }
    }

    /** The line of a policy that names it. */
    String policyLine() {
        return "witness rules " + key.verifierKey(KeyType.COSIGNATURE_ED25519) + " http://127.0.0.1:"
                + server.getAddress().getPort() + "/\n";
    }

    /** Holds back answers from now on, until the latch is at zero. */
    CountDownLatch hold() {
        hand = new CountDownLatch(1);
        return hand;
    }

    /** Whether it is out of order. */
    void away(boolean now) {
        away = now;
    }

    /** Everything it ever cosigned, in order. */
    synchronized List<Checkpoint> cosigned() {
        return List.copyOf(cosigned);
    }

    /** Whether it has cosigned one tree of each size, and no smaller one after a larger. */
    void neverContradictedItself() {
        assertThat(cosigned()).isNotEmpty();
        assertThat(cosigned()).extracting(Checkpoint::size).isSorted();
        assertThat(cosigned().stream().distinct().map(Checkpoint::size)).doesNotHaveDuplicates();
    }

    /** The state that it would have to keep. */
    synchronized Optional<SignedNote> state() {
        return latest;
    }

    /** Restores an earlier state. */
    synchronized void restore(Optional<SignedNote> before) {
        latest = before;
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        try {
            hand.await();
            if (away) {
                send(exchange, 503, new byte[0]);
            } else if (exchange.getRequestMethod().equals("GET")) {
                Optional<SignedNote> served = state();
                send(
                        exchange,
                        served.isPresent() ? 200 : 404,
                        served.map(SignedNote::bytes).orElse(new byte[0]));
            } else {
                add(exchange, AddCheckpoint.parse(body));
            }
        } catch (MalformedNote e) {
            send(exchange, 400, new byte[0]);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    private synchronized void add(HttpExchange exchange, AddCheckpoint request) throws IOException {
        Decision decision = rules.decide(request, latest.map(RulesWitness::checkpoint));
        if (decision instanceof Decision.Cosign cosign) {
            var cosignature = key.cosign(request.note().text(), Instant.now());
            latest = Optional.of(request.note());
            cosigned.add(cosign.checkpoint());
            send(exchange, 200, (cosignature.line() + "\n").getBytes(StandardCharsets.UTF_8));
        } else if (decision instanceof Decision.Conflict conflict) {
            exchange.getResponseHeaders().set("Content-Type", Decision.Conflict.CONTENT_TYPE);
            send(exchange, decision.status(), (conflict.size() + "\n").getBytes(StandardCharsets.UTF_8));
        } else {
            send(exchange, decision.status(), new byte[0]);
        }
    }

    private static Checkpoint checkpoint(SignedNote note) {
        try {
            return Checkpoint.parse(note.text());
        } catch (MalformedNote e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
