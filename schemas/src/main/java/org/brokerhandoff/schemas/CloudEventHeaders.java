package org.brokerhandoff.schemas;

/**
 * Names of the record headers that carry CloudEvents 1.0 attributes in Kafka's binary content mode.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka Protocol
 *     Binding for CloudEvents, 3.2</a>
 */
public final class CloudEventHeaders {
    /** Version of the specification, always {@code 1.0}. */
    public static final String SPECVERSION = "ce_specversion";
    /** Deterministic id of the event: the same fact published again has the same id. */
    public static final String ID = "ce_id";
    /** The installation, and the service of it that published the event, such as {@code /handoff/ingest}. */
    public static final String SOURCE = "ce_source";
    /** Full name of the record type. */
    public static final String TYPE = "ce_type";
    /** When the event was published, RFC 3339. */
    public static final String TIME = "ce_time";
    /** What the event is about, and what its record is keyed by: a signup's or visitor's id, a broker's, or a ledger's origin. */
    public static final String SUBJECT = "ce_subject";
    /** The released schema that the event was written by, as {@link ReleasedSchemas#urn} names it. */
    public static final String DATASCHEMA = "ce_dataschema";
    /**
     * The span that a sealed record was published in, where spans are traced: of records that are purged alone.
     *
     * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/distributed-tracing.md">Distributed Tracing
     *     extension</a>
     */
    public static final String TRACEPARENT = "ce_traceparent";
    /** Media type of the value. */
    public static final String CONTENT_TYPE = "content-type";
    /** Value of {@link #CONTENT_TYPE}. */
    public static final String AVRO_MEDIA_TYPE = "application/avro";

    private CloudEventHeaders() {}
}
