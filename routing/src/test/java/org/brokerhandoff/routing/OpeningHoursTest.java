package org.brokerhandoff.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpeningHoursTest {
    private static OpeningHours hours(String zone, String... open) {
        return OpeningHours.of(zone, List.of(open));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // Wednesday
                "Europe/Oslo; Mon-Fri 08:00-18:00; 2026-11-25T06:59:59Z; false",
                "Europe/Oslo; Mon-Fri 08:00-18:00; 2026-11-25T07:00:00Z; true",
                "Europe/Oslo; Mon-Fri 08:00-18:00; 2026-11-25T16:59:59Z; true",
                "Europe/Oslo; Mon-Fri 08:00-18:00; 2026-11-25T17:00:00Z; false",
                // Saturday
                "Europe/Oslo; Mon-Fri 08:00-18:00; 2026-11-28T12:00:00Z; false",
                "Europe/Oslo; Mon-Fri,Sun 08:00-18:00; 2026-11-29T12:00:00Z; true",
                "Europe/Oslo; Sat-Mon 08:00-18:00; 2026-11-29T12:00:00Z; true",
                "Europe/Oslo; Sat-Mon 08:00-18:00; 2026-12-01T12:00:00Z; false",
                // over midnight, by the day on which it begins
                "Europe/Oslo; Fri 22:00-02:00; 2026-11-27T21:00:00Z; true",
                "Europe/Oslo; Fri 22:00-02:00; 2026-11-28T00:59:59Z; true",
                "Europe/Oslo; Fri 22:00-02:00; 2026-11-28T01:00:00Z; false",
                "Europe/Oslo; Fri 22:00-02:00; 2026-11-27T00:30:00Z; false",
                "Europe/Oslo; Sun 22:00-02:00; 2026-11-30T00:30:00Z; true",
                "UTC; Mon-Sun 00:00-24:00; 2026-11-30T00:30:00Z; true",
                "Asia/Kolkata; Wed 08:00-18:00; 2026-11-25T02:30:00Z; true",
                "Asia/Kolkata; Wed 08:00-18:00; 2026-11-25T02:29:59Z; false",
                // 29 March 2026: two o'clock is three o'clock in Oslo
                "Europe/Oslo; Sun 02:30-04:00; 2026-03-29T00:59:59Z; false",
                "Europe/Oslo; Sun 02:30-04:00; 2026-03-29T01:00:00Z; true",
                "Europe/Oslo; Sun 02:00-02:45; 2026-03-29T01:00:00Z; false",
                // 25 October 2026: from two to three o'clock twice
                "Europe/Oslo; Sun 02:30-02:45; 2026-10-25T00:30:00Z; true",
                "Europe/Oslo; Sun 02:30-02:45; 2026-10-25T01:00:00Z; false",
                "Europe/Oslo; Sun 02:30-02:45; 2026-10-25T01:30:00Z; true",
            })
    void it_is_open_whenever_the_wall_clock_says_so(String zone, String open, Instant at, boolean expected) {
        assertThat(hours(zone, open).openAt(at)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Europe/Oslo; Mon-Fri 08:00-18:00; 2026-11-28T12:00:00Z; 2026-11-30T07:00:00Z; 2026-11-30T17:00:00Z",
                "Europe/Oslo; Fri 22:00-02:00; 2026-11-28T12:00:00Z; 2026-12-04T21:00:00Z; 2026-12-05T01:00:00Z",
                "Europe/Oslo; Sun 02:30-04:00; 2026-03-28T12:00:00Z; 2026-03-29T01:00:00Z; 2026-03-29T02:00:00Z",
                // Skipped this week.
                "Europe/Oslo; Sun 02:00-02:45; 2026-03-28T12:00:00Z; 2026-04-05T00:00:00Z; 2026-04-05T00:45:00Z",
                // At the end of the first pass the clocks go back into its hours.
                "Europe/Oslo; Sun 02:30-03:00; 2026-10-24T12:00:00Z; 2026-10-25T00:30:00Z; 2026-10-25T01:00:00Z",
                "Europe/Oslo; Sun 02:00-03:00; 2026-10-24T12:00:00Z; 2026-10-25T00:00:00Z; 2026-10-25T02:00:00Z",
            })
    void the_next_opening_and_its_end(String zone, String open, Instant from, Instant opening, Instant closing) {
        assertThat(hours(zone, open).opening(from)).contains(opening);
        assertThat(hours(zone, open).closing(opening)).contains(closing);
    }

    @Test
    void who_is_always_open_opens_now_and_never_closes() {
        OpeningHours always = hours("Europe/Oslo", "Mon-Sun 00:00-24:00");
        assertThat(always.opening(Facts.NOW)).contains(Facts.NOW);
        assertThat(always.closing(Facts.NOW)).isEmpty();
    }

    @Test
    void what_is_not_written_as_hours_is_refused() {
        for (String wrong : List.of("", "Mon", "Mon 8-18", "Mon 08:00-25:00", "Someday 08:00-18:00")) {
            assertThatThrownBy(() -> hours("Europe/Oslo", wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Against the plainest implementation there is: minute after minute. */
    @Test
    void openings_and_closings_are_where_walking_minute_by_minute_finds_them() {
        Random random = new Random(21);
        List<String> days = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
        List<String> zones =
                List.of("Europe/Oslo", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca");
        List<Instant> near = List.of(
                Instant.parse("2026-03-28T11:17:00Z"),
                Instant.parse("2026-10-24T21:03:00Z"),
                Instant.parse("2026-04-04T09:00:00Z"),
                Instant.parse("2026-10-31T20:00:00Z"));
        for (int i = 0; i < 150; i++) {
            List<String> open = new ArrayList<>();
            for (int spans = 1 + random.nextInt(2); spans > 0; spans--) {
                String first = days.get(random.nextInt(7));
                String text = random.nextBoolean() ? first : first + "-" + days.get(random.nextInt(7));
                int start = random.nextInt(24 * 12) * 5;
                int end = (start + 5 + random.nextInt(24 * 12 - 2) * 5) % (24 * 60);
                open.add(text + " %02d:%02d-%02d:%02d".formatted(start / 60, start % 60, end / 60, end % 60));
            }
            OpeningHours hours = new OpeningHours(
                    ZoneId.of(zones.get(random.nextInt(zones.size()))),
                    hours("UTC", open.toArray(String[]::new)).spans());
            Instant from = near.get(random.nextInt(near.size()));
            Instant opening = from;
            while (!hours.openAt(opening)) {
                opening = opening.plus(Duration.ofMinutes(1));
            }
            assertThat(hours.opening(from)).as("%s from %s", hours, from).contains(opening);
            Instant closing = opening;
            Instant week = opening.plus(Duration.ofDays(7));
            while (hours.openAt(closing) && closing.isBefore(week)) {
                closing = closing.plus(Duration.ofMinutes(1));
            }
            if (closing.isBefore(week)) {
                assertThat(hours.closing(opening))
                        .as("%s from %s", hours, opening)
                        .contains(closing);
            }
        }
    }
}
