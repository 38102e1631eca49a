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
 * The spans of one service, or none. OpenTelemetry's own configuration is ignored: environment variables {@code OTEL_…} have no effect, there
 * is no automatic instrumentation, and trace contexts sent by clients or brokers are not read.
 */
public final class Tracing implements AutoCloseable {
    /** No tracing. */
    public static final Tracing OFF = new Tracing(Optional.empty());

    private static final Duration EXPORT_LIMIT = Duration.ofSeconds(5);
    private static final Duration EXPORT_PERIOD = Duration.ofSeconds(1);
    private static final int MOST_WAITING = 8192;

    /** OpenTelemetry logs all responses of a collector here; the exporter counts and reports them instead. Referenced strongly. */
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
     * @param collector URL of OTLP over HTTP, without the path
     * @param service such as {@code router}
     * @param installation distinguishes the services of several installations
     * @param meters counts the spans sent and lost
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
                // Rejected spans are lost: retries would delay, and lose, later ones.
                .setRetryPolicy(null)
                .build();
    }

    /** Starts a trace. */
    public TracedSpan begin(Operation operation) {
        return begin(operation, Optional.empty());
    }

    /** Starts a trace that refers to the span {@code link} of another one. */
    public TracedSpan begin(Operation operation, Optional<TraceLink> link) {
        return tracer.map(with -> TracedSpan.root(with, operation, link)).orElse(TracedSpan.NONE);
    }

    /** Whether anything is traced. */
    public boolean on() {
        return tracer.isPresent();
    }

    /** Flushes, within some seconds. */
    void flush() {
        provider.ifPresent(spans -> spans.forceFlush().join(EXPORT_LIMIT.toSeconds(), TimeUnit.SECONDS));
    }

    /** Flushes, within some seconds, and closes. */
    @Override
    public void close() {
        provider.ifPresent(spans -> spans.shutdown().join(EXPORT_LIMIT.toSeconds(), TimeUnit.SECONDS));
    }
}
