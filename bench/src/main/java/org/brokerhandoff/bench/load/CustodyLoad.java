package org.brokerhandoff.bench.load;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one kind of custody came to under load.
 *
 * @param custody its name
 * @param each number of ingest services and of routers
 * @param idleMillisPerSecond CPU milliseconds per second of each process without load
 * @param steady at a rate that can be sustained
 * @param highest at more than can be sustained
 * @param acceptedPerSecond signups accepted per second in the latter, from the first request to the last 202
 */
public record CustodyLoad(
        String custody,
        int each,
        Map<String, Double> idleMillisPerSecond,
        Measured steady,
        Measured highest,
        double acceptedPerSecond) {
    /** Copies the map. */
    public CustodyLoad {
        idleMillisPerSecond = Map.copyOf(idleMillisPerSecond);
    }

    /** Whether every signup at the steady rate was accepted, and all that were accepted were finished. */
    boolean complete() {
        return LoadResult.complete(steady) && highest.finished() == highest.accepted() && highest.accepted() > 0;
    }

    /** Signups finished per second at more than can be sustained: from the first request until the last purge. */
    double finishedPerSecond() {
        return highest.finished() / highest.seconds();
    }

    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("custody", custody);
        values.put("each", each);
        values.put("idleMillisPerSecond", idleMillisPerSecond);
        values.put("steady", LoadResult.side(steady));
        values.put("acceptedPerSecond", acceptedPerSecond);
        values.put("finishedPerSecond", finishedPerSecond());
        values.put("highest", LoadResult.side(highest));
        return values;
    }
}
