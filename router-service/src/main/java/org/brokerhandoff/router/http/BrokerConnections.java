package org.brokerhandoff.router.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.AddressResolver;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.event.NotSentReason;
import org.brokerhandoff.router.directory.Connection;
import org.brokerhandoff.router.directory.WebhookEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections to one endpoint, of a broker or another, as one version of the configuration describes it. */
final class BrokerConnections {
    /** More at once only if HTTP/2 carries several on one connection. */
    static final int POOL_SIZE = 64;

    private static final int HTTP2_CONNECTIONS = 2;
    /** So that a certificate that was revoked, or an address that was given up, does not live on in a connection. */
    private static final int CONNECTION_LASTS_SECONDS = 300;

    private static final int KEEP_ALIVE_SECONDS = 30;
    private static final Set<String> TLS_VERSIONS = Set.of("TLSv1.3", "TLSv1.2");
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);

    private static final long WARNED_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnections.class);

    private final Map<NotSentReason, Long> warned = new ConcurrentHashMap<>();
    private volatile Optional<NotSentReason> trouble = Optional.empty();
    private final WebhookEndpoint to;
    private final Destination destination;
    private final HttpClientAgent agent;
    private final boolean tls;
    private final boolean byProxy;
    private final String host;
    private final int port;
    private final String path;
    private final String query;

    /**
     * Connections.
     *
     * @param to where requests go, or below
     * @param connections the most at once over HTTP/1.1
     */
    BrokerConnections(
            Vertx vertx,
            WebhookEndpoint to,
            int connections,
            Duration connectLimit,
            Optional<ProxyAddress> proxy,
            NameLookup lookup) {
        this.to = to;
        URI endpoint = to.address();
        tls = "https".equals(endpoint.getScheme());
        host = endpoint.getHost();
        port = endpoint.getPort() >= 0 ? endpoint.getPort() : tls ? 443 : 80;
        path = endpoint.getRawPath() == null || endpoint.getRawPath().isEmpty() ? "/" : endpoint.getRawPath();
        query = endpoint.getRawQuery() == null ? "" : "?" + endpoint.getRawQuery();
        Optional<ProxyAddress> used = to.local() ? Optional.empty() : proxy;
        Destination.Kind kind = to.local()
                ? Destination.Kind.LOCAL
                : used.isPresent() ? Destination.Kind.BY_PROXY : Destination.Kind.CHECKED;
        destination = new Destination(to.name(), host, port, kind, lookup, System::nanoTime);
        agent = vertx.httpClientBuilder()
                .with(options(to.connection(), connectLimit, used))
                .with(new PoolOptions()
                        .setHttp1MaxSize(connections)
                        .setHttp2MaxSize(HTTP2_CONNECTIONS)
                        .setMaxLifetime(CONNECTION_LASTS_SECONDS)
                        .setMaxLifetimeUnit(TimeUnit.SECONDS))
                // What is asked for by address is connected to as it is: the client's own resolver would look it up
                // again.
                .withAddressResolver(
                        AddressResolver.<Destination.Endpoint>mappingResolver(checked -> List.of(checked.socket())))
                .withConnectHandler(connection -> ConnectionGuards.install(connection, this::notSent))
                .build();
        byProxy = used.isPresent();
    }

    private HttpClientOptions options(Connection connection, Duration connectLimit, Optional<ProxyAddress> proxy) {
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(true)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setVerifyHost(true)
                .setTrustAll(false)
                .setEnabledSecureTransportProtocols(TLS_VERSIONS)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(VertxBrokerClient.MOST_REPLY_BYTES)
                .setInitialSettings(new Http2Settings()
                        .setPushEnabled(false)
                        .setMaxHeaderListSize(VertxBrokerClient.MOST_REPLY_BYTES))
                .setConnectTimeout((int) connectLimit.toMillis())
                .setSslHandshakeTimeout(connectLimit.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        // Without TLS the upgrade would cost its own request, and no broker on the internet speaks it.
        boolean http2 = tls && connection.http2();
        options.setUseAlpn(http2).setProtocolVersion(http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1);
        connection.tls().trust().ifPresent(manager -> options.setTrustOptions(TrustOptions.wrap(manager)));
        connection.tls().identity().ifPresent(manager -> options.setKeyCertOptions(KeyCertOptions.wrap(manager)));
        proxy.ifPresent(address -> options.setProxyOptions(address.options()));
        return options;
    }

    /** Whether these are the connections that another version of the same endpoint needs. */
    boolean serve(URI address, boolean local, Connection connection) {
        return to.address().equals(address)
                && to.local() == local
                && to.connection().equals(connection);
    }

    /**
     * A request on a connection whose other end was looked up and checked, of which nothing was written yet. Of several addresses each
     * is tried, until one can be connected to or the time is over.
     *
     * @param uri path and query
     * @param limit longest time for all of them
     */
    Future<HttpClientRequest> request(HttpMethod method, String uri, Duration limit) {
        long endNanos = System.nanoTime() + limit.toNanos();
        return destination
                .endpoints()
                .compose(endpoints -> request(method, uri, endpoints, endNanos))
                .onFailure(this::notSent);
    }

    private Future<HttpClientRequest> request(
            HttpMethod method, String uri, List<Destination.Endpoint> endpoints, long endNanos) {
        Destination.Endpoint endpoint = endpoints.get(0);
        List<Destination.Endpoint> others = endpoints.subList(1, endpoints.size());
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        return agent.request(new RequestOptions()
                        .setMethod(method)
                        .setServer(byProxy ? endpoint.socket() : endpoint)
                        .setHost(host)
                        .setPort(port)
                        .setSsl(tls)
                        .setURI(uri)
                        .setFollowRedirects(false)
                        // Each gets its share, so that one that does not answer leaves time for the others.
                        .setConnectTimeout(Math.max(1, leftMillis / endpoints.size())))
                .compose(request -> checked(request, endpoint))
                .recover(failure -> {
                    destination.unreachable(endpoint);
                    return others.isEmpty() || endNanos - System.nanoTime() <= 0
                            ? Future.failedFuture(failure)
                            : request(method, uri, others, endNanos);
                });
    }

    /** Not only where the name led, but where the socket is: before the first byte of the request. */
    private Future<HttpClientRequest> checked(HttpClientRequest request, Destination.Endpoint endpoint) {
        // What it says comes with the reply that fails; without a handler each would be an error in the log.
        request.exceptionHandler(failure -> {});
        request.response().onSuccess(reply -> trouble = Optional.empty());
        if (destination.allows(endpoint, request.connection().remoteAddress(true))) {
            return Future.succeededFuture(request);
        }
        request.reset();
        request.connection().close();
        return Future.failedFuture(new Destination.Refused("the socket's other end"));
    }

    /** A person has to find out why, without a line for each signup. */
    private void notSent(Throwable failure) {
        NotSentReason reason = NotSentReasons.of(failure);
        trouble = Optional.of(reason);
        long nowNanos = System.nanoTime();
        Long before = warned.get(reason);
        if (before == null || nowNanos - before > WARNED_AGAIN_NANOS) {
            warned.put(reason, nowNanos);
            LOG.warn("{}: nothing could be sent to {}:{}: {}", to.name(), host, port, reason);
        }
    }

    /** What kept the latest request from being sent; empty if one has been answered since. */
    Optional<NotSentReason> trouble() {
        return trouble;
    }

    /** The path and query of {@code below} under the endpoint, whose own query stays. */
    String uri(String below) {
        String above = !below.isEmpty() && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return above + below + query;
    }

    /** Lets exchanges end, then closes. */
    void retire() {
        var unused = agent.shutdown(CLOSE_LIMIT);
    }

    void close() {
        var unused = agent.close();
    }
}
