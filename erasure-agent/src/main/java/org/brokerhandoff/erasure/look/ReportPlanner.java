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
 * Which findings are worth a record that is kept forever. Pure; the caller says what was acknowledged.
 *
 * <ul>
 *   <li>A partition whose figure has fallen is reported at once: a file is back.
 *   <li>One whose figure has risen is reported at once, {@link #BURST} times in a row, and under lasting traffic once in {@link
 *       #REFRESH}: a report that the next one makes good a second later has helped few claims and is kept forever.
 *   <li>One whose files have changed otherwise is reported again once its last report is older than {@link #REFRESH}: a router that
 *       cut it again may need an observation made after that cut, and every cut is followed by a marker, which changes a file.
 *   <li>In silence, the partition that was reported longest ago is reported as a heartbeat.
 *   <li>A partition that is gone from the broker is reported once, without an offset.
 * </ul>
 *
 * @param heartbeat the longest silence
 */
public record ReportPlanner(Duration heartbeat) {
    /** How old a report of an unmoved figure has to be before changed files bring another. */
    public static final Duration REFRESH = Duration.ofSeconds(10);

    /** So many reports of one partition may follow each other at once; each {@link #REFRESH} allows one more. */
    public static final int BURST = 6;

    /** The reports that were acknowledged: what the next decision rests on. A value. */
    public record Reported(Map<SealedPartition, Entry> last) {
        /** Nothing reported yet. */
        public static final Reported NOTHING = new Reported(Map.of());

        /** Copies the map. */
        public Reported {
            last = Map.copyOf(last);
        }

        /**
         * What was last said of a partition.
         *
         * @param at when
         * @param spentUntil the time that the reports so far use up, at one in {@link #REFRESH}
         */
        public record Entry(Held held, Instant at, Instant spentUntil) {}

        /** With one more acknowledged report, observed at {@code at}. */
        public Reported with(Report report, Instant at) {
            Map<SealedPartition, Entry> next = new HashMap<>(last);
            if (report.gone()) {
                next.remove(report.partition());
            } else {
                Entry before = last.get(report.partition());
                Instant spent = before == null || before.spentUntil().isBefore(at) ? at : before.spentUntil();
                next.put(report.partition(), new Entry(report.held(), at, spent.plus(REFRESH)));
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
                    || fallen(before.held(), found)
                    || (!before.held().lowestOffset().equals(found.lowestOffset()) && mayFollow(before, now))
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

    private static boolean fallen(Held before, Held found) {
        return found.lowestOffset().isPresent()
                && (before.lowestOffset().isEmpty()
                        || found.lowestOffset().getAsLong()
                                < before.lowestOffset().getAsLong());
    }

    private static boolean mayFollow(Reported.Entry before, Instant now) {
        return now.isBefore(before.at())
                || !now.plus(REFRESH.multipliedBy(BURST - 1L)).isBefore(before.spentUntil());
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
