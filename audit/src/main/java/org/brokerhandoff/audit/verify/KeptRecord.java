package org.brokerhandoff.audit.verify;

import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Topic;

/**
 * One record of a kept topic.
 *
 * @param topic the topic it stands in
 * @param partition the partition
 * @param offset the offset in it
 * @param keyedSignup the record key, if it is the 16 bytes of a signup id
 * @param eventId CloudEvents id, if there is one
 * @param eventType CloudEvents type, if there is one
 * @param decoded the content, if it could be read
 * @param foreignContent the field whose text is not of the kind that the schema names, in words that do not quote it
 */
public record KeptRecord(
        Topic topic,
        int partition,
        long offset,
        Optional<UUID> keyedSignup,
        Optional<String> eventId,
        Optional<String> eventType,
        Decoded decoded,
        Optional<String> foreignContent) {

    /** The event, if the value is one, its topic may hold it and its texts are of the kinds that its schema names. */
    public Optional<SpecificRecord> event() {
        return decoded instanceof Decoded.Event known
                        && topic.recordTypes().contains(known.event().getClass())
                        && foreignContent.isEmpty()
                ? Optional.of(known.event())
                : Optional.empty();
    }

    /** Where the record stands, such as {@code handoffs-3@1042}. */
    public String place() {
        return topic.name("") + "-" + partition + "@" + offset;
    }

    /** Names the place only; content is never printed. */
    @Override
    public String toString() {
        return place();
    }
}
