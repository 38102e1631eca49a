package org.brokerhandoff.router.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import org.brokerhandoff.router.directory.Broker;

/**
 * Opens requests to brokers' addresses for notices. An implementation vouches for the peer: TLS is verified and the address is
 * allowed before the request is returned.
 */
@FunctionalInterface
public interface NoticeRequests {
    /** A request that nothing was written of yet. */
    Future<HttpClientRequest> open(Broker broker, HttpMethod method, URI target, Duration connectLimit);
}
