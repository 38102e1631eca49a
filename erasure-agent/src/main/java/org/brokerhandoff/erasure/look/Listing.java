package org.brokerhandoff.erasure.look;

import java.util.HashMap;
import java.util.Map;

/**
 * What stood in the subdirectories of a broker's log directories. A value.
 *
 * @param directories by a key that names one subdirectory, its content
 */
public record Listing(Map<Place, Map<String, Long>> directories) {
    /**
     * A subdirectory. Two log directories of a broker may hold one of the same name for a moment.
     *
     * @param logDirectory number of the log directory
     * @param name name of the subdirectory, such as {@code signups-3}
     */
    public record Place(int logDirectory, String name) {}

    /** Size of what is no regular file, whose content cannot be told. */
    public static final long UNKNOWN_SIZE = -1;

    /** Copies the maps. */
    public Listing {
        Map<Place, Map<String, Long>> copy = new HashMap<>();
        directories.forEach((place, files) -> copy.put(place, Map.copyOf(files)));
        directories = Map.copyOf(copy);
    }

    /**
     * This listing and one made right after it, as one: a file that is renamed while a directory is read may be missing from that
     * reading, under both its names. Kafka renames a file or directory once on its way out, so it cannot be missing twice.
     */
    public Listing and(Listing next) {
        Map<Place, Map<String, Long>> both = new HashMap<>();
        directories.forEach((place, files) -> both.put(place, new HashMap<>(files)));
        next.directories.forEach((place, files) -> {
            Map<String, Long> together = both.computeIfAbsent(place, unused -> new HashMap<>());
            files.forEach((name, bytes) -> together.merge(name, bytes, Listing::larger));
        });
        return new Listing(both);
    }

    private static long larger(long first, long second) {
        return first == UNKNOWN_SIZE || second == UNKNOWN_SIZE ? UNKNOWN_SIZE : Math.max(first, second);
    }
}
