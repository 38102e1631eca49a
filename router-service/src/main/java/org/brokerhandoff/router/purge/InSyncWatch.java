package org.brokerhandoff.router.purge;

import java.time.Instant;
import java.util.Optional;

/**
 * Since when all replicas of a partition have been in sync without a break. A value.
 *
 * <p>A broker that was away, however shortly, serves what its checkpoint file on disk says until it has written that anew. So the
 * checkpoint interval of a cut runs from the first look after which nothing changed: not who has the partition and is in sync, not
 * the leader's epoch, and no connection to one of the brokers. The last two show a broker that went and came back between two looks.
 *
 * @param first the look since which nothing has changed; empty if a replica was away at the last look
 */
public record InSyncWatch(Optional<Seen> first) {
    /** Nothing seen yet. */
    public static final InSyncWatch NOTHING = new InSyncWatch(Optional.empty());

    /**
     * A look.
     *
     * @param at when it was made
     * @param observation what was seen
     */
    public record Seen(Instant at, LogCutter.Observation observation) {
        private boolean continuesTo(LogCutter.Observation later) {
            return observation.replicas().equals(later.replicas())
                    && observation.witness().unbrokenUntil(later.witness());
        }
    }

    /** With another look. */
    public InSyncWatch seen(LogCutter.Observation observation, Instant at) {
        if (!observation.replicas().away().isEmpty()) {
            return NOTHING;
        }
        return first.filter(seen -> seen.continuesTo(observation)).isPresent()
                ? this
                : new InSyncWatch(Optional.of(new Seen(at, observation)));
    }

    /** Since when all have been in sync; empty if they are not. */
    public Optional<Instant> since() {
        return first.map(Seen::at);
    }
}
