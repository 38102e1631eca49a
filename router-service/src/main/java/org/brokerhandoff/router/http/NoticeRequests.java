package org.brokerhandoff.router.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.brokerhandoff.router.directory.Broker;

/**
 * Opens requests to where brokers take notices. Whoever implements it answers for the other end: TLS is verified and the address is
 * allowed before the request is given out.
 */
@FunctionalInterface
public interface NoticeRequests {
    /** A request that nothing was written of yet. */
    Future<HttpClientRequest> open(Broker broker, HttpMethod method, URI target, Duration connectLimit);

    /** A small connection pool for each broker, apart from that of its handoffs: neither waits for the other's connections. */
    static NoticeRequests pooled(Vertx vertx, int connectionsPerBroker) {
        Map<String, HttpClientAgent> clients = new ConcurrentHashMap<>();
        return (broker, method, target, connectLimit) -> clients.computeIfAbsent(
                        broker.id(),
                        id -> vertx.createHttpClient(
                                new HttpClientOptions()
                                        .setVerifyHost(true)
                                        .setTrustAll(false)
                                        .setDecompressionSupported(false)
                                        .setMaxHeaderSize(VertxBrokerClient.MOST_REPLY_BYTES)
                                        .setConnectTimeout((int) connectLimit.toMillis()),
                                new PoolOptions().setHttp1MaxSize(connectionsPerBroker)))
                .request(new RequestOptions()
                        .setMethod(method)
                        .setAbsoluteURI(target.toString())
                        .setFollowRedirects(false)
                        .setConnectTimeout(connectLimit.toMillis()));
    }
}
