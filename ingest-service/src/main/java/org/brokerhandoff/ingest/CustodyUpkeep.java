package org.brokerhandoff.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.brokerhandoff.custody.CustodyUsage;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.operations.health.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps custody every second on a thread of its own, so that a key goes at its expiry whatever else is stuck, and counts the
 * slots on the way. The router sweeps the same file; two sweepers do no harm.
 */
final class CustodyUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CustodyUpkeep.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** Counting is a second scan of the file. */
    private static final int SWEEPS_PER_COUNT = 5;

    private final SlotFile custody;
    private final InstantSource clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "custody-sweeper");
        thread.setDaemon(true);
        return thread;
    });
    private int sweeps; // on the sweeper's thread only
    private volatile CustodyUsage usage;
    private volatile boolean sweepFailed;

    private CustodyUpkeep(SlotFile custody, InstantSource clock) {
        this.custody = custody;
        this.clock = clock;
        this.usage = custody.usage();
    }

    static CustodyUpkeep start(SlotFile custody, InstantSource clock, MeterRegistry meters) {
        CustodyUpkeep upkeep = new CustodyUpkeep(custody, clock);
        upkeep.gauge(meters, "capacity", CustodyUsage::capacity);
        upkeep.gauge(meters, "maximum", CustodyUsage::maximum);
        upkeep.gauge(meters, "live", CustodyUsage::live);
        upkeep.gauge(meters, "erased", CustodyUsage::erased);
        var unused = upkeep.timer.scheduleWithFixedDelay(upkeep::sweep, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return upkeep;
    }

    Health health() {
        CustodyUsage now = usage;
        if (custody.failed() || sweepFailed) {
            return Health.unhealthy(
                    "custody-failed",
                    custody.failure().orElse("the slot file cannot be swept") + "; the service has to be restarted");
        }
        return now.live() + now.erased() >= now.maximum()
                ? Health.unhealthy("custody-full", "all " + now.maximum() + " slots are in use")
                : Health.healthy();
    }

    @Override
    public void close() {
        // Not interrupted: that would close the slot file's channel under everybody's hands.
        timer.shutdown();
        try {
            if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("a sweep has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweep() {
        try {
            Instant due = clock.instant();
            // Not before the time is known at all: a claim that was seen then would count as abandoned at the next
            // sweep.
            if (due.isAfter(Instant.EPOCH)) {
                custody.sweep(due);
            }
            if (++sweeps % SWEEPS_PER_COUNT == 0) {
                usage = custody.usage();
            }
            sweepFailed = false;
        } catch (RuntimeException | Error e) {
            // A fault of the mapped file is an Error; a timer task that throws is never run again.
            if (!sweepFailed) {
                LOG.error("custody cannot be swept: {}", e.getClass().getName());
            }
            sweepFailed = true;
        }
    }

    private void gauge(MeterRegistry meters, String name, ToDoubleFunction<CustodyUsage> figure) {
        Gauge.builder("handoff.custody.slots", this, upkeep -> figure.applyAsDouble(upkeep.usage))
                .description("Slots of the custody file")
                .tag("kind", name)
                .register(meters);
    }
}
