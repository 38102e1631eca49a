package org.brokerhandoff.audit.verify;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.SealedTopic;

/** What the agents beside the brokers said about one partition's files. Their number follows that of the signups and of time. */
public final class ErasureReports {
    private static final long NOTHING_SAID = -1;

    private final Map<SealedTopic, Map<Integer, NavigableMap<Long, Long>>> lowestOffsets =
            new EnumMap<>(SealedTopic.class);

    /** Adds a report; a repeat changes nothing. */
    public void add(LogErased report) {
        // A broker without a file of the partition is no replica that has been looked at.
        long lowest = report.getLowestOffset() == null ? NOTHING_SAID : report.getLowestOffset();
        lowestOffsets
                .computeIfAbsent(report.getTopic(), unused -> new HashMap<>())
                .computeIfAbsent(report.getBroker(), unused -> new TreeMap<>())
                .merge(report.getObservedAt().toEpochMilli(), lowest, Math::min);
    }

    /**
     * Brokers whose last look within a time found {@code offset} in no file.
     *
     * @param afterMillis the look began later than this
     * @param untilMillis and not later than this
     */
    public long brokersWithout(SealedTopic topic, long offset, long afterMillis, long untilMillis) {
        if (untilMillis <= afterMillis) {
            return 0;
        }
        Collection<NavigableMap<Long, Long>> brokers =
                lowestOffsets.getOrDefault(topic, Map.of()).values();
        return brokers.stream()
                .map(looks -> looks.subMap(afterMillis, false, untilMillis, true))
                .filter(looks -> !looks.isEmpty() && looks.lastEntry().getValue() > offset)
                .count();
    }
}
