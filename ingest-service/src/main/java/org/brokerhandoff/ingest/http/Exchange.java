package org.brokerhandoff.ingest.http;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.brokerhandoff.ingest.accept.CanonicalIds;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.authentication.Caller;
import org.brokerhandoff.ingest.feed.FeedStream;
import org.brokerhandoff.ingest.feed.StreamSink;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.operations.http.BoundedHttpServer;
import org.brokerhandoff.operations.http.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An authenticated request with its body read, and the means to answer it. Belongs to one event loop, on which it runs tasks. */
final class Exchange implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final String JSON = "application/json";

    /** From the complete request to the response. */
    private static final Duration LIMIT = Duration.ofMillis(3500);

    private final Context context;
    private final HttpServerRequest request;
    private final Caller caller;
    private final List<String> parameters;
    private final byte[] body;
    private final int bodyLength;
    private final BooleanSupplier custodyIsLate;

    /** @param custodyIsLate whether a late answer is likely to have waited for custody */
    Exchange(
            Context context,
            HttpServerRequest request,
            Caller caller,
            List<String> parameters,
            byte[] body,
            int bodyLength,
            BooleanSupplier custodyIsLate) {
        this.context = context;
        this.request = request;
        this.caller = caller;
        this.parameters = parameters;
        this.body = body;
        this.bodyLength = bodyLength;
        this.custodyIsLate = custodyIsLate;
    }

    /**
     * The key that the request was made with.
     *
     * @throws IllegalStateException on a route that requires none
     */
    ApiKey key() {
        if (caller instanceof ApiKey key) {
            return key;
        }
        throw new IllegalStateException("the route asks for no key");
    }

    /** Who made the request. */
    Caller caller() {
        return caller;
    }

    /** The path's first parameter. */
    String parameter() {
        return parameters.get(0);
    }

    /** The path's parameters, in their order. */
    List<String> parameters() {
        return parameters;
    }

    /**
     * A query parameter; empty if absent.
     *
     * @throws InvalidQuery if it is repeated, or the query is not percent-encoded UTF-8
     */
    Optional<String> query(String name) throws InvalidQuery {
        List<String> values;
        try {
            values = request.params().getAll(name);
        } catch (IllegalArgumentException e) {
            throw new InvalidQuery();
        }
        if (values.size() > 1) {
            throw new InvalidQuery();
        }
        return values.stream().findFirst();
    }

    /** The query is malformed. Has no message: it would quote the query. */
    static final class InvalidQuery extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidQuery() {
            super(null, null, false, false);
        }
    }

    /** The body, in the first {@link #bodyLength} bytes; wiped when the endpoint returns. */
    byte[] body() {
        return body;
    }

    int bodyLength() {
        return bodyLength;
    }

    @Nullable
    String header(String name) {
        return request.getHeader(name);
    }

    /** Whether the request declares a JSON body. */
    boolean saysJson() {
        return saysJson(request);
    }

    static boolean saysJson(HttpServerRequest request) {
        String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return contentType != null
                && contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON);
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(now -> task.run());
    }

    /** Calls {@code work} with the signup id in the path, or answers that the signup does not exist. */
    void withSignupId(java.util.function.Consumer<UUID> work) {
        Optional<UUID> id = CanonicalIds.parse(parameter());
        if (id.isPresent()) {
            work.accept(id.get());
        } else {
            problem(404, "unknown-signup");
        }
    }

    /**
     * Answers on this exchange's event loop once {@code stage} is complete, or that it timed out: a website waits for about five seconds, and
     * must learn before that it should retry. A later completion is not lost: the retry finds it by its key or id.
     */
    <T> void whenDone(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> answer) {
        long limit = context.owner().setTimer(LIMIT.toMillis(), late -> {
            if (!request.response().ended()) {
                unavailable(lateness());
            }
        });
        stage.whenCompleteAsync(
                (result, failure) -> {
                    context.owner().cancelTimer(limit);
                    if (!request.response().ended()) {
                        answer.accept(result, failure);
                    }
                },
                this);
    }

    /** The likely cause of a wait: reads wait for the register to catch up with the log, everything else for custody or the log itself. */
    private Unavailability lateness() {
        boolean reading =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (reading) {
            return Unavailability.REGISTER_BEHIND;
        }
        return custodyIsLate.getAsBoolean() ? Unavailability.CUSTODY_FAILED : Unavailability.LOG_UNAVAILABLE;
    }

    /** Answers 200 with content that may be cached as {@code cacheControl} says. */
    void content(String contentType, String cacheControl, Buffer content) {
        var unused = response()
                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                .putHeader(HttpHeaders.CACHE_CONTROL, cacheControl)
                // Displayed as plain text, whatever it looks like.
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(content);
    }

    boolean isHead() {
        return request.method().equals(HttpMethod.HEAD);
    }

    /** Answers with the head of an event stream, and with no stream. */
    void streamHead() {
        var unused = eventStream().end();
    }

    /** Answers with an event stream, which continues until either side ends it. */
    void stream(FeedStream stream) {
        HttpServerResponse response = eventStream().setChunked(true);
        response.closeHandler(closed -> stream.close());
        BoundedHttpServer.streams(request);
        stream.start(new StreamSink() {
            @Override
            public CompletionStage<Void> write(String lines) {
                Promise<Void> written = Promise.promise();
                execute(() -> {
                    if (response.ended() || response.closed()) {
                        written.fail("closed");
                    } else {
                        var unused = response.write(lines).onComplete(written);
                    }
                });
                return written.future().toCompletionStage();
            }

            @Override
            public void end() {
                execute(() -> {
                    if (!response.ended() && !response.closed()) {
                        var unused = response.end();
                    }
                });
            }

            @Override
            public void abort() {
                execute(() -> request.connection().close());
            }
        });
    }

    private HttpServerResponse eventStream() {
        return response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                // Some proxies buffer a response before they pass it on.
                .putHeader("X-Accel-Buffering", "no");
    }

    void json(int status, String json) {
        response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        end(json);
    }

    HttpServerResponse response() {
        return request.response();
    }

    void problem(int status, String code) {
        problem(Problem.of(status, code));
    }

    void problem(int status, String code, List<Problem.Violation> errors) {
        problem(Problem.of(status, code, errors));
    }

    void problem(Problem problem) {
        problem(problem.status(), problem.code(), problem.toJson());
    }

    /** A problem that has more members than {@link Problem}. */
    void problem(int status, String code, String json) {
        LOG.debug("{} {}", status, code);
        response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, Problem.CONTENT_TYPE);
        end(json);
    }

    void unavailable(Unavailability reason) {
        response()
                .putHeader(
                        HttpHeaders.RETRY_AFTER,
                        String.valueOf(reason.retryAfter().toSeconds()));
        problem(503, reason.code());
    }

    private void end(String text) {
        response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        var unused = response().end(text);
    }
}
