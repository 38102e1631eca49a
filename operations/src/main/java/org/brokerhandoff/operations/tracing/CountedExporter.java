package org.brokerhandoff.operations.tracing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts exported and lost spans, and logs once when the collector stops accepting, and once when it accepts again. */
final class CountedExporter implements SpanExporter {
    private static final Logger LOG = LoggerFactory.getLogger(CountedExporter.class);

    private final SpanExporter exporter;
    private final Counter sent;
    private final Counter lost;
    private final AtomicBoolean losing = new AtomicBoolean();

    CountedExporter(SpanExporter exporter, MeterRegistry meters) {
        this.exporter = exporter;
        this.sent = counter(meters, "sent");
        this.lost = counter(meters, "lost");
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("handoff.spans")
                .description("Spans by whether the collector accepted them")
                .tag("outcome", outcome)
                .register(meters);
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        CompletableResultCode result = exporter.export(spans);
        result.whenComplete(() -> counted(result.isSuccess(), count));
        return result;
    }

    private void counted(boolean success, int count) {
        (success ? sent : lost).increment(count);
        if (losing.compareAndSet(success, !success)) {
            if (success) {
                LOG.info("the collector accepts spans again");
            } else {
                LOG.warn("the collector accepts no spans; they are lost until it does, nothing else is affected");
            }
        }
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
