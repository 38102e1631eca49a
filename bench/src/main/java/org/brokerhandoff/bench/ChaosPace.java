package org.brokerhandoff.bench;

import java.time.Duration;
import java.util.Random;

/**
 * Frequency and duration of faults.
 *
 * @param longestPause longest interval between two faults of one part
 * @param longestStop longest time that a process is suspended; beyond the sessions' 10 s, others take over its work
 */
record ChaosPace(Duration longestPause, Duration longestStop) {
    Duration pause(Random random) {
        return between(longestPause.dividedBy(5), longestPause, random);
    }

    Duration stop(Random random) {
        return between(Duration.ofSeconds(1), longestStop, random);
    }

    Duration absence(Random random) {
        return between(Duration.ofMillis(100), longestStop.dividedBy(2), random);
    }

    private static Duration between(Duration least, Duration most, Random random) {
        return Duration.ofMillis(least.toMillis()
                + (long) (random.nextDouble() * most.minus(least).toMillis()));
    }
}
