package org.brokerhandoff.eventlog;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/**
 * A record of the event log for readers.
 *
 * @param topic the topic
 * @param partition the partition
 * @param offset the offset in it
 * @param appendedAt the broker's clock at the append
 * @param eventId CloudEvents id, the same for a repeat of the same fact; absent in a foreign record
 * @param decoded the content, if it could be read
 */
public record ReceivedEvent(
        Topic topic, int partition, long offset, Instant appendedAt, Optional<String> eventId, Decoded decoded) {
    /** Reads a consumed record. */
    public static ReceivedEvent of(Topic topic, ConsumerRecord<byte[], byte[]> record, EventCodec codec) {
        byte[] value = record.value();
        return new ReceivedEvent(
                topic,
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                Optional.ofNullable(record.headers().lastHeader(CloudEventHeaders.ID))
                        .map(Header::value)
                        .map(id -> new String(id, StandardCharsets.UTF_8)),
                value == null ? new Decoded.Undecodable() : codec.decode(value));
    }

    /** Prints the position only, never content. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
