package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.router.deliver.PartitionShare.Owned;

/**
 * When this router may start attempts at one broker, of those that all routers together may start in a second. Each partition brings
 * {@code perSecond / all partitions} permits a second to its owner, who saves up what a second brings, or one.
 *
 * <p>A partition that was gained brings permits from the moment of its lease on: those before it, its former owner may have used. With one that
 * is lost go the permits that it brought, also those that were promised and not yet used. So all routers together have never saved up more than
 * {@code perSecond} permits, and one for each router whose share is below one; and in {@code w} seconds they never start more attempts than that
 * and {@code perSecond · w}.
 *
 * <p>Arithmetic only: time and share are given. Not thread-safe.
 */
final class StartRate {
    private static final double SECOND = 1e9;

    private final double longestWait;
    private Set<Owned> seen = Set.of();
    private int limit;
    /** Saved up; negative if some were promised that are still to come. */
    private double permits;

    private long atNanos;
    private long losses;

    /** @param longestWait a permit that comes later is not promised */
    StartRate(Duration longestWait) {
        this.longestWait = longestWait.toNanos() / SECOND;
    }

    /**
     * A permit.
     *
     * @param delay after which it can be used
     * @param losses how often this router had lost partitions before
     */
    record Permission(Duration delay, long losses) {}

    /**
     * Asks for a permit.
     *
     * @return empty if none comes soon
     */
    Optional<Permission> ask(int perSecond, PartitionShare share, long nowNanos) {
        double rate = update(perSecond, share, nowNanos);
        if (rate == 0) {
            return Optional.empty();
        }
        double wait = Math.max(0, (1 - permits) / rate);
        if (wait > longestWait) {
            return Optional.empty();
        }
        permits--;
        // Rounded up: timers know milliseconds.
        return Optional.of(new Permission(Duration.ofMillis((long) Math.ceil(wait * 1000)), losses));
    }

    /** Whether a permit for which was waited can be used; otherwise the router has lost a partition meanwhile, and has to ask again. */
    boolean stands(Permission permission, int perSecond, PartitionShare share, long nowNanos) {
        update(perSecond, share, nowNanos);
        return permission.delay().isZero() || permission.losses() == losses;
    }

    /** Whole permits that are saved up, negative if some are promised. */
    double left(int perSecond, PartitionShare share, long nowNanos) {
        update(perSecond, share, nowNanos);
        return Math.floor(permits);
    }

    /** @return permits that come in a second */
    private double update(int perSecond, PartitionShare share, long nowNanos) {
        double each = (double) perSecond / share.all();
        Set<Owned> kept = new HashSet<>(seen);
        kept.retainAll(share.owned());
        double rate = each * share.owned().size();
        permits += each * kept.size() * (nowNanos - atNanos) / SECOND;
        if (kept.size() < seen.size() || perSecond < limit) {
            losses++;
            permits = Math.max(0, Math.min(permits, most(each * kept.size())));
        }
        for (Owned owned : share.owned()) {
            if (!kept.contains(owned)) {
                // No more than it would have saved up.
                permits += Math.min(
                        each * (nowNanos - owned.sinceNanos()) / SECOND,
                        most(rate) / share.owned().size());
            }
        }
        permits = Math.min(permits, most(rate));
        seen = share.owned();
        limit = perSecond;
        atNanos = nowNanos;
        return rate;
    }

    private static double most(double rate) {
        return rate == 0 ? 0 : Math.max(1, rate);
    }
}
