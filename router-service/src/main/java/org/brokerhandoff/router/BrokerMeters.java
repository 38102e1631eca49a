package org.brokerhandoff.router;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import org.brokerhandoff.router.deliver.BrokerGuards;

/** Metrics of the guards of each broker; the broker's id is the only label. */
final class BrokerMeters {
    private BrokerMeters() {}

    /** Shows one broker. */
    static void bind(MeterRegistry meters, String broker, Supplier<BrokerGuards> guards) {
        gauge(meters, broker, guards, "handoff.broker.breaker", BrokerGuards::breakerState);
        gauge(
                meters,
                broker,
                guards,
                "handoff.broker.suspended",
                (all, id) -> all.of(id).suspended() ? 1 : 0);
        gauge(meters, broker, guards, "handoff.broker.starts.left", BrokerGuards::startsLeft);
        gauge(meters, broker, guards, "handoff.broker.places.left", BrokerGuards::placesLeft);
    }

    private static void gauge(
            MeterRegistry meters,
            String broker,
            Supplier<BrokerGuards> guards,
            String name,
            ToDoubleBiFunction<BrokerGuards, String> value) {
        Gauge.builder(name, guards, all -> value.applyAsDouble(all.get(), broker))
                .tag("broker", broker)
                .strongReference(true)
                .register(meters);
    }
}
