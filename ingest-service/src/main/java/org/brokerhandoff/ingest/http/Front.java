package org.brokerhandoff.ingest.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.PersonalDataBuffer;
import org.brokerhandoff.ingest.accept.CanonicalIds;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.authentication.Caller;
import org.brokerhandoff.ingest.authentication.Callers;
import org.brokerhandoff.ingest.authentication.ReceiptHolder;
import org.brokerhandoff.ingest.authentication.Scope;
import org.brokerhandoff.operations.http.BoundedHttpServer;
import org.brokerhandoff.operations.http.OperationsEndpoints;
import org.brokerhandoff.operations.http.Problem;
import org.brokerhandoff.operations.http.RequestFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entry point of every request: finds its route, authenticates, then reads the body within its limit, in this order, so that strangers cost
 * as little as possible. Shared by all event loops.
 */
final class Front implements Handler<HttpServerRequest> {
    /** How much of a too large body is read and dropped before the connection is closed: time for the response to arrive. */
    private static final int MOST_DRAINED_BYTES = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final int FIRST_BODY_BYTES = 1024;
    private static final byte[] ZEROS = new byte[16 * 1024];

    private final Vertx vertx;
    private final Callers callers;
    private final List<Route> routes;
    private final OperationsEndpoints operations;
    private final Map<String, Buffer> descriptions;
    private final MeterRegistry meters;
    private final BooleanSupplier custodyIsLate;
    private final ConcurrentMap<String, Timer> timers = new ConcurrentHashMap<>();

    Front(
            Vertx vertx,
            Callers callers,
            List<Route> routes,
            OperationsEndpoints operations,
            Map<String, Buffer> descriptions,
            MeterRegistry meters,
            BooleanSupplier custodyIsLate) {
        this.vertx = vertx;
        this.callers = callers;
        this.routes = List.copyOf(routes);
        this.operations = operations;
        this.descriptions = Map.copyOf(descriptions);
        this.meters = meters;
        this.custodyIsLate = custodyIsLate;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (operations.handle(request, () -> access(request))) {
            return;
        }
        String path = request.path();
        Buffer description = path == null ? null : descriptions.get(path);
        if (description != null) {
            describe(request, description);
            return;
        }
        List<String> allowed = new ArrayList<>(0);
        for (Route route : routes) {
            Optional<List<String>> parameters = path == null ? Optional.empty() : route.match(path);
            if (parameters.isPresent()) {
                if (route.method().equals(request.method())
                        || (route.method().equals(HttpMethod.GET) && HttpMethod.HEAD.equals(request.method()))) {
                    measure(request, route);
                    authenticated(request, route, parameters.get());
                    return;
                }
                allow(allowed, route.method());
                if (route.method().equals(HttpMethod.GET)) {
                    allow(allowed, HttpMethod.HEAD);
                }
            }
        }
        if (allowed.isEmpty()) {
            refuse(request, 404, "not-found");
        } else {
            request.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
            refuse(request, 405, "method-not-allowed");
        }
    }

    /** Two routes may match one path. */
    private static void allow(List<String> allowed, HttpMethod method) {
        if (!allowed.contains(method.name())) {
            allowed.add(method.name());
        }
    }

    private void describe(HttpServerRequest request, Buffer description) {
        if (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)) {
            var unused = request.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                    .end(description);
        } else {
            request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            refuse(request, 405, "method-not-allowed");
        }
    }

    private void authenticated(HttpServerRequest request, Route route, List<String> parameters) {
        Optional<? extends Caller> caller = caller(request, route, parameters);
        if (caller.isEmpty()) {
            unauthenticated(request);
        } else if (!mayCall(caller.get(), route)) {
            refuse(request, 403, "forbidden");
        } else {
            new BodyReader(request, route, caller.get(), parameters).read();
        }
    }

    private static boolean mayCall(Caller caller, Route route) {
        return route.scope()
                .map(scope -> caller instanceof ReceiptHolder
                        || (caller instanceof ApiKey key && key.scopes().contains(scope)))
                .orElse(true);
    }

    /** Where no key is required, none is checked: a wrong one does not prevent reading. */
    private Optional<? extends Caller> caller(HttpServerRequest request, Route route, List<String> parameters) {
        if (route.scope().isEmpty()) {
            return Optional.of(Caller.Anybody.ANYBODY);
        }
        Optional<UUID> signupId = route.forReceiptHolders() ? CanonicalIds.parse(parameters.get(0)) : Optional.empty();
        return signupId.isPresent()
                ? callers.actingOn(signupId.get(), request.getHeader(HttpHeaders.AUTHORIZATION))
                : caller(request);
    }

    private Optional<ApiKey> caller(HttpServerRequest request) {
        return callers.withKey(request.getHeader(HttpHeaders.AUTHORIZATION));
    }

    /** On this port, strangers see only whether the service is up. */
    private OperationsEndpoints.Access access(HttpServerRequest request) {
        Optional<ApiKey> caller = caller(request);
        if (caller.isEmpty()) {
            return OperationsEndpoints.Access.STATUS;
        }
        return caller.get().scopes().contains(Scope.ADMIN)
                        || caller.get().scopes().contains(Scope.METRICS)
                ? OperationsEndpoints.Access.ALL
                : OperationsEndpoints.Access.DETAILS;
    }

    private void unauthenticated(HttpServerRequest request) {
        request.response().putHeader("WWW-Authenticate", "Bearer realm=\"broker-handoff\"");
        refuse(request, 401, "unauthenticated");
    }

    /** Whether the client waits for 100 Continue before it sends its body; any other expectation was refused before. */
    private static boolean awaitsContinue(HttpServerRequest request) {
        return request.getHeader(HttpHeaders.EXPECT) != null && !request.isEnded();
    }

    private void refuse(HttpServerRequest request, int status, String code) {
        LOG.debug("{} {}", status, code);
        if (awaitsContinue(request)) {
            // The body never comes, so the next bytes would be ambiguous.
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            var unused = Problem.of(status, code)
                    .send(request.response())
                    .onComplete(sent -> request.connection().close());
            return;
        }
        var unused = Problem.of(status, code).send(request.response());
        drain(request);
    }

    /**
     * Reads and drops the rest of a refused body. Closing at once would reset the connection, and the client would lose the response; reading
     * without limit would let it send forever.
     */
    private static void drain(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        long[] drained = {0};
        request.handler(chunk -> {
            drained[0] += chunk.length();
            wipe(chunk);
            if (drained[0] > MOST_DRAINED_BYTES) {
                request.connection().close();
            }
        });
    }

    /** A copy that Vert.x made on the heap. */
    private static void wipe(Buffer chunk) {
        for (int at = 0; at < chunk.length(); at += ZEROS.length) {
            chunk.setBytes(at, ZEROS, 0, Math.min(ZEROS.length, chunk.length() - at));
        }
    }

    private void measure(HttpServerRequest request, Route route) {
        long began = System.nanoTime();
        request.response()
                .endHandler(ended -> timers.computeIfAbsent(
                                route.method().name()
                                        + ' '
                                        + route.path()
                                        + ' '
                                        + request.response().getStatusCode(),
                                key -> Timer.builder("handoff.http.requests")
                                        .description("HTTP requests by route and status")
                                        .tag("method", route.method().name())
                                        .tag("route", route.path())
                                        .tag(
                                                "status",
                                                String.valueOf(
                                                        request.response().getStatusCode()))
                                        .register(meters))
                        .record(System.nanoTime() - began, TimeUnit.NANOSECONDS));
    }

    /** Reads one request's body, and wipes the source buffers and finally the target. */
    private final class BodyReader {
        private final HttpServerRequest request;
        private final Route route;
        private final Caller caller;
        private final List<String> parameters;
        private final Context context;
        private final PersonalDataBuffer body;
        private final long announced;
        private boolean refused;

        BodyReader(HttpServerRequest request, Route route, Caller caller, List<String> parameters) {
            this.request = request;
            this.route = route;
            this.caller = caller;
            this.parameters = parameters;
            this.context = vertx.getOrCreateContext();
            this.announced = announced();
            this.body = new PersonalDataBuffer(
                    announced > 0 && announced <= route.mostBodyBytes() ? (int) announced : FIRST_BODY_BYTES);
        }

        void read() {
            if (announced > route.mostBodyBytes()) {
                body.wipe();
                refuse(request, 413, "body-too-large");
            } else if (route.takesJson() && !Exchange.saysJson(request)) {
                body.wipe();
                refuse(request, 415, "not-json");
            } else {
                request.handler(this::chunk);
                request.endHandler(ended -> end());
                // A connection that breaks off must not leave half of a person's data behind.
                request.exceptionHandler(broken -> body.wipe());
                if (awaitsContinue(request)) {
                    var unused = request.response().writeContinue();
                }
            }
        }

        private void chunk(Buffer chunk) {
            if (refused || body.length() + chunk.length() > route.mostBodyBytes()) {
                wipe(chunk);
                if (!refused) {
                    refused = true;
                    body.wipe();
                    refuse(request, 413, "body-too-large");
                }
                return;
            }
            body.write(((BufferInternal) chunk).getByteBuf().nioBuffer());
            wipe(chunk);
        }

        private void end() {
            if (refused) {
                return;
            }
            Optional<RequestFault> fault = BoundedHttpServer.bodyFault(request);
            if (fault.isPresent()) {
                body.wipe();
                broken(fault.get());
                return;
            } else if (!stillAuthenticated()) {
                body.wipe();
                unauthenticated(request);
                return;
            }
            try (PersonalData whole = body.handOver()) {
                Object unused = whole.expose((bytes, length) -> {
                    route.endpoint()
                            .handle(new Exchange(context, request, caller, parameters, bytes, length, custodyIsLate));
                    return request;
                });
            } catch (RuntimeException | LinkageError e) {
                // An installation with a missing library must answer too: silence would look like a slow network.
                // Only the kind: its message might quote the request.
                LOG.error("a request failed: {}", e.getClass().getName());
                if (!request.response().ended()) {
                    refuse(request, 500, "internal-error");
                }
            }
        }

        /** Answers the client if it still listens; the connection can carry nothing else. */
        private void broken(RequestFault fault) {
            LOG.debug("{} {}", fault.status(), fault.code());
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            var unused = fault.problem()
                    .send(request.response())
                    .onComplete(sent -> request.connection().close());
        }

        /** A key may be removed while a body is arriving. */
        private boolean stillAuthenticated() {
            return caller(request, route, parameters).filter(caller::equals).isPresent();
        }

        /** Content-Length; 0 if the body is chunked or absent. Netty has refused anything but a number. */
        private long announced() {
            String text = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            try {
                return text == null ? 0 : Long.parseLong(text);
            } catch (NumberFormatException e) {
                return Long.MAX_VALUE;
            }
        }
    }
}
