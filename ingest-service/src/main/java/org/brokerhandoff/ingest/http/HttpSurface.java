package org.brokerhandoff.ingest.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.brokerhandoff.ingest.authentication.Callers;
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
     * The listener's address.
     *
     * @param port TCP port, or 0 for any free one
     * @param limits of its connections; lowered if the process has too few file descriptors
     */
    public record Address(String host, int port, ConnectionLimits limits) {}

    /**
     * Starts to listen; blocks until it does.
     *
     * @param custodyIsLate whether a late answer is likely to have waited for custody
     * @throws java.util.concurrent.CompletionException if the address cannot be bound
     */
    public static HttpSurface start(
            Vertx vertx,
            Address address,
            Callers callers,
            Routes routes,
            OperationsEndpoints operations,
            MeterRegistry meters,
            BooleanSupplier custodyIsLate) {
        Front front = new Front(
                vertx,
                callers,
                routes.all(),
                operations,
                Map.of(
                        "/openapi.yaml",
                        Buffer.buffer(Routes.openApi()),
                        "/asyncapi.yaml",
                        Buffer.buffer(Routes.asyncApi())),
                meters,
                custodyIsLate);
        // One for all listeners: they share the limits.
        BoundedHttpServer server = new BoundedHttpServer(address.limits().withinDescriptors(), "ingest", meters);
        AtomicInteger bound = new AtomicInteger();
        // A negative port is Vert.x's way to let instances share a free one: a different number for each surface.
        int shared = address.port() == 0 ? FREE_PORTS.decrementAndGet() : address.port();
        String deployment = vertx.deployVerticle(
                        () -> new Listener(server, front, address.host(), shared, bound),
                        new DeploymentOptions()
                                .setInstances(Math.max(1, Runtime.getRuntime().availableProcessors() / 2)))
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(START_SECONDS, TimeUnit.SECONDS)
                .join();
        return new HttpSurface(vertx, deployment, bound.get());
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /** Stops listening; requests in progress lose their connection. Not to be called on an event loop. */
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
