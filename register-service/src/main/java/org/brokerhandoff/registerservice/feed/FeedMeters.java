package org.brokerhandoff.registerservice.feed;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Metrics per feed. Thread-safe. */
final class FeedMeters {
    private final MeterRegistry registry;
    private final InstantSource clock;
    private final Map<String, List<Meter>> gauges = new ConcurrentHashMap<>();

    FeedMeters(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    void show(FeedSender sender) {
        String id = sender.feed().id();
        gauges.put(
                id,
                List.of(
                        Gauge.builder(
                                        "handoff.feed.behind",
                                        sender,
                                        each -> each.state().recordsBehind())
                                .description(
                                        "Records of the log that the feed has yet to process, in this process's partitions")
                                .tag("feed", id)
                                .register(registry),
                        Gauge.builder("handoff.feed.waiting", sender, this::waitingSeconds)
                                .description("Age of the oldest entry that the feed's receiver has not accepted")
                                .baseUnit("seconds")
                                .tag("feed", id)
                                .register(registry)));
    }

    private double waitingSeconds(FeedSender sender) {
        return sender.state()
                .waitsSince()
                .map(since ->
                        Math.max(0, Duration.between(since, clock.instant()).toSeconds()))
                .orElse(0L);
    }

    void hide(String id) {
        List<Meter> shown = gauges.remove(id);
        if (shown != null) {
            shown.forEach(registry::remove);
        }
    }

    void sent(String id, boolean taken) {
        registry.counter("handoff.feed.webhooks", "feed", id, "outcome", taken ? "taken" : "failed")
                .increment();
    }
}
