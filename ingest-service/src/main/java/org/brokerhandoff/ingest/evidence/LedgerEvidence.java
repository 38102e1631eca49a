package org.brokerhandoff.ingest.evidence;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Fetches evidence from the ledger. Thread-safe. */
public final class LedgerEvidence implements AutoCloseable {
    /** The maximum that a reader of such files accepts. */
    private static final int MOST_BYTES = 16 << 20;
    /** The claim is within the first lines: form, key, partition, claim. */
    private static final int HEAD_BYTES = 256;

    private static final String ABSENT = "\nabsent\n";
    private static final int CONNECT_MILLIS = 1_000;
    private static final long ANSWER_MILLIS = 3_000;
    private static final int CONNECTIONS = 8;
    private static final int MOST_WAITING = 64;

    private final HttpClient client;
    private final Optional<URI> ledger;

    /** Fetches from {@code ledger}, if there is one. */
    public LedgerEvidence(Vertx vertx, Optional<URI> ledger) {
        this.client = vertx.createHttpClient(
                // A kept connection may be closed by the ledger just as the next request is sent on it, which would be
                // a failure to tell the caller.
                new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS).setKeepAlive(false),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(MOST_WAITING));
        this.ledger = ledger;
    }

    /** The evidence of {@code id} as of the ledger's newest checkpoint. The stage never fails. */
    public CompletionStage<EvidenceOutcome> of(UUID id) {
        Future<EvidenceOutcome> outcome = ledger.map(origin -> fetch(origin.resolve("/evidence/" + id)))
                .orElseGet(() -> Future.succeededFuture(new EvidenceOutcome.Unavailable()));
        return outcome.otherwise(failed -> new EvidenceOutcome.Unavailable()).toCompletionStage();
    }

    private Future<EvidenceOutcome> fetch(URI evidence) {
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(evidence.toString())
                        .setTimeout(ANSWER_MILLIS))
                .compose(request -> request.send())
                .compose(response -> response.statusCode() == 200
                        ? body(response).map(LedgerEvidence::outcome)
                        : Future.succeededFuture(new EvidenceOutcome.Unavailable()))
                // The head may arrive at once and the body never.
                .timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static EvidenceOutcome outcome(Buffer body) {
        String head = body.getString(0, Math.min(HEAD_BYTES, body.length()), StandardCharsets.UTF_8.name());
        return head.contains(ABSENT) ? new EvidenceOutcome.NotCommitted() : new EvidenceOutcome.Evidence(body);
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            if (body.length() + part.length() > MOST_BYTES) {
                whole.tryFail("too large");
                var unused = response.request().reset();
            } else {
                body.appendBuffer(part);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> whole.tryComplete(body));
        return whole.future();
    }

    @Override
    public void close() {
        var unused = client.close();
    }
}
