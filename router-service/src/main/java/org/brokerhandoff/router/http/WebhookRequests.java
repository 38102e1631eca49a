package org.brokerhandoff.router.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import java.time.Duration;
import org.brokerhandoff.router.directory.WebhookEndpoint;

/** Opens requests to where webhooks go, with the same care as {@link NoticeRequests}. */
@FunctionalInterface
public interface WebhookRequests {
    /** A request that nothing was written of yet. */
    Future<HttpClientRequest> open(WebhookEndpoint to, Duration connectLimit);
}
