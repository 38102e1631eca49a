package org.brokerhandoff.custody;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotates the epoch keys when they are due, on a separate thread: rewrapping many slots takes seconds, in which the sweep
 * has to continue. Every process that has the slot file runs one; the first one does the work.
 */
public final class EpochTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EpochTimer.class);
    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(30);
    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(100);
    /** A due rotation is begun at most this part of the interval late. */
    private static final int PERIODS_PER_INTERVAL = 60;

    private final SlotFile custody;
    private final Duration interval;
    private final InstantSource clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "custody-epochs");
        thread.setDaemon(true);
        return thread;
    });
    private boolean failed; // on the timer's thread only

    private EpochTimer(SlotFile custody, Duration interval, InstantSource clock) {
        this.custody = custody;
        this.interval = interval;
        this.clock = clock;
    }

    /** Rotates the epochs of {@code custody} whenever they are {@code interval} old, until it is closed. */
    public static EpochTimer start(SlotFile custody, Duration interval, InstantSource clock) {
        EpochTimer timer = new EpochTimer(custody, interval, clock);
        Duration period = interval.dividedBy(PERIODS_PER_INTERVAL);
        if (period.compareTo(LONGEST_PERIOD) > 0) {
            period = LONGEST_PERIOD;
        } else if (period.compareTo(SHORTEST_PERIOD) < 0) {
            period = SHORTEST_PERIOD;
        }
        var unused = timer.timer.scheduleWithFixedDelay(timer::rotate, 0, period.toMillis(), TimeUnit.MILLISECONDS);
        return timer;
    }

    private void rotate() {
        try {
            if (custody.rotate(clock.instant(), interval) instanceof RotationOutcome.Rotated rotated) {
                LOG.info(
                        "epoch {}: {} live keys rewrapped, earlier epoch keys destroyed",
                        rotated.epoch(),
                        rotated.rewrapped());
            }
            failed = false;
        } catch (RuntimeException | Error e) {
            // A fault of the mapped file is an Error; a timer task that throws is never run again.
            if (!failed) {
                LOG.error("epoch keys cannot be rotated: {}", e.getMessage());
            }
            failed = true;
        }
    }

    /** Waits for a rotation that is in progress. */
    @Override
    public void close() {
        // Not interrupted: that would close the slot file's channel under everybody's hands.
        timer.shutdown();
        try {
            if (!timer.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("a rotation has not ended; the next one finishes it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
