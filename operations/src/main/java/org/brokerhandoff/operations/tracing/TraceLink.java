package org.brokerhandoff.operations.tracing;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reference to a span of another process, as random ids without personal data.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context, traceparent</a>
 */
public record TraceLink(String traceparent) {
    private static final Pattern FORM =
            Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})");

    /** @throws IllegalArgumentException if {@code traceparent} does not have the form of version 00 */
    public TraceLink {
        if (!FORM.matcher(traceparent).matches()) {
            throw new IllegalArgumentException("not a traceparent");
        }
    }

    /** The link in an external text; empty if malformed, and nothing of it is quoted. */
    public static Optional<TraceLink> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new TraceLink(text)) : Optional.empty();
    }

    /** A link to the span of {@code context}. Never fails: tracing must not affect the traced work. */
    static Optional<TraceLink> to(SpanContext context) {
        return parse("00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex());
    }

    SpanContext context() {
        Matcher parts = FORM.matcher(traceparent);
        if (!parts.matches()) {
            throw new IllegalStateException("its form was checked on construction");
        }
        return SpanContext.createFromRemoteParent(
                parts.group(1), parts.group(2), TraceFlags.fromHex(parts.group(3), 0), TraceState.getDefault());
    }
}
