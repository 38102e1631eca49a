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
    @CsvSource({"0, 0", "1, 1", "' 120 ', 120", "007, 7", "999999999, 999999999"})
    void seconds_are_seconds(String header, long seconds) {
        assertThat(RetryAfter.parse(header, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void a_date_is_counted_from_now_and_never_negative() {
        assertThat(RetryAfter.parse("Sun, 22 Nov 2026 13:02:00 GMT", NOW)).contains(Duration.ofMinutes(2));
        assertThat(RetryAfter.parse("Sun, 22 Nov 2026 12:59:59 GMT", NOW)).contains(Duration.ZERO);
        assertThat(RetryAfter.parse("Tue, 1 Dec 2026 13:00:00 GMT", NOW)).contains(Duration.ofDays(9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "1.5",
                "1e3",
                "+5",
                "1000000000",
                "99999999999999999999",
                "soon",
                "٣",
                "12 s",
                "Mon, 22 Nov 2026 13:02:00 GMT",
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
            wish.ifPresent(duration -> assertThat(duration).isGreaterThanOrEqualTo(Duration.ZERO));
        }
    }
}
