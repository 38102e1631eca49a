package org.brokerhandoff.operations.tracing;

import io.opentelemetry.api.trace.SpanKind;

/** The only names of spans. */
public enum Operation {
    /** Ingest: a request with a person, from its arrival to the response. */
    SIGNUP("signup", SpanKind.SERVER),
    /** Ingest: a key is created and held, until it is durable. */
    HOLD("hold", SpanKind.INTERNAL),
    /** Ingest: the evidence of the consent, until Kafka acknowledges it. */
    PUBLISH_CONSENT("publish consent", SpanKind.PRODUCER),
    /** Ingest: the sealed signup, until Kafka acknowledges it. */
    PUBLISH_SIGNUP("publish signup", SpanKind.PRODUCER),
    /** Router: a sealed record, from its start until it is finished, parked or abandoned. Starts a separate trace. */
    HANDOFF("handoff", SpanKind.CONSUMER),
    /** Router: a decision for a broker, or that there is none, until Kafka acknowledges it. */
    DECIDE("decide", SpanKind.PRODUCER),
    /** Router: any other fact about the signup, until Kafka acknowledges it. */
    RECORD("record", SpanKind.PRODUCER),
    /** Router: the slot records which broker comes next, until that is durable. */
    OFFER("offer", SpanKind.INTERNAL),
    /** Router: one exchange with a broker. */
    ATTEMPT("attempt", SpanKind.CLIENT),
    /** Router: the key is overwritten, until its absence is read back. */
    ERASE("erase", SpanKind.INTERNAL),
    /** Router: from the destruction of the key until Kafka acknowledges the purge. */
    PURGE("purge", SpanKind.PRODUCER);

    private final String spanName;
    private final SpanKind kind;

    Operation(String spanName, SpanKind kind) {
        this.spanName = spanName;
        this.kind = kind;
    }

    /** The name shown by collectors. */
    public String spanName() {
        return spanName;
    }

    SpanKind kind() {
        return kind;
    }
}
