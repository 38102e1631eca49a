package org.brokerhandoff.registerservice.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.RetryAfter;
import org.brokerhandoff.router.deliver.WebhookReply;

/**
 * The reaction to a webhook's response. Nothing is skipped: the log keeps unsent entries, and a failing receiver gets them once it answers
 * correctly. Pure.
 */
final class FeedReplyRules {
    private static final int GONE = 410;

    /** A website that is down overnight gets its events soon after it recovers. */
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

    /** Maximum postponement that a receiver can request. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

    private FeedReplyRules() {}

    /**
     * The next step.
     *
     * @param failures failed attempts of this entry, including this one
     * @param random in [0, 1)
     */
    static FeedStep step(WebhookReply reply, int failures, Instant now, double random) {
        if (reply instanceof WebhookReply.Answered answered) {
            if (answered.status() >= 200 && answered.status() < 300) {
                return new FeedStep.Told();
            } else if (answered.status() == GONE) {
                return new FeedStep.Stop();
            }
            Optional<Duration> wanted = answered.retryAfter()
                    .flatMap(header -> RetryAfter.parse(header, now))
                    .map(wait -> wait.compareTo(LONGEST_RETRY_AFTER) < 0 ? wait : LONGEST_RETRY_AFTER);
            return new FeedStep.Again(BACKOFF.delay(failures, wanted, random), wanted.isPresent());
        }
        return new FeedStep.Again(BACKOFF.delay(failures, Optional.empty(), random), false);
    }
}
