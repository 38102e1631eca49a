package org.brokerhandoff.registerservice.feed;

import java.time.Duration;

/** The reaction to a webhook's response. */
sealed interface FeedStep {
    /** It is accepted; continue with the next one. */
    record Told() implements FeedStep {}

    /**
     * Retry after a delay.
     *
     * @param everything whether all other entries wait, too
     */
    record Again(Duration delay, boolean everything) implements FeedStep {}

    /** Nothing more is sent: the receiver is gone. */
    record Stop() implements FeedStep {}
}
