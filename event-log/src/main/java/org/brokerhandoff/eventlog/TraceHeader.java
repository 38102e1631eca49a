package org.brokerhandoff.eventlog;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.brokerhandoff.operations.tracing.TraceLink;
import org.brokerhandoff.schemas.CloudEventHeaders;

/** The header of a sealed record with the span that published it. */
public final class TraceHeader {
    private TraceHeader() {}

    static Header of(TraceLink link) {
        return new RecordHeader(
                CloudEventHeaders.TRACEPARENT, link.traceparent().getBytes(StandardCharsets.US_ASCII));
    }

    /** The span in {@code headers}; empty if absent or malformed. */
    public static Optional<TraceLink> in(Headers headers) {
        return Optional.ofNullable(headers.lastHeader(CloudEventHeaders.TRACEPARENT))
                .map(Header::value)
                .flatMap(value -> TraceLink.parse(new String(value, StandardCharsets.US_ASCII)));
    }
}
