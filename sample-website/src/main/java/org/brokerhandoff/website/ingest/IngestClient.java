package org.brokerhandoff.website.ingest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.brokerhandoff.website.form.RequestBody;

/**
 * Calls ingest with the website's API key. A request that ingest cannot take at the moment is repeated a few times, a signup with the same
 * idempotency key and body; the futures never fail.
 */
public final class IngestClient implements AutoCloseable {
    private static final int CONNECTIONS = 32;
    /** Longer than the 3.5 s in which ingest answers. */
    private static final int TIME_OUT_MILLIS = 5_000;

    private static final int REPEATS = 3;
    private static final long PAUSE_MILLIS = 300;

    private final Vertx vertx;
    private final HttpClientAgent client;
    private final URI base;
    private final String apiKey;

    /** A client of the ingest at {@code base}. */
    public IngestClient(Vertx vertx, URI base, String apiKey) {
        this.vertx = vertx;
        this.base = base;
        this.apiKey = apiKey;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(2_000).setSsl("https".equals(base.getScheme())),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    }

    /** Hands in a signup. */
    public Future<IngestReply> signUp(RequestBody body, String idempotencyKey) {
        return post("/v1/signups", Optional.of(idempotencyKey), body);
    }

    /** Hands in a message. */
    public Future<IngestReply> write(RequestBody body, String idempotencyKey) {
        return post("/v1/contact-messages", Optional.of(idempotencyKey), body);
    }

    /** Where a signup or a message stands. */
    public Future<IngestReply> status(UUID id) {
        return get("/v1/signups/" + id);
    }

    /** The receipt of a signup's consent. */
    public Future<IngestReply> receipt(UUID id) {
        return get("/v1/signups/" + id + "/receipt");
    }

    /** Withdraws the consent to a signup. */
    public Future<IngestReply> withdraw(UUID id) {
        return repeated(
                () -> send(HttpMethod.POST, "/v1/signups/" + id + "/withdrawal", Optional.empty(), new byte[0]));
    }

    /** What was asked for as to a signup. */
    public Future<IngestReply> requests(UUID id) {
        return get("/v1/signups/" + id + "/rights-requests");
    }

    /**
     * Exercises a right as to a signup.
     *
     * @param right a word of ingest's, such as {@code erasure}
     */
    public Future<IngestReply> ask(UUID id, String right) {
        byte[] body = ("{\"type\":\"" + right + "\"}").getBytes(StandardCharsets.UTF_8);
        return repeated(() -> send(HttpMethod.POST, "/v1/signups/" + id + "/rights-requests", Optional.empty(), body));
    }

    /** What the person of a signup is asked. */
    public Future<IngestReply> questions(UUID id) {
        return get("/v1/signups/" + id + "/questions");
    }

    /**
     * Passes the person's answer to a question on.
     *
     * @param question its id, as ingest told it
     */
    public Future<IngestReply> answer(UUID id, String question, boolean consented) {
        byte[] body = ("{\"consented\":" + consented + "}").getBytes(StandardCharsets.UTF_8);
        return repeated(() -> send(
                HttpMethod.POST, "/v1/signups/" + id + "/questions/" + question + "/answer", Optional.empty(), body));
    }

    /** The document in force. */
    public Future<IngestReply> document(String kind, String language) {
        return get("/v1/policies/current?kind=" + kind + "&language=" + language);
    }

    /**
     * The text of a document.
     *
     * @param sha256 64 hexadecimal digits
     */
    public Future<IngestReply> text(String sha256) {
        return get("/v1/policies/" + sha256);
    }

    /** Records a choice of cookies. */
    public Future<IngestReply> chooseCookies(RequestBody body) {
        return post("/v1/cookie-choices", Optional.empty(), body);
    }

    /** Overwrites the body when it was answered, or given up. */
    private Future<IngestReply> post(String path, Optional<String> idempotencyKey, RequestBody body) {
        byte[] bytes = body.copy();
        body.close();
        return repeated(() -> send(HttpMethod.POST, path, idempotencyKey, bytes))
                .onComplete(done -> Arrays.fill(bytes, (byte) 0));
    }

    private Future<IngestReply> get(String path) {
        return repeated(() -> send(HttpMethod.GET, path, Optional.empty(), new byte[0]));
    }

    private Future<IngestReply> repeated(Supplier<Future<IngestReply>> request) {
        return repeated(request, REPEATS);
    }

    private Future<IngestReply> repeated(Supplier<Future<IngestReply>> request, int left) {
        return request.get()
                // The kind of failure is not distinguished: in none of them is it known that nothing was accepted.
                .otherwise(IngestReply.UNREACHABLE)
                .compose(reply -> reply.mayWorkLater() && left > 0
                        ? vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS).compose(then -> repeated(request, left - 1))
                        : Future.succeededFuture(reply));
    }

    private Future<IngestReply> send(HttpMethod method, String path, Optional<String> idempotencyKey, byte[] body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost(base.getHost())
                .setPort(base.getPort() > 0 ? base.getPort() : "https".equals(base.getScheme()) ? 443 : 80)
                .setURI(path)
                .putHeader("authorization", "Bearer " + apiKey)
                .setTimeout(TIME_OUT_MILLIS)
                .setIdleTimeout(TIME_OUT_MILLIS);
        if (body.length > 0) {
            options.putHeader("content-type", "application/json");
        }
        idempotencyKey.ifPresent(key -> options.putHeader("idempotency-key", key));
        return client.request(options)
                .compose(request -> request.send(Buffer.buffer(body)).compose(IngestClient::reply));
    }

    private static Future<IngestReply> reply(HttpClientResponse response) {
        String signature = response.getHeader("handoff-receipt-signature");
        return response.body()
                .map(body -> new IngestReply(response.statusCode(), body, signature == null ? "" : signature));
    }

    @Override
    public void close() {
        client.close().toCompletionStage().toCompletableFuture().join();
    }
}
