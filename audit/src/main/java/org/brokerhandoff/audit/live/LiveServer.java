package org.brokerhandoff.audit.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.brokerhandoff.audit.trace.TimeLine;
import org.brokerhandoff.operations.http.BoundedHttpServer;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.http.ConnectionLimits;
import org.brokerhandoff.operations.http.Problem;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Page;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves pages for people and, under {@code /v1/}, JSON for programs. Read-only; methods other than GET and HEAD are refused. */
final class LiveServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveServer.class);
    private static final String API = "/v1/";
    private static final String SIGNUPS = "/v1/signups/";

    private final LogFollower follower;
    private final Supplier<Optional<Replicas>> replicas;
    private final SignupDesk desk;
    private final Access access;
    private final HttpServer server;

    private LiveServer(
            Vertx vertx, LogFollower follower, Supplier<Optional<Replicas>> replicas, SignupDesk desk, Access access) {
        this.follower = follower;
        this.replicas = replicas;
        this.desk = desk;
        this.access = access;
        this.server = new BoundedHttpServer(ConnectionLimits.of(64, 32), "audit", new SimpleMeterRegistry())
                .create(vertx, this::handle);
    }

    /**
     * Listens; blocks until it does.
     *
     * @throws CannotListen if the address cannot be bound
     */
    static LiveServer start(
            Vertx vertx,
            LogFollower follower,
            Supplier<Optional<Replicas>> replicas,
            SignupDesk desk,
            Access access,
            String host,
            int port) {
        LiveServer started = new LiveServer(vertx, follower, replicas, desk, access);
        var unused = started.server
                .listen(port, host)
                .recover(CannotListen.at(host, port, "--port"))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return started;
    }

    int port() {
        return server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        // A faulty body does not concern a reader.
        request.exceptionHandler(
                failure -> LOG.debug("a request failed: {}", failure.getClass().getName()));
        HttpServerResponse response = request.response();
        response.putHeader("Content-Security-Policy", Page.SERVED_POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader(HttpHeaders.VARY, "Accept-Language")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Access.Answer answer = access.to(
                Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION)),
                Optional.ofNullable(request.getHeader(HttpHeaders.HOST)));
        if (answer == Access.Answer.UNAUTHENTICATED) {
            response.headers().add("WWW-Authenticate", "Bearer realm=\"broker-handoff-audit\"");
            response.headers().add("WWW-Authenticate", "Basic realm=\"broker-handoff-audit\", charset=\"UTF-8\"");
            refuse(request, 401, "unauthenticated");
        } else if (answer == Access.Answer.MISDIRECTED) {
            refuse(request, 421, "misdirected");
        } else if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            refuse(request, 405, "method-not-allowed");
        } else {
            route(request);
        }
    }

    private void route(HttpServerRequest request) {
        String path = request.path() == null ? "/" : request.path();
        if (path.equals("/")) {
            overview(request);
        } else if (path.equals("/signup")) {
            signup(
                    request,
                    Optional.ofNullable(request.getParam("id"))
                            .map(String::strip)
                            .orElse(""));
        } else if (path.equals(LivePages.SCRIPT)) {
            send(request, 200, "text/javascript; charset=utf-8", Page.RENEWING_SCRIPT);
        } else if (path.equals("/v1/overview")) {
            send(request, 200, "application/json", json(follower.view(), follower.progress()));
        } else if (path.startsWith(SIGNUPS)) {
            signup(request, path.substring(SIGNUPS.length()));
        } else {
            refuse(request, 404, "not-found");
        }
    }

    private void overview(HttpServerRequest request) {
        Optional<Reader> reader = reader(request);
        Optional<WorkFilter> filter = WorkFilter.of(name -> Optional.ofNullable(request.getParam(name)));
        if (reader.isEmpty() || filter.isEmpty()) {
            refuse(request, 400, reader.isEmpty() ? "language-unknown" : "filter-unknown");
        } else {
            page(
                    request,
                    200,
                    new LivePages(reader.get())
                            .overview(follower.view(), follower.progress(), replicas.get(), filter.get()));
        }
    }

    private void signup(HttpServerRequest request, String text) {
        Optional<Reader> reader = reader(request);
        if (reader.isEmpty() || !text.matches(Blocks.SIGNUP_ID_PATTERN)) {
            refuse(request, 400, reader.isEmpty() ? "language-unknown" : "signup-id-malformed");
            return;
        }
        UUID id = UUID.fromString(text);
        desk.ask(id).onComplete(asked -> {
            if (asked.failed()) {
                boolean busy = asked.cause() instanceof SignupDesk.Busy;
                request.response().putHeader(HttpHeaders.RETRY_AFTER, busy ? "5" : "10");
                refuse(request, 503, busy ? "busy" : "log-unavailable");
            } else if (asked.result().timeLine().entries().isEmpty()) {
                refuse(request, 404, "signup-unknown", id);
            } else {
                TimeLine timeLine = asked.result().timeLine();
                if (api(request)) {
                    send(request, 200, "application/json", timeLine.json());
                } else {
                    page(
                            request,
                            200,
                            new SignupPages(reader.get())
                                    .page(timeLine, asked.result().proof()));
                }
            }
        });
    }

    /** Empty if the address names an unsupported language; JSON has none. */
    private static Optional<Reader> reader(HttpServerRequest request) {
        return api(request)
                ? Optional.of(Reader.of("en"))
                : Reader.asking(
                        Optional.ofNullable(request.getParam(Reader.PARAMETER)),
                        Optional.ofNullable(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE)));
    }

    private static String json(LiveView view, LiveView.Progress progress) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("asOf", view.asOf().toString())
                .put("caughtUp", progress.caughtUp())
                .put("recordsRead", progress.read())
                .put("recordsBehind", progress.behind());
        progress.failure().ifPresent(failure -> json.put("failure", failure));
        json.put("held", view.held()).put("overdue", view.overdue()).put("escalated", view.escalated());
        view.oldest().ifPresent(held -> {
            ObjectNode oldest = json.putObject("oldest")
                    .put("signupId", held.signupId().toString())
                    .put("receivedAt", held.receivedAt().toString())
                    .put("eraseBy", held.eraseBy().toString());
            if (held.kept()) {
                oldest.put("preservedUntil", held.due().toString());
            }
        });
        json.put("workInAll", view.workInAll());
        ArrayNode work = json.putArray("work");
        view.work().forEach(each -> {
            ObjectNode one = work.addObject()
                    .put("kind", WorkFilter.value(each.kind()))
                    .put("what", each.what().name())
                    .put("signupId", each.signupId().toString())
                    .put("since", each.since().toString())
                    .put("escalated", each.escalated());
            each.requestId().ifPresent(id -> one.put("requestId", id.toString()));
            each.broker().ifPresent(broker -> one.put("broker", broker));
            each.due().map(Instant::toString).ifPresent(due -> one.put("due", due));
        });
        return json.toPrettyString() + "\n";
    }

    private static boolean api(HttpServerRequest request) {
        return request.path() != null && request.path().startsWith(API);
    }

    private static void refuse(HttpServerRequest request, int status, String code, Object... values) {
        if (api(request)) {
            problem(request, status, code);
        } else {
            page(
                    request,
                    status,
                    new LivePages(reader(request).orElseGet(() -> Reader.of("en"))).error(status, code, values));
        }
    }

    private static void problem(HttpServerRequest request, int status, String code) {
        send(request, status, Problem.CONTENT_TYPE, Problem.of(status, code).toJson());
    }

    private static void page(HttpServerRequest request, int status, String html) {
        send(request, status, "text/html; charset=utf-8", html);
    }

    private static void send(HttpServerRequest request, int status, String type, String body) {
        HttpServerResponse response =
                request.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(bytes.length));
        var sent = request.method().equals(HttpMethod.HEAD) ? response.end() : response.end(Buffer.buffer(bytes));
        sent.onFailure(failure ->
                LOG.debug("an answer was not sent: {}", failure.getClass().getName()));
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
