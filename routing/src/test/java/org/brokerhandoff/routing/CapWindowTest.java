package org.brokerhandoff.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapWindowTest {
    @ParameterizedTest
    @CsvSource({
        "Europe/Oslo, 2026-11-25T13:20:00Z, 2026-11-25T13:00:00Z, 2026-11-25T14:00:00Z, 2026-11-24T23:00:00Z, 24",
        "Asia/Kolkata, 2026-11-25T13:20:00Z, 2026-11-25T12:30:00Z, 2026-11-25T13:30:00Z, 2026-11-24T18:30:00Z, 24",
        "Europe/Oslo, 2026-03-29T01:00:00Z, 2026-03-29T01:00:00Z, 2026-03-29T02:00:00Z, 2026-03-28T23:00:00Z, 23",
        // the hour from two to three, for the first and for the second time
        "Europe/Oslo, 2026-10-25T00:59:59Z, 2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z, 2026-10-24T22:00:00Z, 25",
        "Europe/Oslo, 2026-10-25T01:00:00Z, 2026-10-25T01:00:00Z, 2026-10-25T02:00:00Z, 2026-10-24T22:00:00Z, 25",
        "UTC, 2026-11-25T00:00:00Z, 2026-11-25T00:00:00Z, 2026-11-25T01:00:00Z, 2026-11-25T00:00:00Z, 24",
        // midnight does not exist: the day begins at one o'clock
        "America/Asuncion, 2024-10-06T05:00:00Z, 2024-10-06T05:00:00Z, 2024-10-06T06:00:00Z, 2024-10-06T04:00:00Z, 23",
    })
    void hours_and_days_are_those_of_the_wall_clock(
            ZoneId zone, Instant at, Instant hour, Instant hourEnd, Instant day, long dayHours) {
        CapWindow window = CapWindow.at(at, zone);
        assertThat(window.hour()).isEqualTo(hour);
        assertThat(window.hourEnd()).isEqualTo(hourEnd);
        assertThat(window.day()).isEqualTo(day);
        assertThat(Duration.between(window.day(), window.dayEnd())).isEqualTo(Duration.ofHours(dayHours));
    }

    @Test
    void hours_follow_one_another_without_gap_or_overlap_in_every_zone() {
        for (String zone : List.of(
                "Europe/Oslo",
                "Asia/Kolkata",
                "America/St_Johns",
                "Australia/Lord_Howe",
                "Asia/Kathmandu",
                "America/Sao_Paulo",
                "Pacific/Apia")) {
            ZoneId id = ZoneId.of(zone);
            Instant at = Instant.parse("2011-12-20T00:00:00Z");
            Instant end = Instant.parse("2013-01-10T00:00:00Z");
            while (at.isBefore(end)) {
                CapWindow window = CapWindow.at(at, id);
                assertThat(window.hour()).isBeforeOrEqualTo(at);
                assertThat(window.hourEnd())
                        .isAfter(at)
                        .isBeforeOrEqualTo(window.hour().plusSeconds(3600));
                assertThat(window.day()).isBeforeOrEqualTo(window.hour());
                assertThat(window.dayEnd()).isAfter(at);
                assertThat(CapWindow.at(window.hourEnd().minusMillis(1), id)).isEqualTo(window);
                CapWindow next = CapWindow.at(window.hourEnd(), id);
                assertThat(next.hour()).isEqualTo(window.hourEnd());
                assertThat(next.day().equals(window.day()) || next.day().equals(window.dayEnd()))
                        .as("%s after %s", next, window)
                        .isTrue();
                at = window.hourEnd();
            }
        }
    }
}
