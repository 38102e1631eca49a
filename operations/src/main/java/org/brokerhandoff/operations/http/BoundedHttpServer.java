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
 * HTTP/1.1 servers whose connections are bounded, and which answer malformed HTTP requests with a problem instead of passing them on. May
 * serve several listeners of one port.
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
     * A listener that is not yet bound.
     *
     * @param handler receives requests with a valid head. It must query {@link #bodyFault} when a body has ended, and send {@code 100
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

    /** The fault of the body of a request that has ended; empty if there is none. The connection is closed after the response. */
    public static Optional<RequestFault> bodyFault(HttpServerRequest request) {
        return ConnectionGuard.bodyFault(request.connection());
    }

    /**
     * Records that the response to {@code request} is open-ended: the connection is idle from its end, not from the end of the request. To be
     * called on the connection's event loop; the writer of the response ensures that it is read.
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
