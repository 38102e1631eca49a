package org.brokerhandoff.router.deliver;

import java.time.Duration;

/**
 * How long a signup may hold its place in the main topic, where it holds up the purges of all behind it, while its broker does not
 * answer. Pure.
 *
 * @param attempts attempts at the most; a signup that was parked has one each time
 */
public record Patience(int attempts) {
    /** A wait that is longer is better spent apart from the others. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /**
     * Whether another attempt is to be made in place.
     *
     * @param made attempts made since the signup was consumed
     * @param wait time until the next one
     * @param parkedBefore whether the signup has been parked
     */
    boolean lasts(int made, Duration wait, boolean parkedBefore) {
        return made < (parkedBefore ? 1 : attempts) && wait.compareTo(LONGEST_WAIT) <= 0;
    }
}
