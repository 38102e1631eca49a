package org.brokerhandoff.operations.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A span in progress, or {@link #NONE}. Thread-safe. It is passed explicitly and never bound to a thread: the work of many signups shares
 * each event loop.
 */
public final class TracedSpan {
    /** No tracing: every method does nothing. */
    public static final TracedSpan NONE = new TracedSpan(Optional.empty(), Span.getInvalid());

    private final Optional<Tracer> tracer;
    private final Span span;

    private TracedSpan(Optional<Tracer> tracer, Span span) {
        this.tracer = tracer;
        this.span = span;
    }

    static TracedSpan root(Tracer tracer, Operation operation, Optional<TraceLink> link) {
        SpanBuilder builder = builder(tracer, operation).setNoParent();
        link.ifPresent(to -> builder.addLink(to.context()));
        return new TracedSpan(Optional.of(tracer), builder.startSpan());
    }

    private static SpanBuilder builder(Tracer tracer, Operation operation) {
        return tracer.spanBuilder(operation.spanName()).setSpanKind(operation.kind());
    }

    /** A child span that starts now. This span may have ended already. */
    public TracedSpan child(Operation operation) {
        return child(operation, Optional.empty());
    }

    /** A child span that started at {@code startedAt}. */
    public TracedSpan child(Operation operation, Instant startedAt) {
        return child(operation, Optional.of(startedAt));
    }

    private TracedSpan child(Operation operation, Optional<Instant> startedAt) {
        return tracer.map(with -> {
                    SpanBuilder builder =
                            builder(with, operation).setParent(Context.root().with(span));
                    startedAt.ifPresent(builder::setStartTimestamp);
                    return new TracedSpan(tracer, builder.startSpan());
                })
                .orElse(NONE);
    }

    /** Adds an attribute. */
    public TracedSpan with(Attribute attribute) {
        if (attribute.value() instanceof Long number) {
            span.setAttribute(attribute.key(), number);
        } else if (attribute.value() instanceof String text) {
            span.setAttribute(attribute.key(), text);
        }
        return this;
    }

    /** Marks the span as failed, without details, since messages of exceptions may quote their input. */
    public TracedSpan failed() {
        span.setStatus(StatusCode.ERROR);
        return this;
    }

    /** Ends the span. */
    public void end() {
        span.end();
    }

    /** {@code stage}; ends the span with it, as failed if it fails. */
    public <T> CompletionStage<T> until(CompletionStage<T> stage) {
        return tracer.isEmpty()
                ? stage
                : stage.whenComplete((result, failure) -> (failure == null ? this : failed()).end());
    }

    /** A link to this span for another process; empty if nothing is traced. */
    public Optional<TraceLink> link() {
        return tracer.flatMap(with -> TraceLink.to(span.getSpanContext()));
    }
}
