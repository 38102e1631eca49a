package org.brokerhandoff.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.brokerhandoff.custody.time.ClockReading;
import org.brokerhandoff.custody.time.HostClock;
import org.brokerhandoff.custody.time.TrustedTime;
import org.brokerhandoff.event.ClockJudged;
import org.brokerhandoff.event.ClockJudgement;
import org.brokerhandoff.event.ClockResolution;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockWatchTest {
    @TempDir
    private Path directory;

    private volatile Duration wallError = Duration.ZERO;
    private final HostClock clock = () -> {
        ClockReading real = HostClock.system().read();
        return new ClockReading(real.wall().plus(wallError), real.boot(), real.sinceBoot());
    };
    private final List<ClockJudged> published = new CopyOnWriteArrayList<>();
    private final StringWriter out = new StringWriter();

    @Test
    void a_jump_and_what_an_operator_says_of_it_are_events_and_show_in_health_and_metrics() {
        Path slotFile = directory.resolve("custody.slots");
        assertThat(command("--confirm")).isZero();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (TrustedTime time = TrustedTime.start(slotFile, clock);
                ClockWatch watch = ClockWatch.start(ServiceName.ROUTER, time, meters, this::publish)) {
            assertThat(watch.health().check()).isInstanceOf(Health.Healthy.class);
            assertThat(meters.get("handoff.clock.agrees").gauge().value()).isEqualTo(1);

            wallError = Duration.ofMinutes(40);
            await().until(() -> !published.isEmpty());
            assertThat(watch.health().check())
                    .isInstanceOfSatisfying(
                            Health.Unhealthy.class,
                            health -> assertThat(health.code()).isEqualTo("clock-stepped-ahead"));
            assertThat(meters.get("handoff.clock.agrees").gauge().value()).isZero();
            assertThat(meters.get("handoff.clock.difference.seconds").gauge().value())
                    .isBetween(2390.0, 2410.0);
            assertThat(published.get(0).getJudgement()).isEqualTo(ClockJudgement.STEPPED_AHEAD);
            assertThat(published.get(0).getDifferenceMillis()).isBetween(2_390_000L, 2_410_000L);
            assertThat(command()).isEqualTo(1);
            assertThat(out.toString()).contains("clock-stepped-ahead");

            assertThat(command("--confirm")).isZero();
            await().until(() -> published.stream().anyMatch(e -> e.getJudgement() == ClockJudgement.AGREES));
            ClockJudged ended = published.get(published.size() - 1);
            assertThat(ended.getResolution()).isEqualTo(ClockResolution.OPERATOR);
            assertThat(ended.getConfirmedBy()).isEqualTo(1007);
            assertThat(watch.health().check()).isInstanceOf(Health.Healthy.class);
            assertThat(command()).isZero();
        }
        EventCodec codec = new EventCodec();
        published.forEach(event -> assertThat(codec.encode(event)).isNotEmpty());
        assertThat(published.stream().map(EventId::of).distinct()).hasSizeGreaterThanOrEqualTo(2);
    }

    /** Kafka is away at first. */
    private CompletableFuture<Void> publish(ClockJudged event) {
        boolean first = refused;
        refused = false;
        if (first) {
            return CompletableFuture.failedFuture(new IllegalStateException("Kafka is away"));
        }
        published.add(event);
        return CompletableFuture.completedFuture(null);
    }

    private volatile boolean refused = true;

    private int command(String... arguments) {
        PrintWriter writer = new PrintWriter(out, true);
        return ClockMain.run(
                arguments,
                Map.of(
                        "HANDOFF_CUSTODY_FILE",
                        directory.resolve("custody.slots").toString(),
                        "SUDO_UID",
                        "1007"),
                clock,
                writer,
                writer);
    }
}
