package org.brokerhandoff.ingest;

import static org.brokerhandoff.custody.Answers.awaited;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.function.ToDoubleFunction;
import org.brokerhandoff.custody.CustodyUsage;
import org.brokerhandoff.custody.SweepTimer;
import org.brokerhandoff.custody.service.ServiceCustody;
import org.brokerhandoff.operations.health.Health;

/** Sweeps custody, so that keys are destroyed at their expiry whatever else is stuck, and counts the slots meanwhile. */
final class CustodyUpkeep implements AutoCloseable {
    /** Counting is a second scan of the file. */
    private static final int SWEEPS_PER_COUNT = 5;

    private final ServiceCustody custody;
    private final SweepTimer timer;
    private int sweeps; // on the sweeper's thread only
    private volatile CustodyUsage usage;

    private CustodyUpkeep(ServiceCustody custody, InstantSource clock) {
        this.custody = custody;
        this.usage = awaited(custody.keys().usage());
        this.timer = SweepTimer.start(custody.keys(), clock, this::swept);
    }

    static CustodyUpkeep start(ServiceCustody custody, InstantSource clock, MeterRegistry meters) {
        CustodyUpkeep upkeep = new CustodyUpkeep(custody, clock);
        upkeep.gauge(meters, "capacity", CustodyUsage::capacity);
        upkeep.gauge(meters, "maximum", CustodyUsage::maximum);
        upkeep.gauge(meters, "live", CustodyUsage::live);
        upkeep.gauge(meters, "restricted", CustodyUsage::restricted);
        upkeep.gauge(meters, "prolonged", CustodyUsage::prolonged);
        upkeep.gauge(meters, "erased", CustodyUsage::erased);
        return upkeep;
    }

    Health health() {
        CustodyUsage now = usage;
        Health health = custody.health(timer.failing());
        if (!(health instanceof Health.Healthy)) {
            return health;
        }
        return now.live() + now.erased() >= now.maximum()
                ? Health.unhealthy("custody-full", "all " + now.maximum() + " slots are in use")
                : health;
    }

    private void swept() {
        if (++sweeps % SWEEPS_PER_COUNT == 0) {
            usage = awaited(custody.keys().usage());
        }
    }

    @Override
    public void close() {
        timer.close();
    }

    private void gauge(MeterRegistry meters, String name, ToDoubleFunction<CustodyUsage> figure) {
        Gauge.builder("handoff.custody.slots", this, upkeep -> figure.applyAsDouble(upkeep.usage))
                .description("Slots of the custody file")
                .tag("kind", name)
                .register(meters);
    }
}
