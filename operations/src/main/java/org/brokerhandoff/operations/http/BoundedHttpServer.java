package org.brokerhandoff.operations.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP/1.1 servers whose connections are bounded, and which answer every request that is no proper HTTP with a problem instead of
 * passing it on. May stand for several listeners of one port.
 */
public final class BoundedHttpServer {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedHttpServer.class);
    private static final int MOST_LINE_BYTES = 4096;
    private static final int MOST_HEADER_BYTES = 8192;

    private final Connections connections;

    /**
     * Bounds for one server.
     *
     * @param name tag of its meters
     */
    public BoundedHttpServer(ConnectionLimits limits, String name, MeterRegistry meters) {
        this.connections = new Connections(limits, name, meters);
    }

    /**
     * A listener that is not bound yet.
     *
     * @param handler gets requests with a proper head. It has to ask {@link #bodyFault} when a body has ended, and to send {@code 100
     *     Continue} itself
     */
    public HttpServer create(Vertx vertx, Handler<HttpServerRequest> handler) {
        HttpServerOptions options = new HttpServerOptions()
                .setHandle100ContinueAutomatically(false)
                .setHttp2ClearTextEnabled(false)
                // There are no web sockets here; this keeps their handlers off each connection.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxInitialLineLength(MOST_LINE_BYTES)
                .setMaxHeaderSize(MOST_HEADER_BYTES)
                .setTcpNoDelay(true);
        return vertx.createHttpServer(options)
                .connectionHandler(connections::opened)
                .invalidRequestHandler(BoundedHttpServer::refuse)
                .exceptionHandler(failure ->
                        LOG.debug("a connection failed: {}", failure.getClass().getName()))
                .requestHandler(handler);
    }

    /** What was wrong with the body of a request that has ended; empty if nothing was. The connection is closed after the answer. */
    public static Optional<RequestFault> bodyFault(HttpServerRequest request) {
        return ConnectionGuard.bodyFault(request.connection());
    }

    /**
     * Notes that the answer to {@code request} continues for as long as both sides wish: the connection is idle from its end, not from the
     * end of the request. To be called on the connection's event loop; who writes the answer ensures that it is read.
     */
    public static void streams(HttpServerRequest request) {
        ConnectionGuard.streams(request.connection());
    }

    private static void refuse(HttpServerRequest request) {
        RequestFault fault = RequestFault.of(request.decoderResult().cause());
        LOG.debug("{} {}", fault.status(), fault.code());
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        var unused = fault.problem().send(request.response());
    }
}
