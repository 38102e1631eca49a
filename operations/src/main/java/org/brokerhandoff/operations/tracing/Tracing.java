package org.brokerhandoff.operations.tracing;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The spans of one service, or none. Nothing of OpenTelemetry's own is configured: environment variables {@code OTEL_…} have no effect,
 * nothing is instrumented by itself, and a trace context that a client or broker sends is not read.
 */
public final class Tracing implements AutoCloseable {
    /** Where nothing is traced. */
    public static final Tracing OFF = new Tracing(Optional.empty());

    private static final Duration EXPORT_LIMIT = Duration.ofSeconds(5);
    private static final Duration EXPORT_PERIOD = Duration.ofSeconds(1);
    private static final int MOST_WAITING = 8192;

    /** OpenTelemetry logs here whatever a collector answers; the exporter counts and says it in this project's way instead. Kept strongly. */
    private static final Logger LIBRARY_LOG = Logger.getLogger("io.opentelemetry");

    private final Optional<SdkTracerProvider> provider;
    private final Optional<Tracer> tracer;

    private Tracing(Optional<SdkTracerProvider> provider) {
        this.provider = provider;
        this.tracer = provider.map(spans -> spans.get("org.brokerhandoff"));
    }

    /**
     * Tracing to {@code collector}, if there is one.
     *
     * @param collector where OTLP is taken over HTTP, without the path
     * @param service such as {@code router}
     * @param installation tells the services of several installations apart
     * @param meters counts the spans that were sent and that were lost
     */
    public static Tracing of(Optional<URI> collector, String service, String installation, MeterRegistry meters) {
        return collector
                .map(address -> to(exporter(address), service, installation, meters))
                .orElse(OFF);
    }

    static Tracing to(SpanExporter exporter, String service, String installation, MeterRegistry meters) {
        LIBRARY_LOG.setLevel(Level.OFF);
        return new Tracing(Optional.of(SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        service,
                        AttributeKey.stringKey("service.namespace"),
                        installation)))
                .addSpanProcessor(BatchSpanProcessor.builder(new CountedExporter(exporter, meters))
                        .setScheduleDelay(EXPORT_PERIOD)
                        .setExporterTimeout(EXPORT_LIMIT)
                        .setMaxQueueSize(MOST_WAITING)
                        .build())
                .build()));
    }

    private static SpanExporter exporter(URI collector) {
        return OtlpHttpSpanExporter.builder()
                .setEndpoint(collector.resolve("/v1/traces").toString())
                .setTimeout(EXPORT_LIMIT)
                // What a collector does not take is lost: spans that are tried again would make later ones wait, and be
                // lost.
                .setRetryPolicy(null)
                .build();
    }

    /** Begins a trace. */
    public TracedSpan begin(Operation operation) {
        return begin(operation, Optional.empty());
    }

    /** Begins a trace that refers to the span {@code link} of another one. */
    public TracedSpan begin(Operation operation, Optional<TraceLink> link) {
        return tracer.map(with -> TracedSpan.root(with, operation, link)).orElse(TracedSpan.NONE);
    }

    /** Whether anything is traced. */
    public boolean on() {
        return tracer.isPresent();
    }

    /** Sends what waits, for some seconds at most. */
    void flush() {
        provider.ifPresent(spans -> spans.forceFlush().join(EXPORT_LIMIT.toSeconds(), TimeUnit.SECONDS));
    }

    /** Sends what waits, for some seconds at most, and ends. */
    @Override
    public void close() {
        provider.ifPresent(spans -> spans.shutdown().join(EXPORT_LIMIT.toSeconds(), TimeUnit.SECONDS));
    }
}
