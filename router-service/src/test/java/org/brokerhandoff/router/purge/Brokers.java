package org.brokerhandoff.router.purge;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Kafka brokers of tests, counted from 1. */
public final class Brokers {
    private Brokers() {}

    /** A partition on brokers 1 to {@code assigned}, of which the first {@code inSync} are in sync. */
    public static Replicas replicas(int assigned, int inSync) {
        return new Replicas(upTo(assigned), upTo(inSync));
    }

    static Set<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().collect(Collectors.toUnmodifiableSet());
    }
}
