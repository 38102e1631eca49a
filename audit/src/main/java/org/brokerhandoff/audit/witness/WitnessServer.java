package org.brokerhandoff.audit.witness;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.operations.http.BoundedHttpServer;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.http.ConnectionLimits;
import org.brokerhandoff.operations.http.OperationsEndpoints;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /add-checkpoint} and {@code GET /HASH/checkpoint} of {@code tlog-witness}, with the address itself as both prefixes; health and metrics. */
final class WitnessServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WitnessServer.class);
    private static final Pattern CHECKPOINT = Pattern.compile("/([0-9a-f]{64})/checkpoint");

    private final Vertx vertx;
    private final Witness witness;
    private final OperationsEndpoints operations;
    private Optional<HttpServer> server = Optional.empty();

    private WitnessServer(Vertx vertx, Witness witness, PrometheusMeterRegistry meters) {
        this.vertx = vertx;
        this.witness = witness;
        this.operations = new OperationsEndpoints(vertx, List.of(), List.of(), meters);
    }

    /**
     * Listens.
     *
     * @throws java.util.concurrent.CompletionException if the address cannot be bound
     */
    static WitnessServer start(Vertx vertx, String host, int port, Witness witness, PrometheusMeterRegistry meters) {
        WitnessServer started = new WitnessServer(vertx, witness, meters);
        started.server = Optional.of(new BoundedHttpServer(ConnectionLimits.forOperations(), "witness", meters)
                .create(vertx, started::handle)
                .listen(port, host)
                .recover(CannotListen.at(host, port, "--port"))
                .toCompletionStage()
                .toCompletableFuture()
                .join());
        return started;
    }

    /** The port that it listens on. */
    int port() {
        return server.orElseThrow().actualPort();
    }

    private void handle(HttpServerRequest request) {
        if (operations.handle(request)) {
            return;
        }
        Matcher checkpoint = CHECKPOINT.matcher(request.path());
        if (request.path().equals("/add-checkpoint")) {
            if (request.method().equals(HttpMethod.POST)) {
                add(request);
            } else {
                notAllowed(request, "POST");
            }
        } else if (!checkpoint.matches()) {
            send(request, Witness.Answer.refused(404, "not found"));
        } else if (request.method().equals(HttpMethod.GET)) {
            String hash = checkpoint.group(1);
            answer(
                    request,
                    () -> witness.checkpoint(hash)
                            .map(note -> new Witness.Answer(200, "text/plain; charset=utf-8", note))
                            .orElseGet(
                                    () -> Witness.Answer.refused(404, "no checkpoint of this log was cosigned here")));
        } else {
            notAllowed(request, "GET");
        }
    }

    private void add(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            var unused = request.response().writeContinue();
        }
        request.handler(chunk -> {
            // Bytes beyond the limit are read and dropped, so that the response arrives.
            if (body.length() <= SignedNote.MAXIMUM_BYTES) {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> {
            if (BoundedHttpServer.bodyFault(request).isPresent()) {
                send(request, Witness.Answer.refused(400, "the body is no proper HTTP"));
            } else {
                answer(request, () -> witness.add(body.getBytes()));
            }
        });
    }

    private interface Work {
        Witness.Answer answer();
    }

    private void answer(HttpServerRequest request, Work work) {
        Future<Witness.Answer> answered = vertx.executeBlocking(work::answer, false);
        answered.onSuccess(answer -> send(request, answer)).onFailure(failure -> {
            // For example, the disk refuses: nothing was cosigned. The log repeats its request.
            LOG.error("a request failed: {}", failure.toString());
            send(request, Witness.Answer.refused(500, "failed"));
        });
    }

    private static void notAllowed(HttpServerRequest request, String allowed) {
        request.response().putHeader(HttpHeaders.ALLOW, allowed);
        send(request, Witness.Answer.refused(405, "not allowed"));
    }

    private static void send(HttpServerRequest request, Witness.Answer answer) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        var unused = response.setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(answer.body());
    }

    @Override
    public void close() {
        server.ifPresent(
                open -> open.close().toCompletionStage().toCompletableFuture().join());
    }
}
