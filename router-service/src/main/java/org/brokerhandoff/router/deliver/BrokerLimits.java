package org.brokerhandoff.router.deliver;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.brokerhandoff.router.deliver.StartRate.Permission;
import org.brokerhandoff.router.directory.Connection;

/** What one broker takes at most: starts in a second from all routers together, and attempts at the same time from this one. Thread-safe. */
final class BrokerLimits {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Permission AT_ONCE = new Permission(Duration.ZERO, 0);

    private final String broker;
    private final Supplier<PartitionShare> share;
    /** Guarded by this, together with the look at the share: an older share must not come after a newer one. */
    private final StartRate starts = new StartRate(LONGEST_WAIT);

    private volatile Connection.Limits limits = Connection.Limits.NONE;
    private boolean known;
    private volatile Optional<Bulkhead> places = Optional.empty();

    BrokerLimits(String broker, Supplier<PartitionShare> share) {
        this.broker = broker;
        this.share = share;
    }

    /** A holder of a place of former limits gives it back to those. */
    synchronized void set(Connection.Limits now) {
        boolean introduced =
                known && limits.perSecond().isEmpty() && now.perSecond().isPresent();
        known = true;
        if (now.equals(limits)) {
            return;
        }
        if (introduced) {
            starts.begin(now.perSecond().getAsInt(), share.get(), System.nanoTime());
        }
        places = now.concurrent().isPresent()
                ? Optional.of(Bulkhead.of(
                        broker,
                        BulkheadConfig.custom()
                                .maxConcurrentCalls(now.concurrent().getAsInt())
                                .maxWaitDuration(Duration.ZERO)
                                .build()))
                : Optional.empty();
        limits = now;
    }

    /** Where attempts at the same time have their places, if these are limited. */
    Optional<Bulkhead> places() {
        return places;
    }

    /** When an attempt may start; empty if not soon. */
    synchronized Optional<Permission> ask() {
        Connection.Limits now = limits;
        return now.perSecond().isPresent()
                ? starts.ask(now.perSecond().getAsInt(), share.get(), System.nanoTime())
                : Optional.of(AT_ONCE);
    }

    /** As {@link StartRate#use}. */
    synchronized boolean use(Permission permission) {
        Connection.Limits now = limits;
        return permission.delay().isZero()
                || now.perSecond().isEmpty()
                || starts.use(permission, now.perSecond().getAsInt(), share.get(), System.nanoTime());
    }

    /** As {@link StartRate#giveBack}. */
    synchronized void giveBack(Permission permission) {
        starts.giveBack(permission);
    }

    /** Attempts that may start at once, negative if some wait already; {@code NaN} without a limit. */
    synchronized double startsLeft() {
        Connection.Limits now = limits;
        return now.perSecond().isPresent()
                ? starts.left(now.perSecond().getAsInt(), share.get(), System.nanoTime())
                : Double.NaN;
    }

    /** Places for attempts at the same time that are free; {@code NaN} without a limit. */
    double placesLeft() {
        return places.map(all -> (double) all.getMetrics().getAvailableConcurrentCalls())
                .orElse(Double.NaN);
    }
}
