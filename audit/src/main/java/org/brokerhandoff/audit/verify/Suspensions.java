package org.brokerhandoff.audit.verify;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;

/** Which brokers were suspended by routers, and until when. */
public final class Suspensions {
    /** By broker and time, whether it was suspended then, or resumed. */
    private final Map<String, NavigableMap<Long, Boolean>> changes = new HashMap<>();

    /** The suspensions in {@code events}; other types are skipped. */
    public static Suspensions of(Collection<? extends SpecificRecord> events) {
        Suspensions suspensions = new Suspensions();
        for (SpecificRecord event : events) {
            if (event instanceof BrokerSuspended suspended) {
                suspensions.add(
                        suspended.getBroker(), suspended.getSuspendedAt().toEpochMilli(), true);
            } else if (event instanceof BrokerResumed resumed) {
                suspensions.add(resumed.getBroker(), resumed.getResumedAt().toEpochMilli(), false);
            }
        }
        return suspensions;
    }

    private void add(String broker, long atMillis, boolean suspended) {
        changes.computeIfAbsent(broker, unused -> new TreeMap<>()).merge(atMillis, suspended, Boolean::logicalOr);
    }

    /** Whether a router may have known {@code broker} as suspended at this moment, by any process's clock. */
    boolean mayStand(String broker, long atMillis) {
        NavigableMap<Long, Boolean> ofBroker = changes.getOrDefault(broker, new TreeMap<>());
        long from = atMillis - ProcessClocks.MOST_APART_MILLIS;
        Map.Entry<Long, Boolean> before = ofBroker.floorEntry(from);
        return (before != null && before.getValue())
                || ofBroker.subMap(from, true, atMillis + ProcessClocks.MOST_APART_MILLIS, true)
                        .containsValue(true);
    }
}
