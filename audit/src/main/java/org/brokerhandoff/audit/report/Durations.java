package org.brokerhandoff.audit.report;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Histogram of durations over many signups: coarse classes for a chart, and finer ones for median and tail. Not thread-safe. */
final class Durations {
    /** Upper bounds of the classes of a chart, in seconds; the last class has none. */
    private static final List<Long> BOUNDS_SECONDS = List.of(1L, 3L, 10L, 30L, 60L, 300L, 1800L, 7200L, 86_400L);

    /** Finer classes: eight per power of two milliseconds, so that a quantile is at most an eighth too high. */
    private static final int STEPS = 8;

    private static final int POWERS = 40;

    private final List<Ids> classes = IntStream.rangeClosed(0, BOUNDS_SECONDS.size())
            .mapToObj(unused -> new Ids())
            .toList();
    private final long[] fine = new long[STEPS * POWERS];
    private final Ids all = new Ids();
    private long longestMillis;

    /** Adds one; an apparently negative duration, measured by two clocks, counts as zero. */
    void add(UUID signup, Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        all.add(signup, millis);
        classes.get(classOf(millis)).add(signup, millis);
        fine[fineOf(millis)]++;
        longestMillis = Math.max(longestMillis, millis);
    }

    private static int classOf(long millis) {
        for (int i = 0; i < BOUNDS_SECONDS.size(); i++) {
            if (millis < BOUNDS_SECONDS.get(i) * 1000) {
                return i;
            }
        }
        return BOUNDS_SECONDS.size();
    }

    private static int fineOf(long millis) {
        long value = millis + STEPS;
        int power = 63 - Long.numberOfLeadingZeros(value);
        int step = (int) ((value >>> (power - 3)) & (STEPS - 1));
        return Math.min(fineLast(), (power - 3) * STEPS + step);
    }

    private static int fineLast() {
        return STEPS * POWERS - 1;
    }

    private static long upperMillis(int fine) {
        int power = fine / STEPS + 3;
        long step = fine % STEPS + 1L;
        return (1L << power) + (step << (power - 3)) - STEPS;
    }

    /** Their number, with the longest named. */
    Ids all() {
        return all;
    }

    /** The classes, shortest first, each with its longest. */
    List<Ids> classes() {
        return classes;
    }

    /** Upper bounds of the classes but the last, in seconds. */
    static List<Long> boundsSeconds() {
        return BOUNDS_SECONDS;
    }

    /** The quantile {@code share}: never too low, and at most an eighth too high. */
    Duration within(double share) {
        long wanted = (long) Math.ceil(share * all.count());
        long seen = 0;
        for (int i = 0; i < fine.length; i++) {
            seen += fine[i];
            if (seen >= wanted) {
                return Duration.ofMillis(Math.min(longestMillis, upperMillis(i)));
            }
        }
        return longest();
    }

    Duration longest() {
        return Duration.ofMillis(longestMillis);
    }
}
