package org.brokerhandoff.eventlog;

/**
 * A deviation from the catalogue.
 *
 * @param topic the topic's name, with its prefix
 * @param kind the kind of deviation
 * @param found the actual state, as words that follow the topic's name
 */
public record TopicProblem(String topic, Kind kind, String found) {
    /** Kinds of deviations. */
    public enum Kind {
        /** It does not exist; the first service that starts creates it. */
        MISSING,
        /** It has another number of partitions; no service starts. */
        PARTITIONS,
        /** It has too few replicas, or two; no service starts. */
        REPLICAS,
        /** A setting differs; the next service that starts corrects it. */
        SETTINGS,
        /** A replica is offline: purges claim at most {@code UNREADABLE} meanwhile. */
        OUT_OF_SYNC
    }
}
