package org.brokerhandoff.routing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;

/**
 * The hour and the day of a broker's zone that a moment is in; its caps count places in them. Hours are full hours of the local
 * clock, and a clock change ends one: the repeated hour in autumn counts as two. Days are dates, of 23 to 25 hours.
 *
 * @param hour beginning of the hour
 * @param hourEnd end of the hour
 * @param day beginning of the day
 * @param dayEnd end of the day
 */
public record CapWindow(Instant hour, Instant hourEnd, Instant day, Instant dayEnd) {
    /** The window that {@code at} is in. */
    public static CapWindow at(Instant at, ZoneId zone) {
        ZoneOffset offset = zone.getRules().getOffset(at);
        OffsetDateTime local = at.atOffset(offset);
        Instant fullHour = local.truncatedTo(ChronoUnit.HOURS).toInstant();
        ZoneOffsetTransition before = zone.getRules().previousTransition(at.plusNanos(1));
        ZoneOffsetTransition after = zone.getRules().nextTransition(at);
        Instant hour = before == null ? fullHour : later(fullHour, before.getInstant());
        Instant nextHour = fullHour.plus(1, ChronoUnit.HOURS);
        Instant hourEnd = after == null || nextHour.isBefore(after.getInstant()) ? nextHour : after.getInstant();
        LocalDate date = local.toLocalDate();
        Instant dayEnd = date.plusDays(1).atStartOfDay(zone).toInstant();
        if (!dayEnd.isAfter(at)) {
            // The clocks went back over midnight: this is the second time that the date is shown.
            dayEnd = date.plusDays(1)
                    .atStartOfDay(zone)
                    .withLaterOffsetAtOverlap()
                    .toInstant();
        }
        return new CapWindow(hour, hourEnd, date.atStartOfDay(zone).toInstant(), dayEnd);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
