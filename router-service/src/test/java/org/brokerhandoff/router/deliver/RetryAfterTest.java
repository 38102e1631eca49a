package org.brokerhandoff.router.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "' 120 ', 120", "007, 7", "31622399, 31622399"})
    void seconds_are_seconds(String header, long seconds) {
        assertThat(RetryAfter.parse(header, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 22 Nov 2026 13:02:00 GMT",
                "Sunday, 22-Nov-26 13:02:00 GMT",
                "Sun Nov 22 13:02:00 2026",
                // A day that is none of that date: the date is what counts.
                "Mon, 22 Nov 2026 13:02:00 GMT"
            })
    void a_date_in_any_of_its_three_forms_is_counted_from_now(String header) {
        assertThat(RetryAfter.parse(header, NOW)).contains(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 22 Nov 2026 12:59:59 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "Thu, 01 Jan 1970 00:00:00 GMT"
            })
    void a_date_that_is_over_is_no_wait_and_never_negative(String header) {
        assertThat(RetryAfter.parse(header, NOW)).contains(Duration.ZERO);
    }

    @Test
    void a_day_of_one_digit_is_one() {
        assertThat(RetryAfter.parse("Tue, 1 Dec 2026 13:00:00 GMT", NOW)).contains(Duration.ofDays(9));
        assertThat(RetryAfter.parse("Tue Dec  1 13:00:00 2026", NOW)).contains(Duration.ofDays(9));
    }

    @Test
    void a_moment_since_1970_is_that_moment() {
        Instant later = NOW.plusSeconds(90);
        assertThat(RetryAfter.parse(String.valueOf(later.toEpochMilli()), NOW)).contains(Duration.ofSeconds(90));
        assertThat(RetryAfter.parse(String.valueOf(later.getEpochSecond()), NOW))
                .contains(Duration.ofSeconds(90));
        assertThat(RetryAfter.parse(String.valueOf(NOW.minusSeconds(5).toEpochMilli()), NOW))
                .contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "31622400",
                "31622401",
                "999999999",
                "1000000000",
                "4294967296",
                "99999999999",
                "9223372036854775807",
                "9223372036854775808",
                "99999999999999999999999999999999999999999",
                "Fri, 31 Dec 9999 23:59:59 GMT",
                "Tue, 22 Nov 2044 13:00:00 GMT"
            })
    void what_is_too_long_is_a_year_and_never_less_than_that(String header) {
        assertThat(RetryAfter.parse(header, NOW)).contains(RetryAfter.LONGEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120, 30 | 120",
                "30,120 | 120",
                "soon, 30 | 30",
                "Sun, 22 Nov 2026 13:02:00 GMT, 30 | 120",
                "30, Sunday, 22-Nov-26 13:02:00 GMT | 120",
                "Sun, 22 Nov 2026 13:02:00 GMT, Sun, 22 Nov 2026 13:03:00 GMT | 180",
                ", , 7 , | 7"
            })
    void of_several_the_longest_wait_counts(String header, long seconds) {
        assertThat(RetryAfter.parse(header, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "-1",
                "-120",
                "1.5",
                "1e3",
                "+5",
                "soon",
                "٣",
                "12 s",
                "22 Nov 2026",
                "2026-11-22T13:02:00Z"
            })
    void anything_else_is_no_wish(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isEmpty();
    }

    @Test
    void no_text_makes_it_throw() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                text.appendCodePoint(random.nextInt(random.nextBoolean() ? 128 : 0x10000));
            }
            Optional<Duration> wish = RetryAfter.parse(text.toString(), NOW);
            wish.ifPresent(duration -> assertThat(duration).isBetween(Duration.ZERO, RetryAfter.LONGEST));
        }
    }
}
