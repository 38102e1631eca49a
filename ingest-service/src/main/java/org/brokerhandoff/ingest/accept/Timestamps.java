package org.brokerhandoff.ingest.accept;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times of RFC 3339. */
final class Timestamps {
    private static final int MOST_CHARACTERS = 35;

    private static final long NOT_USUAL = Long.MIN_VALUE;
    private static final int SECONDS_END = 19;
    private static final int SECONDS_OF_A_DAY = 86_400;

    private Timestamps() {}

    /** The instant, to the millisecond; empty if the text is not an RFC 3339 time with offset. */
    static Optional<Instant> parse(String text) {
        // The JDK's parser accepts a time without seconds and a longer year; RFC 3339 does not.
        if (text.length() < 20 || text.length() > MOST_CHARACTERS || text.charAt(16) != ':') {
            return Optional.empty();
        }
        try {
            long usual = secondsOfUsualForm(text);
            if (usual != NOT_USUAL) {
                return Optional.of(Instant.ofEpochSecond(usual).plusMillis(millis(text)));
            }
            return Optional.of(OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS));
        } catch (DateTimeException e) {
            // The exception's message quotes the text.
            return Optional.empty();
        }
    }

    /** Seconds since 1970 of the form that websites send, {@code 2026-11-28T20:00:00.000Z}, at a tenth of the cost of the JDK's parser. */
    private static long secondsOfUsualForm(String text) {
        int last = text.length() - 1;
        if (text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(last) != 'Z'
                || last > SECONDS_END + 10
                || (last > SECONDS_END && (text.charAt(SECONDS_END) != '.' || last == SECONDS_END + 1))) {
            return NOT_USUAL;
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, SECONDS_END);
        boolean usual = (year | month | day | hour | minute | second) >= 0
                && hour < 24
                && minute < 60
                && second < 60
                && (last == SECONDS_END || digits(text, SECONDS_END + 1, last) >= 0);
        return usual
                ? LocalDate.of(year, month, day).toEpochDay() * SECONDS_OF_A_DAY + hour * 3600L + minute * 60L + second
                : NOT_USUAL;
    }

    private static int millis(String text) {
        int end = Math.min(text.length() - 1, SECONDS_END + 4);
        int millis = end > SECONDS_END ? digits(text, SECONDS_END + 1, end) : 0;
        for (int length = end - SECONDS_END - 1; length > 0 && length < 3; length++) {
            millis *= 10;
        }
        return millis;
    }

    /** The number that the characters denote, up to nine digits; -1 if one is no digit. */
    private static int digits(String text, int start, int end) {
        int number = 0;
        for (int at = start; at < end; at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
