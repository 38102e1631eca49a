package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.util.Optional;

/**
 * When to try again: exponential with full jitter, so that signups that failed together do not come back together.
 *
 * @param initial longest wait after the first attempt
 * @param maximum longest wait after any attempt
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential backoff and jitter</a>
 */
public record Backoff(Duration initial, Duration maximum) {
    /**
     * The wait before the next attempt.
     *
     * @param attempts attempts made so far, at least 1
     * @param notBefore a wait the broker asked for; it is kept, and the jitter comes on top
     * @param random in [0, 1)
     */
    public Duration delay(int attempts, Optional<Duration> notBefore, double random) {
        int doublings = Math.min(attempts - 1, 30);
        double longest = Math.min((double) initial.toMillis() * (1L << doublings), (double) maximum.toMillis());
        return notBefore.orElse(Duration.ZERO).plusMillis(Math.round(longest * random));
    }
}
