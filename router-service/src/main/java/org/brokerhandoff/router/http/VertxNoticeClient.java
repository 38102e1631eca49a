package org.brokerhandoff.router.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.router.deliver.BrokerNotice;
import org.brokerhandoff.router.deliver.NoticeClient;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.brokerhandoff.router.deliver.NoticeWords;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerAddress;

/**
 * Notices over HTTP: {@code POST {notices}} with {@code {"signupId","type","requestedAt"}}, and {@code GET {notices}/{signupId}}. Both
 * are signed as handoffs are. Redirects are never followed; a reply's body is read up to {@value VertxBrokerClient#MOST_REPLY_BYTES}
 * bytes, understood and dropped.
 */
public final class VertxNoticeClient implements NoticeClient {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("broker-handoff");
    private static final JsonFactory JSON_FACTORY = JsonFactory.builder()
            // "completed" and "pending" in one body is neither.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final NoticeRequests requests;
    private final Duration connectLimit;
    private final InstantSource clock;

    /** A client whose connections are given up after {@code connectLimit}. */
    public VertxNoticeClient(NoticeRequests requests, Duration connectLimit, InstantSource clock) {
        this.requests = requests;
        this.connectLimit = connectLimit;
        this.clock = clock;
    }

    @Override
    public CompletionStage<NoticeReply> send(Broker broker, BrokerNotice notice, Duration limit) {
        // The values are an id, a word and a time of known form: nothing in them needs escaping.
        byte[] body = ("{\"signupId\":\"" + notice.signupId() + "\",\"type\":\"" + notice.wireType()
                        + "\",\"requestedAt\":\"" + notice.requestedAt() + "\""
                        + notice.requestId()
                                .map(id -> ",\"requestId\":\"" + id + "\"")
                                .orElse("")
                        + "}")
                .getBytes(StandardCharsets.UTF_8);
        return exchange(broker, HttpMethod.POST, broker.notices().orElseThrow(), body, notice, limit);
    }

    @Override
    public CompletionStage<NoticeReply> ask(Broker broker, BrokerNotice notice, Duration limit) {
        return exchange(
                broker, HttpMethod.GET, question(broker.notices().orElseThrow(), notice), new byte[0], notice, limit);
    }

    /** A signup may have notices of several requests; the one of a withdrawal is asked about as it was before there were others. */
    static URI question(URI notices, BrokerNotice notice) {
        URI below = BrokerAddress.below(notices, notice.signupId().toString());
        return notice.requestId()
                .map(id -> BrokerAddress.withQuery(below, "requestId=" + id))
                .orElse(below);
    }

    /** What is reset when the exchange takes too long. */
    private static final class Exchange {
        private volatile Optional<HttpClientRequest> request = Optional.empty();
    }

    private CompletionStage<NoticeReply> exchange(
            Broker broker, HttpMethod method, URI target, byte[] body, BrokerNotice notice, Duration limit) {
        Exchange exchange = new Exchange();
        Duration connecting = limit.compareTo(connectLimit) < 0 ? limit : connectLimit;
        return requests.open(broker, method, target, connecting)
                .compose(request -> {
                    exchange.request = Optional.of(request);
                    return send(request, body, broker, notice);
                })
                .timeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS)
                .otherwise(failure -> {
                    exchange.request.ifPresent(HttpClientRequest::reset);
                    return new NoticeReply.NoAnswer();
                })
                .toCompletionStage();
    }

    private Future<NoticeReply> send(HttpClientRequest request, byte[] body, Broker broker, BrokerNotice notice) {
        WebhookSignature signature = WebhookSignature.of(notice.webhookId(), clock.instant(), body, broker.secrets());
        broker.connection().authorization().ifPresent(wanted -> request.putHeader(wanted.header(), wanted.value()));
        request.putHeader(HttpHeaders.ACCEPT, JSON)
                .putHeader(HttpHeaders.USER_AGENT, USER_AGENT)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store, no-cache")
                .putHeader("webhook-id", signature.id())
                .putHeader("webhook-timestamp", String.valueOf(signature.timestampSeconds()))
                .putHeader("webhook-signature", signature.signature());
        boolean question = body.length == 0;
        if (question) {
            request.end();
        } else {
            request.putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                    .putHeader("idempotency-key", signature.id())
                    .end(Buffer.buffer(body));
        }
        Instant askedAt = Instant.ofEpochSecond(signature.timestampSeconds());
        return request.response()
                .compose(response -> read(
                        response,
                        question
                                ? StoredReply.provesNothing(response.statusCode(), response.headers(), askedAt)
                                : StoredReply.isStored(response.headers())));
    }

    /** @param stored something on the way had kept it, or may have: it says nothing of this notice */
    private static Future<NoticeReply> read(HttpClientResponse response, boolean stored) {
        Promise<NoticeReply> reply = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(reply::tryFail);
        response.handler(chunk -> {
            if (body.length() + chunk.length() > VertxBrokerClient.MOST_REPLY_BYTES) {
                reply.tryComplete(new NoticeReply.NoAnswer());
                var unused = response.request().reset();
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> reply.tryComplete(
                stored
                        ? new NoticeReply.NoAnswer()
                        : new NoticeReply.Answered(
                                response.statusCode(),
                                state(body.getBytes()),
                                VertxBrokerClient.retryAfter(response))));
        return reply.future();
    }

    /** Members {@code status} and {@code reason} of the outermost object; nothing else of the body is looked at, and nothing is kept. */
    static Optional<NoticeReply.State> state(byte[] body) {
        try (JsonParser parser = JSON_FACTORY.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            String status = "";
            String reason = "";
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING && "status".equals(name)) {
                    status = parser.getText();
                } else if (value == JsonToken.VALUE_STRING && "reason".equals(name)) {
                    reason = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
            boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            return whole ? NoticeWords.state(status, reason) : Optional.empty();
        } catch (IOException notJson) {
            // The message is dropped: Jackson's quote the body.
            return Optional.empty();
        }
    }
}
