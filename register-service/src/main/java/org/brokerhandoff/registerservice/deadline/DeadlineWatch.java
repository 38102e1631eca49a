package org.brokerhandoff.registerservice.deadline;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.register.OpenRightsRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Periodically checks the deadlines of open requests and of purges, and reports them in health and metrics. */
public final class DeadlineWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadlineWatch.class);

    private final Supplier<List<OpenRightsRequest>> requests;
    private final ToIntFunction<Instant> overduePurges;
    private final InstantSource clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "rights-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    private volatile Deadlines seen = Deadlines.NONE;
    private volatile boolean readable;

    private DeadlineWatch(
            Supplier<List<OpenRightsRequest>> requests, ToIntFunction<Instant> overduePurges, InstantSource clock) {
        this.requests = requests;
        this.overduePurges = overduePurges;
        this.clock = clock;
    }

    /**
     * Starts to check.
     *
     * @param requests reads the open requests; blocks, and throws if they cannot be read
     * @param overduePurges counts the signups whose purge is overdue at a time; likewise
     * @param period interval between checks
     */
    public static DeadlineWatch start(
            Supplier<List<OpenRightsRequest>> requests,
            ToIntFunction<Instant> overduePurges,
            Duration period,
            InstantSource clock,
            MeterRegistry meters) {
        DeadlineWatch watch = new DeadlineWatch(requests, overduePurges, clock);
        watch.gauge(meters, "open", Deadlines::open);
        watch.gauge(meters, "due-soon", Deadlines::dueSoon);
        watch.gauge(meters, "overdue", Deadlines::overdue);
        Gauge.builder("handoff.purges.overdue", watch, each -> each.seen.purgesOverdue())
                .description("Signups without a purge past the time promised for it")
                .register(meters);
        var unused = watch.timer.scheduleWithFixedDelay(watch::look, 0, period.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    private void gauge(MeterRegistry meters, String state, ToIntFunction<Deadlines> value) {
        Gauge.builder("handoff.rights.requests", this, watch -> value.applyAsInt(watch.seen))
                .description("Requests of people that are not answered yet")
                .tag("state", state)
                .register(meters);
    }

    private void look() {
        try {
            Instant now = clock.instant();
            seen = Deadlines.of(requests.get(), overduePurges.applyAsInt(now), now);
            readable = true;
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again. The register's own health reports why it cannot be read.
            readable = false;
            LOG.debug("deadlines cannot be read: {}", e.getClass().getSimpleName());
        }
    }

    /** Whether requests are due, or purges overdue. */
    public Health health() {
        return readable
                ? seen.health()
                : Health.impaired("rights-requests-unread", "the open requests of people cannot be read");
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
