package org.brokerhandoff.ingest.accept;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times of RFC 3339. */
final class Timestamps {
    private static final int MOST_CHARACTERS = 35;

    private Timestamps() {}

    /** The instant, to the millisecond; empty if the text is not an RFC 3339 time with offset. */
    static Optional<Instant> parse(String text) {
        // The JDK's parser lets the seconds be left out and the year be longer; RFC 3339 does not.
        if (text.length() < 20 || text.length() > MOST_CHARACTERS || text.charAt(16) != ':') {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS));
        } catch (DateTimeException e) {
            // Its message quotes the text.
            return Optional.empty();
        }
    }
}
