package org.brokerhandoff.router;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.brokerhandoff.custody.PurgeHistory;
import org.brokerhandoff.custody.service.ServiceCustody;
import org.brokerhandoff.custody.time.TrustedTime;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.operations.health.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the router begin once its slots are compared with the purges in the log, and the host's time is confirmed: an offer, a signature and a
 * deadline need more than a lower bound of it. Kafka may go away meanwhile; it is tried until it works.
 */
final class StartGate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StartGate.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    private final ServiceCustody custody;
    private final TrustedTime time;
    private final PurgeHistory purges;
    private final Duration maximumHold;
    private final Runnable begin;
    /** What is behind the gate begins once, or, after {@link #close}, never. */
    private final AtomicBoolean passed = new AtomicBoolean();

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread waiting = new Thread(this::waitUntilChecked, "custody-check");
    private volatile boolean open;
    private volatile String uncheckedBecause = "";

    /**
     * A gate.
     *
     * @param maximumHold no signup's key expires later than this after the signup was received
     * @param begin begins the router's work
     */
    StartGate(ServiceCustody custody, TrustedTime time, PurgeHistory purges, Duration maximumHold, Runnable begin) {
        this.custody = custody;
        this.time = time;
        this.purges = purges;
        this.maximumHold = maximumHold;
        this.begin = begin;
        waiting.setDaemon(true);
    }

    /** Begins now, if nothing has to be waited for, or later, in a separate thread. */
    void start() {
        if (custody.serving() && time.state().confirmed()) {
            pass();
        } else {
            waiting.start();
        }
    }

    private void waitUntilChecked() {
        try {
            while (closing.getCount() > 0 && !checked()) {
                var unused = closing.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (closing.getCount() > 0) {
                pass();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean checked() {
        try {
            custody.serveKeysAfter(purges, maximumHold);
            return time.state().confirmed();
        } catch (RuntimeException | InternalError e) {
            // InternalError is what a fault of the mapped file throws.
            uncheckedBecause = e instanceof UnknownSchema ? "; " + e.getMessage() : "";
            LOG.warn(
                    "the slots could not be compared with the purges in the log: {}",
                    e.getClass().getSimpleName());
            return false;
        }
    }

    private void pass() {
        if (passed.compareAndSet(false, true)) {
            begin.run();
            open = true;
        }
    }

    /** Why the router has not begun; empty if it has. */
    Optional<Health> shut() {
        if (open) {
            return Optional.empty();
        }
        return Optional.of(
                custody.serving()
                        ? Health.unhealthy(
                                "clock-unconfirmed",
                                "the host's clock is not confirmed yet; see the health check clock")
                        : Health.unhealthy(
                                "custody-unchecked",
                                "the slots have not been compared with the purges in the log yet; no key is served"
                                        + uncheckedBecause));
    }

    /** Nothing begins any more when this returns. */
    @Override
    public void close() {
        closing.countDown();
        boolean neverBegins = passed.compareAndSet(false, true);
        try {
            if (!neverBegins && waiting.isAlive()) {
                waiting.join(END_LIMIT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
