package org.brokerhandoff.router.deliver;

import io.netty.handler.codec.DateFormatter;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The {@code Retry-After} header: seconds, or an HTTP date in any of its three forms. Of several the longest wait counts, so that no broker
 * is asked sooner than it asked for. A number that is a moment of about now, counted in seconds or milliseconds since 1970, as some
 * servers write it, is that moment. Pure.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110.html#name-retry-after">RFC 9110, 10.2.3 and 5.6.7</a>
 */
public final class RetryAfter {
    /** What is longer counts as this long: nothing is kept for a year, and a moment has to be a moment still. */
    static final Duration LONGEST = Duration.ofDays(366);

    /** A clock may be behind, but a number this far back is no moment. */
    private static final Duration PAST = Duration.ofDays(1);

    /** Between two values of a list; the comma behind the day of a date is none. */
    private static final Pattern BETWEEN =
            Pattern.compile("(?<!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:day|sday|nesday|rsday|urday)?),");

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private RetryAfter() {}

    /**
     * The wait that {@code header} asks for, counted from {@code now}; empty if it asks for none. Never negative, and at most a year.
     *
     * @param header the header's value; several are joined by commas, as HTTP has it
     */
    public static Optional<Duration> parse(String header, Instant now) {
        return Stream.of(BETWEEN.split(header))
                .map(String::strip)
                .flatMap(value -> one(value, now).stream())
                .max(Duration::compareTo);
    }

    private static Optional<Duration> one(String value, Instant now) {
        if (DIGITS.matcher(value).matches()) {
            return Optional.of(number(new BigInteger(value), now));
        }
        Date date = value.isEmpty() ? null : DateFormatter.parseHttpDate(value);
        return Optional.ofNullable(date).map(Date::toInstant).map(at -> until(at, now));
    }

    private static Duration number(BigInteger number, Instant now) {
        // Past all that fits into a moment, in whatever unit.
        long value = number.bitLength() < Long.SIZE ? number.longValueExact() : Long.MAX_VALUE;
        long nowMillis = now.toEpochMilli();
        if (aboutNow(value, nowMillis)) {
            return until(Instant.ofEpochMilli(value), now);
        }
        if (value < LONGEST.toSeconds()) {
            return Duration.ofSeconds(value);
        }
        return value < Long.MAX_VALUE / 1000 && aboutNow(value * 1000, nowMillis)
                ? until(Instant.ofEpochSecond(value), now)
                : LONGEST;
    }

    private static boolean aboutNow(long millis, long nowMillis) {
        return millis > nowMillis - PAST.toMillis() && millis < nowMillis + LONGEST.toMillis();
    }

    private static Duration until(Instant at, Instant now) {
        if (!at.isAfter(now)) {
            return Duration.ZERO;
        }
        Duration wait = Duration.between(now, at);
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }
}
