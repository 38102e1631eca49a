package org.brokerhandoff.custody;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps custody once a second, on a separate thread. Every process that shares a custody runs one; two sweepers do no harm.
 */
public final class SweepTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SweepTimer.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final KeyCustody custody;
    private final InstantSource due;
    private final Runnable companion;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "custody-sweeper");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean failing;

    private SweepTimer(KeyCustody custody, InstantSource due, Runnable companion) {
        this.custody = custody;
        this.due = due;
        this.companion = companion;
    }

    /**
     * Sweeps until it is closed.
     *
     * @param due until when keys have expired; before the time is known at all, the epoch or earlier
     * @param companion run after each sweep, on the same thread
     */
    public static SweepTimer start(KeyCustody custody, InstantSource due, Runnable companion) {
        SweepTimer timer = new SweepTimer(custody, due, companion);
        var unused = timer.timer.scheduleWithFixedDelay(timer::sweep, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return timer;
    }

    private void sweep() {
        try {
            Instant now = due.instant();
            // Not before the time is known at all: a claim that was seen then would count as abandoned at the next
            // sweep.
            if (now.isAfter(Instant.EPOCH)) {
                custody.sweep(now);
            }
            companion.run();
            failing = false;
        } catch (RuntimeException | Error e) {
            // A fault of the mapped file is an Error; a timer task that throws is never run again.
            if (!failing) {
                LOG.error("custody cannot be swept: {}", e.getClass().getName());
            }
            failing = true;
        }
    }

    /** Whether the last sweep failed. */
    public boolean failing() {
        return failing;
    }

    /** Waits for a sweep that is in progress. */
    @Override
    public void close() {
        // Not interrupted: that would close the slot file's channel in the middle of a sweep.
        timer.shutdown();
        try {
            if (!timer.awaitTermination(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("a sweep has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
