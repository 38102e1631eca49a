package org.brokerhandoff.eventlog;

import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.brokerhandoff.schemas.Decoded;

/**
 * A record was written by a newer version of a service, with an unknown schema. Skipping it would mean acting on less than what is recorded,
 * so a reader stops before it and continues after its own upgrade. Names the position and the schema; carries no content.
 */
public final class UnknownSchema extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private UnknownSchema(String topic, int partition, long offset, long fingerprint) {
        super(
                topic + "-" + partition + "@" + offset + " has schema "
                        + HexFormat.of().toHexDigits(fingerprint)
                        + ", which this version does not know; upgrade this service",
                null,
                false,
                false);
    }

    /** The consumed {@code record} has a schema that is {@code unknown}. */
    public static UnknownSchema at(ConsumerRecord<?, ?> record, Decoded.UnknownSchema unknown) {
        return new UnknownSchema(record.topic(), record.partition(), record.offset(), unknown.fingerprint());
    }

    /** Throws this exception if the schema of {@code received} is unknown. */
    public static void requireKnown(ReceivedEvent received) {
        if (received.decoded() instanceof Decoded.UnknownSchema unknown) {
            throw new UnknownSchema(
                    received.topic().name(""), received.partition(), received.offset(), unknown.fingerprint());
        }
    }

    /** The event in {@code received}, or this exception if its schema is unknown; empty if it is not an event. */
    public static Optional<Decoded.Event> known(ReceivedEvent received) {
        requireKnown(received);
        return received.decoded() instanceof Decoded.Event event ? Optional.of(event) : Optional.empty();
    }
}
