package org.brokerhandoff.router.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.event.NotSentReason;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.NoticeClient;
import org.brokerhandoff.router.deliver.PingClient;
import org.brokerhandoff.router.deliver.ReconciliationClient;
import org.brokerhandoff.router.deliver.WebhookClient;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.WebhookEndpoint;

/**
 * Talks to brokers with one connection pool per broker, so that a slow broker delays no other. Redirects are never followed, TLS is
 * verified, the other end's address is checked, a reply's body is read up to {@value #MOST_REPLY_BYTES} bytes, understood and dropped.
 */
public final class VertxBrokerClient
        implements BrokerClient, PingClient, ReconciliationClient, NoticeRequests, WebhookRequests, AutoCloseable {
    /** A reply needs two short members; whatever is longer is not one. Its headers have the same bound. */
    static final int MOST_REPLY_BYTES = 16 * 1024;

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence IDENTITY = HttpHeaders.createOptimized("identity");
    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("broker-handoff");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-store, no-cache");
    private static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("idempotency-key");
    private static final CharSequence WEBHOOK_ID = HttpHeaders.createOptimized("webhook-id");
    private static final CharSequence WEBHOOK_TIMESTAMP = HttpHeaders.createOptimized("webhook-timestamp");
    private static final CharSequence WEBHOOK_SIGNATURE = HttpHeaders.createOptimized("webhook-signature");

    private final Vertx vertx;
    private final Duration connectLimit;
    private final Optional<ProxyAddress> proxy;
    private final NameLookup lookup;
    private final Map<String, BrokerConnections> connections = new ConcurrentHashMap<>();

    /**
     * A client.
     *
     * @param connectLimit longest time for a connection, TLS included
     * @param proxy what stands between this system and all brokers that are not {@code local}
     */
    public VertxBrokerClient(Vertx vertx, Duration connectLimit, Optional<ProxyAddress> proxy) {
        this(vertx, connectLimit, proxy, NameLookup.ofSystem(vertx));
    }

    VertxBrokerClient(Vertx vertx, Duration connectLimit, Optional<ProxyAddress> proxy, NameLookup lookup) {
        this.vertx = vertx;
        this.connectLimit = connectLimit;
        this.proxy = proxy;
        this.lookup = lookup;
    }

    @Override
    public CompletionStage<BrokerReply> post(
            Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
        return post(broker, opening(broker, HttpMethod.POST, ""), ReplyBody::verdict, body, signature, limit);
    }

    @Override
    public CompletionStage<BrokerReply> ping(
            Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
        return post(broker, opening(broker, HttpMethod.POST, "/ping"), ReplyBody::verdict, body, signature, limit);
    }

    /** Opens a request to one address of a broker. */
    @FunctionalInterface
    interface Opening {
        /** Opens it; it can be written to within {@code limit}. */
        Future<HttpClientRequest> within(Duration limit);
    }

    /** What the body of a reply says, in the words of one part of the contract. */
    @FunctionalInterface
    interface Words {
        Optional<BrokerReply.Verdict> in(byte[] body);
    }

    private Opening opening(Broker broker, HttpMethod method, String below) {
        BrokerConnections to = connections(broker);
        return limit -> to.request(method, to.uri(below), limit);
    }

    CompletionStage<BrokerReply> post(
            Broker broker,
            Opening opening,
            Words words,
            PersonalData body,
            WebhookSignature signature,
            Duration limit) {
        Exchange exchange = new Exchange(words);
        return exchange(opening, limit, exchange, request -> {
                    if (body.wiped()) {
                        // The time was over before a connection was free.
                        request.reset();
                        return Future.succeededFuture(new BrokerReply.NotSent(NotSentReason.NO_CONNECTION_IN_TIME));
                    }
                    sign(request, broker, signature)
                            .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                            .putHeader(IDEMPOTENCY_KEY, signature.id());
                    Buffer buffer =
                            body.expose((bytes, length) -> Buffer.buffer(length).appendBytes(bytes, 0, length));
                    body.wipe();
                    if (!exchange.begin()) {
                        buffer.setBytes(0, new byte[buffer.length()]);
                        request.reset();
                        return Future.succeededFuture(new BrokerReply.NotSent(NotSentReason.NO_CONNECTION_IN_TIME));
                    }
                    // Written means copied into a buffer of the connection, which overwrites it once
                    // the system has taken it.
                    request.end(buffer).onComplete(written -> buffer.setBytes(0, new byte[buffer.length()]));
                    return reply(request, exchange, response -> StoredReply.isStored(response.headers()));
                })
                .onComplete(done -> body.wipe())
                .toCompletionStage();
    }

    @Override
    public CompletionStage<BrokerReply> ask(Broker broker, UUID signupId, WebhookSignature signature, Duration limit) {
        return ask(broker, opening(broker, HttpMethod.GET, "/" + signupId), ReplyBody::verdict, signature, limit);
    }

    CompletionStage<BrokerReply> ask(
            Broker broker, Opening opening, Words words, WebhookSignature signature, Duration limit) {
        Exchange exchange = new Exchange(words);
        return exchange(opening, limit, exchange, request -> {
                    sign(request, broker, signature);
                    if (!exchange.begin()) {
                        request.reset();
                        return Future.succeededFuture(new BrokerReply.NotSent(NotSentReason.NO_CONNECTION_IN_TIME));
                    }
                    request.end();
                    Instant askedAt = Instant.ofEpochSecond(signature.timestampSeconds());
                    return reply(
                            request,
                            exchange,
                            response -> StoredReply.provesNothing(response.statusCode(), response.headers(), askedAt));
                })
                .toCompletionStage();
    }

    @FunctionalInterface
    private interface Sending {
        Future<BrokerReply> on(HttpClientRequest request);
    }

    /** How far one exchange has come; what is known when it fails. */
    private static final class Exchange {
        /**
         * Who was first, the sender or the end of the time: they run on different threads, and an attempt of which it is said that
         * nothing was sent must not be sent a moment later.
         */
        private enum Stage {
            CONNECTING,
            SENDING,
            ABANDONED
        }

        private final Words words;
        private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.CONNECTING);
        private volatile OptionalInt status = OptionalInt.empty();
        private volatile Optional<HttpClientRequest> request = Optional.empty();

        Exchange(Words words) {
            this.words = words;
        }

        /** Whether the request may go out: from then on the broker may have it. */
        boolean begin() {
            return stage.compareAndSet(Stage.CONNECTING, Stage.SENDING);
        }

        BrokerReply abandoned(Throwable failure) {
            stage.compareAndSet(Stage.CONNECTING, Stage.ABANDONED);
            Optional<Throwable> nothingTaken = status.isPresent()
                    ? Optional.empty()
                    : request.flatMap(sent -> ConnectionGuards.nothingTaken(sent.connection()));
            request.ifPresent(HttpClientRequest::reset);
            return stage.get() == Stage.SENDING && nothingTaken.isEmpty()
                    ? new BrokerReply.NoReply(status)
                    : new BrokerReply.NotSent(NotSentReasons.of(nothingTaken.orElse(failure)));
        }
    }

    /** One exchange, which takes {@code limit} at most, however slowly the other end drips. */
    private Future<BrokerReply> exchange(Opening opening, Duration limit, Exchange exchange, Sending sending) {
        return opening.within(limit.compareTo(connectLimit) < 0 ? limit : connectLimit)
                .compose(request -> {
                    exchange.request = Optional.of(request);
                    return sending.on(request);
                })
                .timeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS)
                .otherwise(exchange::abandoned);
    }

    /** Notices have their own small pool: neither they nor handoffs wait for the other's connections. */
    @Override
    public Future<HttpClientRequest> open(Broker broker, HttpMethod method, URI target, Duration limit) {
        String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        return connections(
                        broker,
                        broker.id() + "/notices",
                        broker.notices().orElse(target),
                        NoticeClient.MOST_AT_ONCE_PER_BROKER)
                .request(method, target.getRawPath() + query, limit);
    }

    private BrokerConnections connections(Broker broker) {
        return connections(broker, broker.id(), broker.endpoint(), BrokerConnections.POOL_SIZE);
    }

    private BrokerConnections connections(Broker broker, String key, URI endpoint, int most) {
        BrokerConnections known = connections.get(key);
        if (known != null && known.serve(endpoint, broker.local(), broker.connection())) {
            return known;
        }
        return connections(
                key,
                new WebhookEndpoint(
                        "broker " + broker.id(), endpoint, broker.secrets(), broker.local(), broker.connection()),
                most);
    }

    private BrokerConnections connections(String key, WebhookEndpoint to, int most) {
        return connections.compute(key, (id, before) -> {
            if (before != null && before.serve(to.address(), to.local(), to.connection())) {
                return before;
            } else if (before != null) {
                before.retire();
            }
            return new BrokerConnections(vertx, to, most, connectLimit, proxy, lookup);
        });
    }

    @Override
    public Future<HttpClientRequest> open(WebhookEndpoint to, Duration limit) {
        BrokerConnections open = connections(to.name(), to, WebhookClient.MOST_AT_ONCE_PER_ENDPOINT);
        return open.request(HttpMethod.POST, open.uri(""), limit);
    }

    private static HttpClientRequest sign(HttpClientRequest request, Broker broker, WebhookSignature signature) {
        broker.connection().authorization().ifPresent(wanted -> request.putHeader(wanted.header(), wanted.value()));
        return request.putHeader(HttpHeaders.ACCEPT, JSON)
                .putHeader(HttpHeaders.ACCEPT_ENCODING, IDENTITY)
                .putHeader(HttpHeaders.USER_AGENT, USER_AGENT)
                .putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE)
                .putHeader(WEBHOOK_ID, signature.id())
                .putHeader(WEBHOOK_TIMESTAMP, String.valueOf(signature.timestampSeconds()))
                .putHeader(WEBHOOK_SIGNATURE, signature.signature());
    }

    /** @param stored whether a reply is none, since something on the way had kept it, or may have */
    private static Future<BrokerReply> reply(
            HttpClientRequest request, Exchange exchange, Predicate<HttpClientResponse> stored) {
        return request.response().compose(response -> {
            exchange.status = OptionalInt.of(response.statusCode());
            return read(response, exchange.words, stored);
        });
    }

    private static Future<BrokerReply> read(
            HttpClientResponse response, Words words, Predicate<HttpClientResponse> stored) {
        Promise<BrokerReply> reply = Promise.promise();
        Buffer body = Buffer.buffer();
        BrokerReply none = new BrokerReply.NoReply(OptionalInt.of(response.statusCode()));
        response.exceptionHandler(reply::tryFail);
        response.handler(chunk -> {
            if (body.length() + chunk.length() > MOST_REPLY_BYTES) {
                reply.tryComplete(none);
                var unused = response.request().reset();
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> reply.tryComplete(
                stored.test(response)
                        ? none
                        : new BrokerReply.Answered(
                                response.statusCode(),
                                plain(response) ? words.in(body.getBytes()) : Optional.empty(),
                                retryAfter(response))));
        return reply.future();
    }

    /** All of them: which one counts is not decided here. */
    static Optional<String> retryAfter(HttpClientResponse response) {
        List<String> values = response.headers().getAll(HttpHeaders.RETRY_AFTER);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }

    /** Nothing is ever decompressed: a few bytes can stand for gigabytes. */
    private static boolean plain(HttpClientResponse response) {
        String encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
        return encoding == null || encoding.isBlank() || encoding.strip().equalsIgnoreCase("identity");
    }

    /** Brokers to which nothing could be sent when it was last tried, and why: by broker, for notices {@code broker/notices}. */
    public Map<String, NotSentReason> unreachable() {
        Map<String, NotSentReason> unreachable = new TreeMap<>();
        connections.forEach((key, each) -> each.trouble().ifPresent(reason -> unreachable.put(key, reason)));
        return unreachable;
    }

    @Override
    public void close() {
        connections.values().forEach(BrokerConnections::close);
    }
}
