package org.brokerhandoff.operations.tracing;

import io.opentelemetry.api.trace.SpanKind;

/** What a span is of: there are no other names. */
public enum Operation {
    /** Ingest: a request with a person, from its entry to the answer. */
    SIGNUP("signup", SpanKind.SERVER),
    /** Ingest: a key is made and held, until it is on the disk. */
    HOLD("hold", SpanKind.INTERNAL),
    /** Ingest: the evidence of the consent, until Kafka acknowledges it. */
    PUBLISH_CONSENT("publish consent", SpanKind.PRODUCER),
    /** Ingest: the sealed signup, until Kafka acknowledges it. */
    PUBLISH_SIGNUP("publish signup", SpanKind.PRODUCER),
    /** Router: a sealed record, from when it is taken up until it is finished, parked or left. Begins its own trace. */
    HANDOFF("handoff", SpanKind.CONSUMER),
    /** Router: a decision of which broker, or that there is none, until Kafka acknowledges it. */
    DECIDE("decide", SpanKind.PRODUCER),
    /** Router: any other fact about the signup, until Kafka acknowledges it. */
    RECORD("record", SpanKind.PRODUCER),
    /** Router: the slot is told which broker comes next, until that is on the disk. */
    OFFER("offer", SpanKind.INTERNAL),
    /** Router: one exchange with a broker. */
    ATTEMPT("attempt", SpanKind.CLIENT),
    /** Router: the key is overwritten, until it is read back as gone. */
    ERASE("erase", SpanKind.INTERNAL),
    /** Router: from the destruction of the key until Kafka acknowledges the purge. */
    PURGE("purge", SpanKind.PRODUCER);

    private final String spanName;
    private final SpanKind kind;

    Operation(String spanName, SpanKind kind) {
        this.spanName = spanName;
        this.kind = kind;
    }

    /** As collectors show it. */
    public String spanName() {
        return spanName;
    }

    SpanKind kind() {
        return kind;
    }
}
