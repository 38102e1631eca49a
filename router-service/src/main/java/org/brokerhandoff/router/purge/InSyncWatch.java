package org.brokerhandoff.router.purge;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Since when all replicas of a partition have been in sync without interruption. A value.
 *
 * <p>A broker that was down, however briefly, serves by its checkpoint file on disk until it has rewritten that. So the
 * checkpoint interval of a cut runs from the first check after which nothing changed: neither replicas nor in-sync set, nor the
 * leader's epoch, nor a connection to one of the brokers. The last two reveal a broker that failed and returned between two
 * checks. Nor may the clock have run ahead of elapsed time: a step forward would shorten the interval.
 *
 * @param first the look since which nothing has changed; empty if a replica was away at the last look
 */
public record InSyncWatch(Optional<Seen> first) {
    /** Nothing seen yet. */
    public static final InSyncWatch NOTHING = new InSyncWatch(Optional.empty());

    /** So much sooner than by the monotonic clock a cut may be verified; less than the planner's margin. */
    private static final Duration TOLERANCE = Duration.ofMillis(50);

    /**
     * A look.
     *
     * @param at when it was made
     * @param uptime what a monotonic clock read then; only differences count
     * @param observation what was seen
     */
    public record Seen(Instant at, Duration uptime, LogCutter.Observation observation) {
        private boolean continuesTo(Seen later) {
            Duration passed = later.uptime.minus(uptime);
            return observation.replicas().equals(later.observation.replicas())
                    && observation.witness().unbrokenUntil(later.observation.witness())
                    && Duration.between(at, later.at).minus(passed).compareTo(TOLERANCE) <= 0;
        }
    }

    /** With another look. */
    public InSyncWatch seen(Seen look) {
        if (!look.observation().replicas().away().isEmpty()) {
            return NOTHING;
        }
        return first.filter(seen -> seen.continuesTo(look)).isPresent() ? this : new InSyncWatch(Optional.of(look));
    }

    /** Since when all have been in sync; empty if they are not. */
    public Optional<Instant> since() {
        return first.map(Seen::at);
    }
}
