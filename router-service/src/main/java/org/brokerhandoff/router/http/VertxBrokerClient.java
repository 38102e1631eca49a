package org.brokerhandoff.router.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.PingClient;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;

/**
 * Posts handoffs with one connection pool per broker, so that a slow broker holds up no other. Redirects are never followed, TLS is
 * verified, a reply's body is read up to {@value #MOST_REPLY_BYTES} bytes, understood and dropped.
 */
public final class VertxBrokerClient implements BrokerClient, PingClient, AutoCloseable {
    /** A reply needs two short members; whatever is longer is not one. */
    static final int MOST_REPLY_BYTES = 16 * 1024;

    private static final int POOL_SIZE = 64;
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("broker-handoff");
    private static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("idempotency-key");
    private static final CharSequence WEBHOOK_ID = HttpHeaders.createOptimized("webhook-id");
    private static final CharSequence WEBHOOK_TIMESTAMP = HttpHeaders.createOptimized("webhook-timestamp");
    private static final CharSequence WEBHOOK_SIGNATURE = HttpHeaders.createOptimized("webhook-signature");
    private static final JsonFactory JSON_FACTORY = JsonFactory.builder()
            // "accepted" and "rejected" in one body is neither.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Vertx vertx;
    private final Duration connectLimit;
    private final Map<String, HttpClientAgent> clients = new ConcurrentHashMap<>();

    /** A client whose connections are given up after {@code connectLimit}. */
    public VertxBrokerClient(Vertx vertx, Duration connectLimit) {
        this.vertx = vertx;
        this.connectLimit = connectLimit;
    }

    @Override
    public CompletionStage<BrokerReply> post(
            Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
        return post(broker, broker.endpoint().toString(), body, signature, limit);
    }

    @Override
    public CompletionStage<BrokerReply> ping(
            Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
        return post(broker, below(broker.endpoint(), "/ping"), body, signature, limit);
    }

    /** The address of {@code path} below {@code endpoint}, whose query stays. */
    static String below(URI endpoint, String path) {
        String text = endpoint.toString();
        int query = text.indexOf('?');
        String address = query < 0 ? text : text.substring(0, query);
        String bare = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        return bare + path + (query < 0 ? "" : text.substring(query));
    }

    private CompletionStage<BrokerReply> post(
            Broker broker, String address, PersonalData body, WebhookSignature signature, Duration limit) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(address)
                .setFollowRedirects(false)
                .setConnectTimeout(Math.min(limit.toMillis(), connectLimit.toMillis()));
        Exchange exchange = new Exchange();
        Future<BrokerReply> reply = clients.computeIfAbsent(broker.id(), id -> client())
                .request(options)
                .compose(request -> send(request, body, signature, exchange))
                .timeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS)
                .otherwise(failure -> exchange.abandoned());
        return reply.onComplete(done -> body.wipe()).toCompletionStage();
    }

    /** How far one exchange has come; what is known when it fails. */
    private static final class Exchange {
        private volatile boolean sending;
        private volatile OptionalInt status = OptionalInt.empty();
        private volatile Optional<HttpClientRequest> request = Optional.empty();

        BrokerReply abandoned() {
            request.ifPresent(HttpClientRequest::reset);
            return sending ? new BrokerReply.NoReply(status) : new BrokerReply.NotSent();
        }
    }

    private static Future<BrokerReply> send(
            HttpClientRequest request, PersonalData body, WebhookSignature signature, Exchange exchange) {
        if (body.wiped()) {
            // The time was over before a connection was free.
            request.reset();
            return Future.succeededFuture(new BrokerReply.NotSent());
        }
        request.putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.ACCEPT, JSON)
                .putHeader(HttpHeaders.USER_AGENT, USER_AGENT)
                .putHeader(IDEMPOTENCY_KEY, signature.id())
                .putHeader(WEBHOOK_ID, signature.id())
                .putHeader(WEBHOOK_TIMESTAMP, String.valueOf(signature.timestampSeconds()))
                .putHeader(WEBHOOK_SIGNATURE, signature.signature());
        exchange.request = Optional.of(request);
        Buffer buffer = body.expose((bytes, length) -> Buffer.buffer(length).appendBytes(bytes, 0, length));
        body.wipe();
        // From here on the broker may have it.
        exchange.sending = true;
        // Written means copied into a buffer of the connection, which overwrites it once the system has taken it.
        request.end(buffer).onComplete(written -> buffer.setBytes(0, new byte[buffer.length()]));
        return request.response().compose(response -> {
            exchange.status = OptionalInt.of(response.statusCode());
            return read(response);
        });
    }

    private static Future<BrokerReply> read(HttpClientResponse response) {
        Promise<BrokerReply> reply = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(reply::tryFail);
        response.handler(chunk -> {
            if (body.length() + chunk.length() > MOST_REPLY_BYTES) {
                reply.tryComplete(new BrokerReply.NoReply(OptionalInt.of(response.statusCode())));
                var unused = response.request().reset();
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> reply.tryComplete(new BrokerReply.Answered(
                response.statusCode(),
                verdict(body.getBytes()),
                Optional.ofNullable(response.getHeader(HttpHeaders.RETRY_AFTER)))));
        return reply.future();
    }

    /** Member {@code status} of the outermost object; nothing else of the body is looked at, and nothing is kept. */
    static Optional<BrokerReply.Verdict> verdict(byte[] body) {
        try (JsonParser parser = JSON_FACTORY.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Optional<BrokerReply.Verdict> verdict = Optional.empty();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean status = "status".equals(parser.currentName());
                JsonToken value = parser.nextToken();
                if (status && value == JsonToken.VALUE_STRING) {
                    verdict = switch (parser.getText()) {
                        case "accepted" -> Optional.of(BrokerReply.Verdict.ACCEPTED);
                        case "duplicate" -> Optional.of(BrokerReply.Verdict.DUPLICATE);
                        case "rejected" -> Optional.of(BrokerReply.Verdict.REJECTED);
                        default -> Optional.empty();
                    };
                } else {
                    parser.skipChildren();
                }
            }
            boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            return whole ? verdict : Optional.empty();
        } catch (IOException notJson) {
            // The message is dropped: Jackson's quote the body.
            return Optional.empty();
        }
    }

    private HttpClientAgent client() {
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(true)
                .setKeepAliveTimeout(30)
                .setVerifyHost(true)
                .setTrustAll(false)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(MOST_REPLY_BYTES)
                .setConnectTimeout((int) connectLimit.toMillis());
        return vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(POOL_SIZE));
    }

    @Override
    public void close() {
        clients.values().forEach(client -> {
            var unused = client.close();
        });
    }
}
