package org.brokerhandoff.ledgerservice.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.brokerhandoff.ledger.evidence.EvidenceBundle;
import org.brokerhandoff.ledgerservice.evidence.EvidenceContradicted;
import org.brokerhandoff.operations.configuration.LedgerSettings;
import org.brokerhandoff.operations.http.BoundedHttpServer;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.http.ConnectionLimits;
import org.brokerhandoff.operations.http.OperationsEndpoints;
import org.brokerhandoff.operations.http.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the ledger's folder after C2SP {@code tlog-tiles}, makes {@code /evidence/ID}, accepts {@code POST /checkpoints}, and serves health
 * and metrics. For an internal address; outside auditors read the folder, copied or served by a web server.
 */
public final class LedgerHttp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerHttp.class);

    /** Nothing else of the folder is public; no such path leads out of it. */
    private static final Pattern FILE = Pattern.compile("/(checkpoint"
            + "|tile/(entries|[0-9]{1,2})/(x[0-9]{3}/){0,6}[0-9]{3}(\\.p/[1-9][0-9]{0,2})?"
            + "|segments/[a-z0-9-]{1,64}/[0-9]{1,9}/[0-9]{1,19})");

    private static final String EVIDENCE_PATH = "/evidence/";
    private static final Pattern EVIDENCE =
            Pattern.compile(EVIDENCE_PATH + "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final HttpServer server;

    private LedgerHttp(HttpServer server) {
        this.server = server;
    }

    /**
     * The served ledger.
     *
     * @param folder its files
     * @param checkpointNow requests a checkpoint; returns its size
     * @param evidence evidence of an id as of the newest checkpoint
     */
    public record Ledger(
            Path folder,
            Supplier<? extends CompletionStage<Long>> checkpointNow,
            Function<UUID, ? extends CompletionStage<EvidenceBundle>> evidence) {}

    /** Starts listening; the future fails if the address cannot be bound. */
    public static Future<LedgerHttp> start(
            Vertx vertx, String host, int port, Ledger ledger, OperationsEndpoints operations, MeterRegistry meters) {
        return new BoundedHttpServer(ConnectionLimits.forOperations(), "ledger", meters)
                .create(vertx, request -> {
                    if (!operations.handle(request)) {
                        answer(request, ledger);
                    }
                })
                .listen(port, host)
                .recover(CannotListen.at(host, port, LedgerSettings.HTTP_PORT.name()))
                .map(LedgerHttp::new);
    }

    private static void answer(HttpServerRequest request, Ledger ledger) {
        HttpServerResponse response = request.response();
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (request.path().equals("/checkpoints")) {
            if (request.method().equals(HttpMethod.POST)) {
                checkpoint(response, ledger);
            } else {
                refuse(response, "POST");
            }
        } else if (EVIDENCE.matcher(request.path()).matches()) {
            if (reads) {
                evidence(response, ledger, UUID.fromString(request.path().substring(EVIDENCE_PATH.length())));
            } else {
                refuse(response, "GET, HEAD");
            }
        } else if (!FILE.matcher(request.path()).matches()) {
            var unused = Problem.of(404, "not-found").send(response);
        } else if (!reads) {
            refuse(response, "GET, HEAD");
        } else {
            file(request, ledger.folder().resolve(request.path().substring(1)));
        }
    }

    private static void refuse(HttpServerResponse response, String allowed) {
        response.putHeader(HttpHeaders.ALLOW, allowed);
        var unused = Problem.of(405, "method-not-allowed").send(response);
    }

    private static void file(HttpServerRequest request, Path file) {
        HttpServerResponse response = request.response();
        boolean checkpoint = request.path().equals("/checkpoint");
        response.putHeader(
                        HttpHeaders.CONTENT_TYPE, checkpoint ? "text/plain; charset=utf-8" : "application/octet-stream")
                // A tile never changes; the checkpoint does.
                .putHeader(HttpHeaders.CACHE_CONTROL, checkpoint ? "no-store" : "max-age=31536000, immutable");
        response.sendFile(file.toString()).onFailure(missing -> {
            if (!response.headWritten()) {
                response.headers().clear();
                var unused = Problem.of(404, "not-found").send(response);
            }
        });
    }

    private static void checkpoint(HttpServerResponse response, Ledger ledger) {
        Future.fromCompletionStage(ledger.checkpointNow().get())
                .onSuccess(size -> {
                    var unused = response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                            .sendFile(ledger.folder().resolve("checkpoint").toString());
                })
                .onFailure(failed -> {
                    response.putHeader(HttpHeaders.RETRY_AFTER, "10");
                    var unused = Problem.of(503, "no-checkpoint").send(response);
                });
    }

    private static void evidence(HttpServerResponse response, Ledger ledger, UUID id) {
        Future.fromCompletionStage(ledger.evidence().apply(id))
                .onSuccess(bundle -> {
                    // The next checkpoint may cover more.
                    var unused = response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                            .putHeader("Content-Disposition", "attachment; filename=\"" + id + ".evidence\"")
                            .end(Buffer.buffer(bundle.bytes()));
                })
                .onFailure(failed -> {
                    if (failed instanceof EvidenceContradicted contradicted) {
                        LOG.error("no evidence: {}", contradicted.getMessage());
                        var unused = Problem.of(500, "evidence-contradicted").send(response);
                    } else {
                        response.putHeader(HttpHeaders.RETRY_AFTER, "10");
                        var unused = Problem.of(503, "no-evidence").send(response);
                    }
                });
    }

    /** The port that it listens on. */
    public int port() {
        return server.actualPort();
    }

    /** Stops listening and returns when that is done; must not be called on an event loop. */
    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
