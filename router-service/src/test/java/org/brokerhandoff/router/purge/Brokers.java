package org.brokerhandoff.router.purge;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Kafka brokers of tests, counted from 1. */
public final class Brokers {
    /** No broker was ever away. */
    public static final LogCutter.Witness WITNESS = new LogCutter.Witness(1, 0, 0);

    private Brokers() {}

    /** A partition on brokers 1 to {@code assigned}, of which the first {@code inSync} are in sync. */
    public static Replicas replicas(int assigned, int inSync) {
        return new Replicas(upTo(assigned), upTo(inSync));
    }

    /** No record was ever set aside. */
    public static Map<Integer, SetAsideCopies> nothingSetAside(Collection<Integer> partitions) {
        return partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> SetAsideCopies.NONE));
    }

    static Set<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().collect(Collectors.toUnmodifiableSet());
    }
}
