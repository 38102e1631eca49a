package org.brokerhandoff.ingest.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.brokerhandoff.ingest.authentication.ApiKeys;
import org.brokerhandoff.ingest.authentication.Scope;
import org.brokerhandoff.ingest.intake.ContactReception;
import org.brokerhandoff.ingest.intake.Reception;
import org.brokerhandoff.ingest.policy.Policies;
import org.brokerhandoff.ingest.status.RegisterReader;
import org.brokerhandoff.ingest.withdraw.Withdrawals;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.http.BoundedHttpServer;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.http.ConnectionLimits;
import org.brokerhandoff.operations.http.OperationsEndpoints;

/** The HTTP server of ingest: one listener on as many event loops as there are processors. */
public final class HttpSurface implements AutoCloseable {
    private static final int START_SECONDS = 30;
    private static final AtomicInteger FREE_PORTS = new AtomicInteger();

    private final Vertx vertx;
    private final String deployment;
    private final int port;

    private HttpSurface(Vertx vertx, String deployment, int port) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.port = port;
    }

    /**
     * Starts to listen; blocks until it does.
     *
     * @param port TCP port, or 0 for any free one
     * @param limits of its connections; fewer are allowed where the process has not enough file descriptors
     * @throws java.util.concurrent.CompletionException if the address cannot be bound
     */
    public static HttpSurface start(
            Vertx vertx,
            String host,
            int port,
            ConnectionLimits limits,
            Supplier<ApiKeys> apiKeys,
            Reception reception,
            ContactReception contactReception,
            RegisterReader register,
            Withdrawals withdrawals,
            Policies policies,
            OperationsEndpoints operations,
            MeterRegistry meters,
            InstantSource clock,
            Executor blocking) {
        List<Route> routes = routes(
                SignupEndpoint.signups(reception::receive),
                SignupEndpoint.contactMessages(contactReception::receive),
                new StatusEndpoints(register, blocking),
                new WithdrawalEndpoint(withdrawals),
                new PolicyEndpoint(policies, clock));
        Front front = new Front(vertx, apiKeys, routes, operations, Buffer.buffer(openApi()), meters);
        // One for all listeners: they share the limits.
        BoundedHttpServer server = new BoundedHttpServer(limits.withinDescriptors(), "ingest", meters);
        AtomicInteger bound = new AtomicInteger();
        // A negative port is Vert.x's way to let instances share a free one: a number of its own for each surface.
        int shared = port == 0 ? FREE_PORTS.decrementAndGet() : port;
        String deployment = vertx.deployVerticle(
                        () -> new Listener(server, front, host, shared, bound),
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(START_SECONDS, TimeUnit.SECONDS)
                .join();
        return new HttpSurface(vertx, deployment, bound.get());
    }

    static List<Route> routes(
            Route.Endpoint signups,
            Route.Endpoint contactMessages,
            StatusEndpoints status,
            Route.Endpoint withdrawals,
            Route.Endpoint policies) {
        return List.of(
                new Route(HttpMethod.POST, "/v1/signups", Scope.WEBSITE, Route.Body.JSON, signups),
                new Route(HttpMethod.GET, "/v1/signups/{id}", Scope.WEBSITE, Route.Body.IGNORED, status::status),
                new Route(
                        HttpMethod.GET, "/v1/signups/{id}/receipt", Scope.WEBSITE, Route.Body.IGNORED, status::receipt),
                new Route(
                        HttpMethod.POST, "/v1/signups/{id}/withdrawal", Scope.WEBSITE, Route.Body.IGNORED, withdrawals),
                new Route(HttpMethod.POST, "/v1/contact-messages", Scope.WEBSITE, Route.Body.JSON, contactMessages),
                new Route(HttpMethod.POST, "/v1/policies", Scope.ADMIN, Route.Body.JSON, policies));
    }

    /** The description of the interface. */
    static byte[] openApi() {
        try (InputStream stream = HttpSurface.class.getResourceAsStream("openapi.yaml")) {
            return Objects.requireNonNull(stream, "openapi.yaml is missing").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /** Stops listening; requests under way lose their connection. Not to be called on an event loop. */
    @Override
    public void close() {
        vertx.undeploy(deployment)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(START_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** One per event loop. */
    private static final class Listener extends AbstractVerticle {
        private final BoundedHttpServer server;
        private final Front front;
        private final String host;
        private final int port;
        private final AtomicInteger bound;

        Listener(BoundedHttpServer server, Front front, String host, int port, AtomicInteger bound) {
            this.server = server;
            this.front = front;
            this.host = host;
            this.port = port;
            this.bound = bound;
        }

        @Override
        public void start(Promise<Void> started) {
            server.create(vertx, front)
                    .listen(port, host)
                    .recover(CannotListen.at(host, port, Settings.HTTP_PORT.name()))
                    .<Void>map((HttpServer listening) -> {
                        bound.set(listening.actualPort());
                        return null;
                    })
                    .onComplete(started);
        }
    }
}
