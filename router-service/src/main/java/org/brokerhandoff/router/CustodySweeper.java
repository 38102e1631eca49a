package org.brokerhandoff.router;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.brokerhandoff.custody.time.TrustedTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Destroys keys whose time is over, and looks whether this router's leases are still its own, once a second. */
final class CustodySweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CustodySweeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    private final SlotFile custody;
    private final PartitionLeases leases;
    private final TrustedTime time;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread sweeping = new Thread(task, "sweep");
        sweeping.setDaemon(true);
        return sweeping;
    });
    private volatile Optional<String> leaseProblem = Optional.empty();

    private CustodySweeper(SlotFile custody, PartitionLeases leases, TrustedTime time) {
        this.custody = custody;
        this.leases = leases;
        this.time = time;
    }

    static CustodySweeper start(SlotFile custody, PartitionLeases leases, TrustedTime time) {
        CustodySweeper sweeper = new CustodySweeper(custody, leases, time);
        var unused = sweeper.thread.scheduleWithFixedDelay(
                sweeper::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return sweeper;
    }

    /** What is wrong with the leases, if anything is. */
    Optional<String> leaseProblem() {
        return leaseProblem;
    }

    private void look() {
        try {
            leaseProblem = leases.look();
            Instant due = time.expiryBound();
            // Not before the time is known at all: a claim that was seen then would count as abandoned at the next
            // sweep.
            if (due.isAfter(Instant.EPOCH)) {
                custody.sweep(due);
            }
        } catch (RuntimeException | InternalError e) {
            // InternalError is what a fault of the mapped file throws; a sweep that is not tried again would be worse.
            LOG.error("the sweep failed: {}", e.getClass().getSimpleName());
        }
    }

    /** Not interrupted: that would close the slot file's channel in the middle of a sweep. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("a sweep is still running");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
