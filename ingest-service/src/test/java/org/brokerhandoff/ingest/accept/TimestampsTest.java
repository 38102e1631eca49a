package org.brokerhandoff.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    private final Random random = new Random(6);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-28T20:00:00Z",
                "2026-11-28T20:00:00.1Z",
                "2026-11-28T20:00:00.123456789Z",
                "2026-11-28T20:00:00.1234567890Z",
                "2026-11-28T20:00:00.Z",
                "2026-02-29T20:00:00Z",
                "2028-02-29T00:00:00Z",
                "2026-11-28T24:00:00Z",
                "2026-11-28T23:59:60Z",
                "2026-13-01T00:00:00Z",
                "2026-00-10T00:00:00Z",
                "0000-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999Z",
                "1969-12-31T23:59:59.9999999Z",
                "2026-11-28t20:00:00z",
                "2026-11-28T20:00:00+01:00",
                "2026-11-28T20:00:00.5-23:59",
                "2026-11-28T20:00:00.0٣Z",
                "٢026-11-28T20:00:00Z",
                "2026-11-28T20:00:00,5Z",
                "+2026-11-28T20:00:00Z",
                "-026-11-28T20:00:00Z",
                "2026-11-28T20:00Z",
                "2026-11-28 20:00:00Z"
            })
    void a_time_is_what_the_jdk_reads_in_it(String text) {
        assertThat(Timestamps.parse(text)).isEqualTo(read(text));
    }

    @Test
    void a_time_is_what_the_jdk_reads_in_it_whatever_is_changed_in_it() {
        String alphabet = "0123456789-:.TZ+ t";
        int valid = 0;
        for (int i = 0; i < 60_000; i++) {
            Instant at =
                    Instant.ofEpochSecond(random.nextInt(-1_000_000, 2_000_000_000), random.nextInt(1_000_000_000));
            StringBuilder text =
                    new StringBuilder(at.truncatedTo(random.nextBoolean() ? ChronoUnit.MILLIS : ChronoUnit.NANOS)
                            .toString());
            for (int change = random.nextInt(3); change > 0; change--) {
                char other = alphabet.charAt(random.nextInt(alphabet.length()));
                int where = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(where, other);
                    case 1 -> text.insert(where, other);
                    default -> text.deleteCharAt(where);
                }
            }
            Optional<Instant> read = read(text.toString());
            assertThat(Timestamps.parse(text.toString()))
                    .describedAs("%s", text)
                    .isEqualTo(read);
            valid += read.isPresent() ? 1 : 0;
        }
        assertThat(valid).isBetween(20_000, 55_000);
    }

    private static Optional<Instant> read(String text) {
        if (text.length() < 20 || text.length() > 35 || text.charAt(16) != ':') {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
