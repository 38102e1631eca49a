package org.brokerhandoff.client;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * When the same request is sent again. Pure.
 *
 * @param firstPause longest pause before the second attempt; it doubles with each attempt
 * @param longestPause longest pause that is chosen here; {@code Retry-After} may ask for more
 * @param limit time from the first attempt after which none begins any more
 */
record RetryRules(Duration firstPause, Duration longestPause, Duration limit) {
    private static final int MOST_DOUBLINGS = 30;

    /** What follows from an answer, or from none. */
    sealed interface Step {
        /** It is the answer. */
        record Answered() implements Step {}

        /** The same is sent again after a pause. */
        record Again(Duration pause) implements Step {}

        /** Whether it was accepted is not known, and time is over. */
        record GivenUp() implements Step {}
    }

    /**
     * What to do next.
     *
     * @param status of the answer; 0 if there was none
     * @param retryAfter what the answer asks for
     * @param attempts so far, at least one
     * @param elapsed since the first attempt began
     * @param random from 0 to 1, so that many clients do not come back at once
     */
    Step next(int status, Optional<Duration> retryAfter, int attempts, Duration elapsed, double random) {
        if (!mayWorkLater(status)) {
            return new Step.Answered();
        }
        long doubled = firstPause.toMillis() << Math.min(attempts - 1, MOST_DOUBLINGS);
        Duration chosen = Duration.ofMillis((long) (random * Math.min(doubled, longestPause.toMillis())));
        Duration pause = retryAfter.filter(asked -> asked.compareTo(chosen) > 0).orElse(chosen);
        return elapsed.plus(pause).compareTo(limit) > 0 ? new Step.GivenUp() : new Step.Again(pause);
    }

    private static boolean mayWorkLater(int status) {
        return status == 0 || status == 408 || status == 429 || (status >= 500 && status != 501 && status != 505);
    }

    /**
     * What a header {@code Retry-After} asks for: seconds, or a date (RFC 9110).
     *
     * @return empty if it is neither, or lies in the past
     */
    static Optional<Duration> retryAfter(String header, Instant now) {
        String text = header.strip();
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            return date.isAfter(now) ? Optional.of(Duration.between(now, date)) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
