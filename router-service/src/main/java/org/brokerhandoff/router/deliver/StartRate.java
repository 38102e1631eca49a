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
 * <p>A partition that was gained brings permits from the moment of its lease on: those before it, its former owner may have used. A lost
 * partition takes its permits with it, also those that were promised and not yet used. Promises that are due and not yet used count as saved up,
 * so that attempts that come late, after a pause of this process, do not come on top of it. So all routers together have never saved up more
 * than {@code perSecond} permits, and one for each router whose share is below one; and in {@code w} seconds they never start more attempts than
 * that and {@code perSecond · w}.
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
    /** That many were promised, and neither used nor given back. */
    private int promised;

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
     * @param losses how often this router had lost partitions, or had got a lower limit, before
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
        // Whatever is promised must be covered by what may be saved up: all of it may be late.
        if (wait > longestWait || (wait > 0 && promised + 1 > most(rate))) {
            return Optional.empty();
        }
        permits--;
        if (wait > 0) {
            promised++;
        }
        // Rounded up: timers know milliseconds.
        return Optional.of(new Permission(Duration.ofMillis((long) Math.ceil(wait * 1000)), losses));
    }

    /**
     * Uses a permit, after its delay. To be called once, or {@link #giveBack}.
     *
     * @return whether it may be used; otherwise the router has lost a partition meanwhile, or the limit is lower, and it has to ask again
     */
    boolean use(Permission permission, int perSecond, PartitionShare share, long nowNanos) {
        update(perSecond, share, nowNanos);
        if (permission.delay().isZero()) {
            return true;
        }
        if (permission.losses() != losses) {
            return false;
        }
        promised--;
        return true;
    }

    /** Of a permit that comes to nothing. One without a delay counts as used. */
    void giveBack(Permission permission) {
        if (!permission.delay().isZero() && permission.losses() == losses) {
            promised--;
            permits++;
        }
    }

    /** Of a limit that was not there before: what has started until now is not known, so nothing is saved up. */
    void begin(int perSecond, PartitionShare share, long nowNanos) {
        update(perSecond, share, nowNanos);
        breakPromises();
        permits = 0;
    }

    private void breakPromises() {
        losses++;
        promised = 0;
    }

    /** Whole permits that are saved up, negative if some are promised. */
    double left(int perSecond, PartitionShare share, long nowNanos) {
        update(perSecond, share, nowNanos);
        return Math.floor(permits);
    }

    /** @return permits that come in a second */
    private double update(int perSecond, PartitionShare share, long nowNanos) {
        double each = (double) perSecond / share.all();
        double before = (double) limit / share.all();
        Set<Owned> kept = new HashSet<>(seen);
        kept.retainAll(share.owned());
        double rate = each * share.owned().size();
        permits += before * kept.size() * (nowNanos - atNanos) / SECOND;
        if (kept.size() < seen.size() || perSecond < limit) {
            breakPromises();
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
        permits = Math.min(permits, most(rate) - promised);
        seen = share.owned();
        limit = perSecond;
        atNanos = nowNanos;
        return rate;
    }

    private static double most(double rate) {
        return rate == 0 ? 0 : Math.max(1, rate);
    }
}
