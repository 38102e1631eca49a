package org.brokerhandoff.preflight;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.brokerhandoff.custody.time.ClockState;
import org.brokerhandoff.custody.time.ClockVerdict;
import org.brokerhandoff.custody.time.TrustedTime;
import org.brokerhandoff.event.ClockJudged;
import org.brokerhandoff.event.ClockJudgement;
import org.brokerhandoff.event.ClockResolution;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.operations.health.HealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes known what a service thinks of its host's clock: as events, in the health endpoint and in metrics.
 *
 * <p>An event is published until Kafka acknowledges it. While the clock is in doubt another follows from time to time: its acknowledgement
 * brings an append time, which may end the doubt.
 */
public final class ClockWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** Looks between two publications of a doubt that is known already. */
    private static final int LOOKS_PER_REPEAT = 10;
    /** While Kafka is away. A clock that jumps more often than this has been described well enough. */
    private static final int MOST_UNPUBLISHED = 64;

    private final ServiceName service;
    private final RandomId instance = randomId();
    private final TrustedTime time;
    private final Function<ClockJudged, CompletionStage<?>> publishing;
    /** In the order of what happened; the first is removed when Kafka has acknowledged it. */
    private final Queue<ClockJudged> unpublished = new ArrayBlockingQueue<>(MOST_UNPUBLISHED);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "clock-watch");
        thread.setDaemon(true);
        return thread;
    });
    private int looks; // on the timer's thread only

    private ClockWatch(ServiceName service, TrustedTime time, Function<ClockJudged, CompletionStage<?>> publishing) {
        this.service = service;
        this.time = time;
        this.publishing = publishing;
    }

    /**
     * Watches {@code time} until it is closed.
     *
     * @param publishing publishes an event; may fail, is asked again then
     */
    public static ClockWatch start(
            ServiceName service,
            TrustedTime time,
            MeterRegistry meters,
            Function<ClockJudged, CompletionStage<?>> publishing) {
        ClockWatch watch = new ClockWatch(service, time, publishing);
        Gauge.builder("handoff.clock.agrees", time, source -> source.state().agrees() ? 1 : 0)
                .description("1 if the wall clock is trusted, 0 while it is in doubt")
                .register(meters);
        Gauge.builder(
                        "handoff.clock.difference.seconds",
                        time,
                        source -> source.state().verdict().difference().toMillis() / 1000.0)
                .description("How far the wall clock is ahead of the trusted time")
                .register(meters);
        Gauge.builder(
                        "handoff.clock.kafka.difference.seconds",
                        time,
                        source -> source.state()
                                .logDifference()
                                .map(difference -> difference.toMillis() / 1000.0)
                                .orElse(0.0))
                .description("How far Kafka's clock is ahead of the wall clock; 0 if they agree")
                .register(meters);
        // Before the first look: a doubt at the start is made known as any other, its end as well.
        if (!time.state().agrees()) {
            watch.offer(time.state());
        }
        time.onChange(watch::offer);
        var unused = watch.timer.scheduleWithFixedDelay(
                watch::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    /** Whether the wall clock is trusted, for {@code /health/ready}. */
    public HealthCheck health() {
        return HealthCheck.of("clock", () -> health(time.state()));
    }

    /** What a clock's state means, and what to do about it. */
    public static Health health(ClockState state) {
        ClockVerdict verdict = state.verdict();
        if (!state.agrees()) {
            return Health.unhealthy(
                    verdict.code(),
                    "the wall clock differs by " + verdict.difference().toSeconds()
                            + " s from the trusted time; until that is resolved nothing is destroyed for its age, and no"
                            + " signup is accepted. Set the clock, or, if it is right, run: handoff clock --confirm");
        }
        Duration kafka = state.logDifference().orElse(Duration.ZERO);
        return kafka.isZero()
                ? Health.healthy(Map.of())
                : Health.impaired(
                        "clock-differs-from-kafka",
                        "Kafka's clock differs by " + kafka.toSeconds() + " s from this host's; one of them is wrong");
    }

    private ClockJudged event(ClockState state) {
        return event(service, instance, state);
    }

    static ClockJudged event(ServiceName service, RandomId instance, ClockState state) {
        ClockVerdict verdict = state.verdict();
        ClockJudged.Builder event = ClockJudged.newBuilder()
                .setInstance(instance)
                .setService(service)
                .setJudgedAt(state.trusted())
                .setJudgement(judgement(verdict))
                .setDifferenceMillis(verdict.difference().toMillis())
                .setResolution(state.resolved()
                        .map(how -> ClockResolution.valueOf(how.name()))
                        .orElse(null));
        if (state.confirmedBy().isPresent()) {
            event.setConfirmedBy(state.confirmedBy().getAsLong());
        }
        return event.build();
    }

    private static ClockJudgement judgement(ClockVerdict verdict) {
        if (verdict instanceof ClockVerdict.Agrees) {
            return ClockJudgement.AGREES;
        } else if (verdict instanceof ClockVerdict.SteppedAhead) {
            return ClockJudgement.STEPPED_AHEAD;
        }
        return verdict instanceof ClockVerdict.SteppedBack ? ClockJudgement.STEPPED_BACK : ClockJudgement.UNCONFIRMED;
    }

    private void look() {
        try {
            looks++;
            ClockJudged next = unpublished.peek();
            if (next != null) {
                var unused = publishing.apply(next).thenAccept(acknowledged -> unpublished.remove(next));
            } else if (!time.state().agrees() && looks % LOOKS_PER_REPEAT == 0) {
                // For its append time.
                var unused = publishing.apply(event(time.state()));
            }
        } catch (RuntimeException e) {
            LOG.warn(
                    "the judgement of the clock cannot be published: {}",
                    e.getClass().getName());
        }
    }

    private void offer(ClockState state) {
        if (!unpublished.offer(event(state))) {
            LOG.warn("a judgement of the clock is dropped: too many wait for Kafka");
        }
    }

    private static RandomId randomId() {
        UUID id = UUID.randomUUID();
        return new RandomId(ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
