package org.brokerhandoff.operations.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.CompletionException;
import org.brokerhandoff.operations.configuration.Setting;
import org.brokerhandoff.operations.configuration.Settings;

/** A small HTTP server with only {@link OperationsEndpoints}; everyone who reaches it sees everything, so it belongs on loopback. */
public final class OperationsServer implements AutoCloseable {

    private final HttpServer server;

    private OperationsServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts listening; the future fails if the address cannot be bound.
     *
     * @param port TCP port, or 0 for any free one
     */
    public static Future<OperationsServer> start(Vertx vertx, String host, int port, OperationsEndpoints endpoints) {
        return start(vertx, host, port, Settings.ROUTER_HTTP_PORT, endpoints);
    }

    /**
     * As above, for the port of another setting.
     *
     * @param setting the setting of the port, for the message of a failure
     */
    public static Future<OperationsServer> start(
            Vertx vertx, String host, int port, Setting<Integer> setting, OperationsEndpoints endpoints) {
        return new BoundedHttpServer(ConnectionLimits.forOperations(), "operations", endpoints.meters())
                .create(vertx, request -> {
                    if (!endpoints.handle(request)) {
                        var unused = Problem.of(404, "not-found").send(request.response());
                    }
                })
                .listen(port, host)
                .recover(CannotListen.at(host, port, setting.name()))
                .map(OperationsServer::new);
    }

    /** The port that it listens on. */
    public int port() {
        return server.actualPort();
    }

    /**
     * Stops listening and returns when that is done; must not be called on an event loop.
     *
     * @throws CompletionException if the server could not be closed
     */
    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
