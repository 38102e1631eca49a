package org.brokerhandoff.eventlog;

/**
 * One thing that is not as the catalogue wants it.
 *
 * @param topic the topic's name, with its prefix
 * @param kind what is not right
 * @param found what is there instead, in words that follow the topic's name
 */
public record TopicProblem(String topic, Kind kind, String found) {
    /** What may be wrong with a topic. */
    public enum Kind {
        /** It does not exist; the first service that starts creates it. */
        MISSING,
        /** It has another number of partitions; no service starts. */
        PARTITIONS,
        /** It has too few replicas, or two; no service starts. */
        REPLICAS,
        /** A setting differs; the next service that starts puts it right. */
        SETTINGS,
        /** A replica is away: purges claim no more than {@code UNREADABLE} meanwhile. */
        OUT_OF_SYNC
    }
}
