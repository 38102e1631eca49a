package org.brokerhandoff.routing;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.brokerhandoff.schemas.ContentKind;

/**
 * When a broker takes signups: whenever its local time is within its hours. So a skipped hour in spring
 * is missing, and a repeated one in autumn counts both times.
 *
 * @param zone the zone whose clocks count
 * @param spans when it is open
 */
public record OpeningHours(ZoneId zone, List<Span> spans) {
    /** Longer than any time between two openings, since the hours repeat every week and clocks move by hours only. */
    private static final int DAYS_AHEAD = 9;

    /**
     * A time from {@code start} to before {@code end} on each of {@code days}; an end that is not after the start is on the next
     * day.
     *
     * @param days days on which it begins
     * @param end midnight for 24:00
     */
    public record Span(Set<DayOfWeek> days, LocalTime start, LocalTime end) {
        /** Copies the set. */
        public Span {
            days = Set.copyOf(days);
        }

        private boolean overMidnight() {
            return !end.isAfter(start);
        }

        private boolean contains(LocalDateTime local) {
            LocalTime time = local.toLocalTime();
            boolean today = days.contains(local.getDayOfWeek());
            if (!overMidnight()) {
                return today && !time.isBefore(start) && time.isBefore(end);
            }
            boolean yesterday = days.contains(local.getDayOfWeek().minus(1));
            return (today && !time.isBefore(start)) || (yesterday && time.isBefore(end));
        }
    }

    /** Copies the list. */
    public OpeningHours {
        spans = List.copyOf(spans);
    }

    /**
     * The hours that a directory writes.
     *
     * @param zone a name of the IANA database
     * @param open each in the form of {@link ContentKind#OPENING_HOURS}, such as {@code Mon-Fri 08:00-18:00}
     * @throws IllegalArgumentException if one does not have that form
     */
    public static OpeningHours of(String zone, List<String> open) {
        return new OpeningHours(
                ZoneId.of(zone), open.stream().map(OpeningHours::span).toList());
    }

    private static Span span(String text) {
        if (!ContentKind.OPENING_HOURS.matches(text)) {
            throw new IllegalArgumentException("not opening hours");
        }
        int space = text.indexOf(' ');
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String part : text.substring(0, space).split(",", -1)) {
            DayOfWeek first = day(part.substring(0, 3));
            DayOfWeek last = day(part.substring(part.length() - 3));
            days.add(first);
            for (DayOfWeek day = first; day != last; ) {
                day = day.plus(1);
                days.add(day);
            }
        }
        String end = text.substring(space + 7);
        return new Span(
                days,
                LocalTime.parse(text.substring(space + 1, space + 6)),
                end.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(end));
    }

    private static DayOfWeek day(String name) {
        return Stream.of(DayOfWeek.values())
                .filter(day -> day.name().substring(0, 3).equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }

    /** Whether it is open at {@code at}. */
    public boolean openAt(Instant at) {
        LocalDateTime local = LocalDateTime.ofInstant(at, zone);
        return spans.stream().anyMatch(span -> span.contains(local));
    }

    /** The first moment from {@code from} on at which it is open; empty if there is none. */
    public Optional<Instant> opening(Instant from) {
        return Stream.concat(Stream.of(from), changes(from, false).stream())
                .filter(at -> !at.isBefore(from))
                .filter(this::openAt)
                .min(Instant::compareTo);
    }

    /** The first moment after {@code from} at which it is closed; empty if there is none. */
    public Optional<Instant> closing(Instant from) {
        return changes(from, true).stream()
                .filter(at -> at.isAfter(from))
                .filter(at -> !openAt(at))
                .min(Instant::compareTo);
    }

    /** Moments at which it can become open, or closed: where a span does, and where the clocks are changed. */
    private List<Instant> changes(Instant from, boolean closings) {
        List<Instant> moments = new ArrayList<>();
        LocalDate first = LocalDateTime.ofInstant(from, zone).toLocalDate().minusDays(2);
        for (int i = 0; i < DAYS_AHEAD + 2; i++) {
            LocalDate day = first.plusDays(i);
            for (Span span : spans) {
                if (span.days().contains(day.getDayOfWeek())) {
                    LocalDateTime local = closings
                            ? day.plusDays(span.overMidnight() ? 1 : 0).atTime(span.end())
                            : day.atTime(span.start());
                    // Two where the clocks show that time twice, none where they skip it.
                    for (ZoneOffset offset : zone.getRules().getValidOffsets(local)) {
                        moments.add(local.toInstant(offset));
                    }
                }
            }
        }
        Instant end = first.plusDays(DAYS_AHEAD + 2).atStartOfDay(zone).toInstant();
        ZoneOffsetTransition transition = zone.getRules().nextTransition(from.minusNanos(1));
        while (transition != null && transition.getInstant().isBefore(end)) {
            moments.add(transition.getInstant());
            transition = zone.getRules().nextTransition(transition.getInstant());
        }
        return moments;
    }
}
