package org.brokerhandoff.erasure.look;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * Which findings are worth a record that is kept for ever. Pure; the caller says what was acknowledged.
 *
 * <ul>
 *   <li>A partition whose figure has moved is reported at once.
 *   <li>One whose files have changed otherwise is reported again once its last report is older than {@link #REFRESH}: a router that
 *       cut it anew may need an observation made after that cut, and every cut is followed by a marker, which changes a file.
 *   <li>In silence, the partition that was reported longest ago is reported as a heartbeat.
 *   <li>A partition that is gone from the broker is reported once, without an offset.
 * </ul>
 *
 * @param heartbeat the longest silence
 */
public record ReportPlanner(Duration heartbeat) {
    /** How old a report of an unmoved figure has to be before changed files bring another. */
    public static final Duration REFRESH = Duration.ofSeconds(10);

    /** The reports that were acknowledged: what the next decision rests on. A value. */
    public record Reported(Map<SealedPartition, Entry> last) {
        /** Nothing reported yet. */
        public static final Reported NOTHING = new Reported(Map.of());

        /** Copies the map. */
        public Reported {
            last = Map.copyOf(last);
        }

        /** What was last said of a partition, and when. */
        public record Entry(Held held, Instant at) {}

        /** With one more acknowledged report, observed at {@code at}. */
        public Reported with(Report report, Instant at) {
            Map<SealedPartition, Entry> next = new HashMap<>(last);
            if (report.gone()) {
                next.remove(report.partition());
            } else {
                next.put(report.partition(), new Entry(report.held(), at));
            }
            return new Reported(next);
        }
    }

    /**
     * What is to be published.
     *
     * @param gone whether the broker no longer has a directory of the partition
     */
    public record Report(SealedPartition partition, Held held, boolean gone) {}

    /** The reports that are due after a look at {@code now} that found {@code held}. */
    public List<Report> due(SortedMap<SealedPartition, Held> held, Reported reported, Instant now) {
        List<Report> due = new ArrayList<>();
        held.forEach((partition, found) -> {
            Reported.Entry before = reported.last().get(partition);
            if (before == null
                    || !before.held().lowestOffset().equals(found.lowestOffset())
                    || (before.held().listing() != found.listing() && older(before, REFRESH, now))) {
                due.add(new Report(partition, found, false));
            }
        });
        reported.last().keySet().stream()
                .filter(partition -> !held.containsKey(partition))
                .sorted()
                .forEach(partition -> due.add(new Report(partition, new Held(OptionalLong.empty(), 0, 0), true)));
        if (due.isEmpty() && reported.last().values().stream().allMatch(entry -> older(entry, heartbeat, now))) {
            held.keySet().stream()
                    .min(Comparator.comparing(partition -> at(reported, partition)))
                    .ifPresent(oldest -> due.add(new Report(oldest, held.getOrDefault(oldest, NONE), false)));
        }
        return due;
    }

    private static final Held NONE = new Held(OptionalLong.empty(), 0, 0);

    private static Instant at(Reported reported, SealedPartition partition) {
        Reported.Entry entry = reported.last().get(partition);
        return entry == null ? Instant.MIN : entry.at();
    }

    /** A clock that was set back must not silence the agent. */
    private static boolean older(Reported.Entry entry, Duration age, Instant now) {
        return now.isBefore(entry.at()) || !now.isBefore(entry.at().plus(age));
    }
}
