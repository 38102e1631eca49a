package org.brokerhandoff.registerservice.feed;

import java.util.Set;
import org.brokerhandoff.register.feed.FeedType;
import org.brokerhandoff.router.directory.WebhookEndpoint;

/**
 * Target and selection of one website's webhooks.
 *
 * @param id stable: its progress is stored under it
 * @param owner owner of the API keys whose signups it gets
 * @param types the types of entries it gets
 * @param endpoint its target
 */
public record Feed(String id, String owner, Set<FeedType> types, WebhookEndpoint endpoint) {
    /** Copies the types. */
    public Feed {
        types = Set.copyOf(types);
    }
}
