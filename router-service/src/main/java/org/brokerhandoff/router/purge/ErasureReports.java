package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.SealedTopic;
import org.jspecify.annotations.Nullable;

/**
 * The latest reports of the agents beside the Kafka brokers. A value.
 *
 * @param latest the latest report of each broker on each partition
 * @param lastHeard when each broker's agent made its latest report on any partition
 */
public record ErasureReports(Map<Place, Look> latest, Map<Integer, Instant> lastHeard) {
    /** Nothing heard. */
    public static final ErasureReports NONE = new ErasureReports(Map.of(), Map.of());

    /** An agent that was silent for so long counts as dead: four heartbeats by default, two at the least. */
    public static final Duration SILENCE = Duration.ofMinutes(2);

    private static final Duration REMEMBERED = Duration.ofDays(1);

    /** A partition on a Kafka broker. */
    public record Place(int broker, SealedTopic topic, int partition) {}

    /**
     * What was seen.
     *
     * @param lowestOffset records before it were in no file; null if the broker had no file with records of the partition
     * @param observedAt when the look began
     */
    public record Look(@Nullable Long lowestOffset, Instant observedAt) {}

    /** Copies the maps. */
    public ErasureReports {
        latest = Map.copyOf(latest);
        lastHeard = Map.copyOf(lastHeard);
    }

    /** With further reports, in any order; a repeat changes nothing. */
    public ErasureReports with(Collection<LogErased> reports) {
        Map<Place, Look> looks = new HashMap<>(latest);
        Map<Integer, Instant> heard = new HashMap<>(lastHeard);
        for (LogErased report : reports) {
            looks.merge(
                    new Place(report.getBroker(), report.getTopic(), report.getPartition()),
                    new Look(report.getLowestOffset(), report.getObservedAt()),
                    (one, other) -> other.observedAt().isBefore(one.observedAt()) ? one : other);
            heard.merge(report.getBroker(), report.getObservedAt(), (one, other) -> other.isBefore(one) ? one : other);
        }
        return new ErasureReports(looks, heard);
    }

    /** Whether the agents of all these brokers are alive. */
    public boolean reporting(Set<Integer> brokers, Instant now) {
        return brokers.stream().allMatch(broker -> alive(broker, now));
    }

    /**
     * The brokers whose files may still hold a record: each replica whose agent has not seen, after {@code cutConfirmedAt}, that no
     * file does; and each other broker whose agent lives and says that a file may, such as one that had the partition before.
     */
    public SortedSet<Integer> mayHold(
            SealedTopic topic, int partition, long offset, Instant cutConfirmedAt, Set<Integer> replicas, Instant now) {
        SortedSet<Integer> brokers = new TreeSet<>(lastHeard.keySet());
        brokers.addAll(replicas);
        brokers.removeIf(broker -> {
            Look look = latest.get(new Place(broker, topic, partition));
            if (replicas.contains(broker)) {
                return look != null
                        && look.lowestOffset() != null
                        && look.lowestOffset() > offset
                        && look.observedAt().isAfter(cutConfirmedAt)
                        // An agent's clock may be ahead; a claim does not rest on a look that is later than itself.
                        && !look.observedAt().isAfter(now);
            }
            return look == null || look.lowestOffset() == null || look.lowestOffset() > offset || !alive(broker, now);
        });
        return brokers;
    }

    /**
     * The brokers whose agents reported within the last {@link #REMEMBERED} and are silent now. One that is silent for longer was taken out, or
     * the operator was told often enough.
     */
    public SortedSet<Integer> silent(Instant now) {
        SortedSet<Integer> brokers = new TreeSet<>();
        lastHeard.forEach((broker, heard) -> {
            if (!alive(broker, now) && !now.isAfter(heard.plus(REMEMBERED))) {
                brokers.add(broker);
            }
        });
        return brokers;
    }

    private boolean alive(int broker, Instant now) {
        Instant heard = lastHeard.get(broker);
        return heard != null && !now.isAfter(heard.plus(SILENCE));
    }
}
