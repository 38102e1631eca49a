package org.brokerhandoff.router.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/** Which partitions are stopped at a record and why, for health. Written by the poll thread, read by any. Holds no content. */
final class Stops {
    /**
     * Why a partition is stopped.
     *
     * @param unknownSchema whether an event's schema is not known here, so that only an upgrade helps
     * @param what what was found, without content
     */
    record Stop(boolean unknownSchema, String what) {}

    private final Map<TopicPartition, Stop> stops = new ConcurrentHashMap<>();

    /** Whether this says something that was not known before. */
    boolean add(TopicPartition partition, Stop stop) {
        return !stop.equals(stops.put(partition, stop));
    }

    void remove(TopicPartition partition) {
        stops.remove(partition);
    }

    /** What is known of unknown schemas, or else of other failures; empty if nothing is stopped. */
    List<String> described(boolean unknownSchema) {
        return stops.entrySet().stream()
                .filter(each -> each.getValue().unknownSchema() == unknownSchema)
                .map(each -> each.getKey() + ": " + each.getValue().what())
                .sorted()
                .toList();
    }
}
