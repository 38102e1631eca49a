package org.brokerhandoff.registerservice.feed;

import java.util.Set;
import org.brokerhandoff.register.feed.FeedType;
import org.brokerhandoff.router.directory.WebhookEndpoint;

/**
 * Where one website's webhooks go, and which.
 *
 * @param id stable: how far it was told is kept under it
 * @param owner of the API keys whose signups it is told of
 * @param types what it is told of
 * @param endpoint where to
 */
public record Feed(String id, String owner, Set<FeedType> types, WebhookEndpoint endpoint) {
    /** Copies the types. */
    public Feed {
        types = Set.copyOf(types);
    }
}
