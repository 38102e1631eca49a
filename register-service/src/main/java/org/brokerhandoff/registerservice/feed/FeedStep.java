package org.brokerhandoff.registerservice.feed;

import java.time.Duration;

/** What follows from the answer to a webhook. */
sealed interface FeedStep {
    /** It is told; the next one's turn. */
    record Told() implements FeedStep {}

    /**
     * The same again, after a delay.
     *
     * @param everything whether nothing else is to be sent before, either
     */
    record Again(Duration delay, boolean everything) implements FeedStep {}

    /** Nothing more is sent: the receiver wants nothing any more. */
    record Stop() implements FeedStep {}
}
