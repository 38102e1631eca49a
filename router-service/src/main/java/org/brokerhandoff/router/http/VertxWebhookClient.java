package org.brokerhandoff.router.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.router.deliver.WebhookClient;
import org.brokerhandoff.router.deliver.WebhookReply;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.WebhookEndpoint;

/**
 * Webhooks over HTTP, signed as requests to brokers are. Redirects are never followed; of a reply the status counts, once its body, which is
 * dropped, has ended within {@value VertxBrokerClient#MOST_REPLY_BYTES} bytes.
 */
public final class VertxWebhookClient implements WebhookClient {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("broker-handoff");

    private final WebhookRequests requests;
    private final Duration connectLimit;
    private final InstantSource clock;

    /** A client whose connections are given up after {@code connectLimit}. */
    public VertxWebhookClient(WebhookRequests requests, Duration connectLimit, InstantSource clock) {
        this.requests = requests;
        this.connectLimit = connectLimit;
        this.clock = clock;
    }

    /** What is reset when the exchange takes too long. */
    private static final class Exchange {
        private volatile Optional<HttpClientRequest> request = Optional.empty();
    }

    @Override
    public CompletionStage<WebhookReply> post(WebhookEndpoint to, String id, String body, Duration limit) {
        Exchange exchange = new Exchange();
        Duration connecting = limit.compareTo(connectLimit) < 0 ? limit : connectLimit;
        return requests.open(to, connecting)
                .compose(request -> {
                    exchange.request = Optional.of(request);
                    return send(request, to, id, body.getBytes(StandardCharsets.UTF_8));
                })
                .timeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS)
                .otherwise(failure -> {
                    exchange.request.ifPresent(HttpClientRequest::reset);
                    return new WebhookReply.NoAnswer();
                })
                .toCompletionStage();
    }

    private Future<WebhookReply> send(HttpClientRequest request, WebhookEndpoint to, String id, byte[] body) {
        // New in each sending: a receiver takes a timestamp of the last minutes only.
        WebhookSignature signature = WebhookSignature.of(id, clock.instant(), body, to.secrets());
        request.putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.USER_AGENT, USER_AGENT)
                .putHeader("webhook-id", signature.id())
                .putHeader("webhook-timestamp", String.valueOf(signature.timestampSeconds()))
                .putHeader("webhook-signature", signature.signature())
                .end(Buffer.buffer(body));
        return request.response().compose(VertxWebhookClient::read);
    }

    private static Future<WebhookReply> read(HttpClientResponse response) {
        Promise<WebhookReply> reply = Promise.promise();
        int[] bytes = {0};
        response.exceptionHandler(reply::tryFail);
        response.handler(chunk -> {
            bytes[0] += chunk.length();
            if (bytes[0] > VertxBrokerClient.MOST_REPLY_BYTES) {
                reply.tryComplete(new WebhookReply.NoAnswer());
                var unused = response.request().reset();
            }
        });
        response.endHandler(end -> reply.tryComplete(
                new WebhookReply.Answered(response.statusCode(), VertxBrokerClient.retryAfter(response))));
        return reply.future();
    }
}
