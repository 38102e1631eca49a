package org.brokerhandoff.router.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.List;

/** Finds the addresses of a host name. */
@FunctionalInterface
interface NameLookup {
    /** The addresses of {@code host}, the preferred one first; fails if there are none. */
    Future<List<InetAddress>> addresses(String host);

    /** As the JDK does it: hosts file, then DNS. */
    static NameLookup ofSystem(Vertx vertx) {
        return host -> vertx.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false);
    }
}
