package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.brokerhandoff.eventlog.EventLogUnavailable;

/** The cluster, in memory. */
final class CutterInMemory implements LogCutter {
    final Map<Integer, Long> starts = new ConcurrentHashMap<>();
    final List<Integer> markers = new ArrayList<>();
    final Set<Integer> withoutLeader = new HashSet<>();
    int cuts;
    int inSync = 1;
    LogCutter.Witness witness = Brokers.WITNESS;
    long end = 1_000;
    boolean away;

    private void check() {
        if (away) {
            throw new EventLogUnavailable("away", new IllegalStateException());
        }
    }

    @Override
    public Set<Integer> cut(Map<Integer, Long> offsets) {
        check();
        cuts++;
        Set<Integer> confirmed = new HashSet<>(offsets.keySet());
        confirmed.removeAll(withoutLeader);
        confirmed.forEach(partition -> starts.merge(partition, offsets.get(partition), Math::max));
        return confirmed;
    }

    @Override
    public Map<Integer, Observation> observe(Collection<Integer> partitions) {
        check();
        Map<Integer, Observation> seen = new HashMap<>();
        partitions.forEach(partition -> seen.put(
                partition, new Observation(starts.getOrDefault(partition, 0L), Brokers.replicas(1, inSync), witness)));
        return seen;
    }

    @Override
    public long endOffset(int partition) {
        check();
        return end;
    }

    @Override
    public void appendMarker(int partition) {
        check();
        markers.add(partition);
    }

    @Override
    public Duration checkpointInterval() {
        return Duration.ofMinutes(1);
    }
}
