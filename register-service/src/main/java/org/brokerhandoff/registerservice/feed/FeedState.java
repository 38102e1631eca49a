package org.brokerhandoff.registerservice.feed;

import java.time.Instant;
import java.util.Optional;

/**
 * State of a feed in this process.
 *
 * @param waitingFor what it waits for before it can read; empty if it reads
 * @param stopped its receiver answered that it is gone
 * @param waitsSince when the oldest pending entry was recorded; empty if there is none
 * @param recordsBehind records of the log, of any kind, beyond the position up to which it was sent
 */
record FeedState(String waitingFor, boolean stopped, Optional<Instant> waitsSince, long recordsBehind) {
    /** Nothing is known yet. */
    static final FeedState STARTING = new FeedState("", false, Optional.empty(), 0);

    FeedState waitingFor(String failure) {
        return new FeedState(failure, stopped, waitsSince, recordsBehind);
    }
}
