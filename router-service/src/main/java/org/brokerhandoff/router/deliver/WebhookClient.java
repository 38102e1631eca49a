package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.router.directory.WebhookEndpoint;

/** Sends signed webhooks that say nothing of a person. */
public interface WebhookClient {
    /** Connections to one endpoint. */
    int MOST_AT_ONCE_PER_ENDPOINT = 8;

    /**
     * Posts a body once. Never fails: what went wrong is an answer, too.
     *
     * @param id header {@code webhook-id}, the same in every sending of the same fact
     * @param body JSON
     * @param limit longest time for all of it
     */
    CompletionStage<WebhookReply> post(WebhookEndpoint to, String id, String body, Duration limit);
}
