package org.brokerhandoff.operations.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The open connections of one server, over all event loops, within {@link ConnectionLimits}. At a limit, the connection that has waited
 * longest for a request is closed in favour of the new one: so half-open connections never lock out a client with a request. The new one is
 * closed only if all are in the middle of a request.
 *
 * <p>Thread-safe. The lock is held briefly, when a connection opens or closes, never for a request.
 */
final class Connections {
    private final ConnectionLimits limits;
    private final Counter closed;

    /** Oldest first. */
    private final Map<ConnectionGuard, String> open = new LinkedHashMap<>();

    private final Map<String, Integer> perAddress = new LinkedHashMap<>();

    /**
     * No connections yet.
     *
     * @param server tag of the meters
     */
    Connections(ConnectionLimits limits, String server, MeterRegistry meters) {
        this.limits = limits;
        this.closed = Counter.builder("handoff.http.connections.closed")
                .description("Connections closed because a limit was reached")
                .tag("server", server)
                .register(meters);
        Gauge.builder("handoff.http.connections", this, Connections::size)
                .description("Open HTTP connections")
                .tag("server", server)
                .register(meters);
    }

    synchronized int size() {
        return open.size();
    }

    /** Accepts a new connection, or closes it. Called on its event loop. */
    void opened(HttpConnection connection) {
        String address = connection.remoteAddress() == null
                ? ""
                : String.valueOf(connection.remoteAddress().hostAddress());
        FoldedHeaders folded = new FoldedHeaders();
        ConnectionGuard guard = new ConnectionGuard(limits, folded);
        if (!enter(guard, address)) {
            closed.increment();
            var unused = connection.close();
            return;
        }
        // Vert.x has no extension point before its handler; its context gives access to the pipeline.
        ChannelHandlerContext vertx = ((ConnectionBase) connection).channelHandlerContext();
        vertx.pipeline().addBefore(vertx.name(), "guard", guard);
        vertx.pipeline().addFirst("folded", folded);
        var unused = vertx.channel().closeFuture().addListener(done -> left(guard));
    }

    private boolean enter(ConnectionGuard guard, String address) {
        Optional<ConnectionGuard> givesWay = Optional.empty();
        synchronized (this) {
            boolean addressFull = perAddress.getOrDefault(address, 0) >= limits.perAddress();
            if (addressFull || open.size() >= limits.total()) {
                givesWay = open.entrySet().stream()
                        .filter(entry -> !addressFull || entry.getValue().equals(address))
                        .map(Map.Entry::getKey)
                        .filter(ConnectionGuard::waiting)
                        .findFirst();
                if (givesWay.isEmpty()) {
                    return false;
                }
                left(givesWay.get());
            }
            open.put(guard, address);
            perAddress.merge(address, 1, Integer::sum);
        }
        givesWay.ifPresent(oldest -> {
            closed.increment();
            oldest.giveWay();
        });
        return true;
    }

    private synchronized void left(ConnectionGuard guard) {
        String address = open.remove(guard);
        if (address != null) {
            perAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
        }
    }
}
