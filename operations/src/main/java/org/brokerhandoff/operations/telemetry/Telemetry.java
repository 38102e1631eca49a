package org.brokerhandoff.operations.telemetry;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** The meter registry of one process, with meters of the JVM and of the process in it. */
public final class Telemetry implements AutoCloseable {

    private final PrometheusMeterRegistry registry;
    private final JvmGcMetrics garbageCollection;

    private Telemetry(PrometheusMeterRegistry registry, JvmGcMetrics garbageCollection) {
        this.registry = registry;
        this.garbageCollection = garbageCollection;
    }

    /**
     * Creates the registry and starts measuring.
     *
     * @param service value of the label {@code service} on every meter, so that one dashboard can hold several services
     */
    public static Telemetry start(String service) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().commonTags("service", service);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmInfoMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        AllocatedBytes.bindTo(registry);
        JvmGcMetrics garbageCollection = new JvmGcMetrics();
        garbageCollection.bindTo(registry);
        return new Telemetry(registry, garbageCollection);
    }

    /** The registry for the service's own meters. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Stops listening to the garbage collector and closes the registry. */
    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
