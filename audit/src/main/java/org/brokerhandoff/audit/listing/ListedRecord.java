package org.brokerhandoff.audit.listing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.eventlog.EventEnvelope;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.EventJson;
import org.brokerhandoff.schemas.Topic;

/**
 * One record for display.
 *
 * @param topic its topic
 * @param partition the partition
 * @param offset its offset in the partition
 * @param appendedAt when Kafka appended it
 * @param keyedSignup the id of the signup or visitor in its key, if the key has that form
 * @param content the event, or why there is none
 */
public record ListedRecord(
        Topic topic, int partition, long offset, Instant appendedAt, Optional<UUID> keyedSignup, Content content) {
    /** Content of a record. */
    public sealed interface Content {}

    /**
     * An event. Id, type and subject are taken from its content, not from its headers, which another program may have written; source and
     * time are the headers', if they have a publisher's form.
     *
     * @param id CloudEvents id
     * @param type full name of the record type
     * @param source installation and service
     * @param time when it was published
     * @param subject its subject
     * @param data its fields
     */
    public record Event(
            String id,
            String type,
            Optional<String> source,
            Optional<String> time,
            Optional<String> subject,
            ObjectNode data)
            implements Content {
        /** The type's name without its namespace. */
        public String name() {
            return type.substring(type.lastIndexOf('.') + 1);
        }
    }

    /**
     * Nothing that may be shown.
     *
     * @param reason why, without quoting the content
     */
    public record Unreadable(String reason) implements Content {}

    /** The display form of {@code record}. */
    public static ListedRecord of(KeptRecord record) {
        return new ListedRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.appendedAt(),
                record.keyedSignup(),
                record.event()
                        .<Content>map(event -> event(event, record))
                        .orElseGet(() -> new Unreadable(reason(record))));
    }

    private static Event event(SpecificRecord event, KeptRecord record) {
        return new Event(
                EventId.of(event),
                event.getSchema().getFullName(),
                record.source().filter(source -> EventEnvelope.service(source).isPresent()),
                EventEnvelope.header(record.stored().headers(), CloudEventHeaders.TIME)
                        .filter(ListedRecord::isTime),
                EventEnvelope.subject(event),
                EventJson.of(event));
    }

    private static boolean isTime(String text) {
        try {
            return Instant.parse(text).toString().equals(text);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static String reason(KeptRecord record) {
        if (record.decoded() instanceof Decoded.UnknownSchema unknown) {
            return String.format(Locale.ROOT, "its schema, fingerprint %016x, is not known", unknown.fingerprint());
        } else if (record.decoded() instanceof Decoded.Event known) {
            return record.content()
                    .foreign()
                    .orElseGet(() -> known.event().getSchema().getName() + " is not allowed in this topic");
        }
        return "it is not an event, or is damaged";
    }

    /** Its position, such as {@code handoffs-3@1042}. */
    public String place() {
        return topic.baseName() + "-" + partition + "@" + offset;
    }

    /** The JSON form: position, then the event or why it cannot be read. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("topic", topic.baseName())
                .put("partition", partition)
                .put("offset", offset)
                .put("appendedAt", EventJson.moment(appendedAt));
        if (content instanceof Event event) {
            json.put("id", event.id())
                    .put("type", event.type())
                    .put("source", event.source().orElse(null))
                    .put("time", event.time().orElse(null))
                    .put("subject", event.subject().orElse(null))
                    .set("data", event.data());
        } else if (content instanceof Unreadable unreadable) {
            json.put("unreadable", unreadable.reason());
        }
        return json;
    }

    /** Prints the position only. */
    @Override
    public String toString() {
        return place();
    }
}
