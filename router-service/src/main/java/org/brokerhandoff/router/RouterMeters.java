package org.brokerhandoff.router;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.ToIntFunction;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.router.directory.DirectoryWatch;
import org.brokerhandoff.router.kafka.SignupConsumer;
import org.brokerhandoff.router.purge.PurgeWaits;
import org.brokerhandoff.router.purge.PurgeWorker;

/** The router's own metrics, except those of brokers. */
record RouterMeters(MeterRegistry registry) {
    void bind(SignupConsumer consumer) {
        Gauge.builder("handoff.router.in.flight", consumer, SignupConsumer::inFlight)
                .register(registry);
    }

    void bind(DirectoryWatch directory, InstantSource clock) {
        Gauge.builder(
                        "handoff.broker.agreements.ending",
                        directory,
                        watch -> watch.get().agreementsEnding(clock.instant()).size())
                .description("Brokers whose agreement has ended or ends within 30 days")
                .register(registry);
        Gauge.builder(
                        "handoff.directory.problems",
                        directory,
                        watch -> watch.problems().size())
                .register(registry);
    }

    void bind(PurgeWorker purges) {
        Gauge.builder("handoff.router.purges.pending", purges, PurgeWorker::pending)
                .register(registry);
        waiting(purges, "cut", PurgeWaits::forCut);
        waiting(purges, "replicas", PurgeWaits::forReplicas);
        waiting(purges, "erasure", PurgeWaits::forErasure);
    }

    private void waiting(PurgeWorker purges, String reason, ToIntFunction<PurgeWaits> count) {
        Gauge.builder("handoff.router.purges.waiting", purges, worker -> count.applyAsInt(worker.waits()))
                .tag("reason", reason)
                .register(registry);
    }

    /** A purge was acknowledged. */
    void purged(Purged purged, Instant at) {
        registry.counter(
                        "handoff.purged",
                        "level",
                        purged.getLevel().name(),
                        "reason",
                        purged.getReason().name())
                .increment();
        registry.timer("handoff.key.erased.to.purged").record(Duration.between(purged.getKeyErasedAt(), at));
    }
}
