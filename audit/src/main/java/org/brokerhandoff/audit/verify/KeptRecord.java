package org.brokerhandoff.audit.verify;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.eventlog.EventEnvelope;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.MalformedEntry;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/**
 * One record of a kept topic.
 *
 * @param topic its topic
 * @param stored the record in Kafka, with its position
 * @param appendedByBroker whether the append time was set by the Kafka broker, not the producer
 * @param content what the value contains
 */
public record KeptRecord(Topic topic, Leaf.Present stored, boolean appendedByBroker, Content content) {
    /**
     * What a value contains.
     *
     * @param decoded the event, if it could be read
     * @param foreign the field whose text violates its schema's kind, described without quoting it
     * @param exact whether the value contains nothing but the event
     */
    public record Content(Decoded decoded, Optional<String> foreign, boolean exact) {
        static Content of(byte[] value, EventCodec codec) {
            Decoded decoded = codec.decode(value);
            if (!(decoded instanceof Decoded.Event known)) {
                return new Content(decoded, Optional.empty(), true);
            }
            try {
                // The codec checks the kinds of texts when it encodes, so what a foreign producer wrote is encoded
                // again.
                byte[] again = codec.encode(known.event());
                // An older schema encodes it differently.
                return new Content(decoded, Optional.empty(), Arrays.equals(again, value) || codec.isExact(value));
            } catch (IllegalArgumentException e) {
                return new Content(decoded, Optional.ofNullable(e.getMessage()), codec.isExact(value));
            }
        }
    }

    /** Reads a record from Kafka. */
    public static KeptRecord of(Topic topic, Leaf.Present stored, boolean appendedByBroker, EventCodec codec) {
        return new KeptRecord(
                topic,
                stored,
                appendedByBroker,
                stored.value()
                        .map(value -> Content.of(value, codec))
                        .orElseGet(() -> new Content(new Decoded.Undecodable(), Optional.empty(), true)));
    }

    /** Writes the record to a state, for {@link #restored}. */
    void save(DataOutputStream out) throws IOException {
        byte[] leaf = stored.encode();
        out.writeBoolean(appendedByBroker);
        out.writeInt(leaf.length);
        out.write(leaf);
    }

    /** A record that {@link #save} has written. */
    static KeptRecord restored(DataInputStream in, EventCodec codec) throws IOException {
        boolean appendedByBroker = in.readBoolean();
        try {
            Leaf.Present leaf = (Leaf.Present) Leaf.decode(in.readNBytes(in.readInt()));
            Topic topic = Topic.inLedger().stream()
                    .filter(each -> each.baseName().equals(leaf.place().topic()))
                    .findFirst()
                    .orElseThrow();
            return of(topic, leaf, appendedByBroker, codec);
        } catch (MalformedEntry e) {
            throw new IOException(e);
        }
    }

    /** A record that was read and judged individually before: only its position, key and event are known. */
    static KeptRecord again(
            Topic topic, int partition, long offset, byte[] key, Optional<byte[]> value, Decoded decoded) {
        return new KeptRecord(
                topic,
                new Leaf.Present(
                        new Leaf.Place(topic.baseName(), partition, offset),
                        Instant.EPOCH,
                        Optional.of(key),
                        List.of(),
                        value),
                true,
                new Content(decoded, Optional.empty(), true));
    }

    /** The partition. */
    public int partition() {
        return stored.place().partition();
    }

    /** The offset in it. */
    public long offset() {
        return stored.place().offset();
    }

    /** When it was appended. */
    public Instant appendedAt() {
        return stored.appendedAt();
    }

    /** The record key, if it is the 16 bytes of a signup id. */
    public Optional<UUID> keyedSignup() {
        return stored.key().filter(key -> key.length == SignupIds.LENGTH_BYTES).map(SignupIds::uuid);
    }

    /** CloudEvents id, if there is one. */
    public Optional<String> eventId() {
        return EventEnvelope.header(stored.headers(), CloudEventHeaders.ID);
    }

    /** CloudEvents type, if there is one. */
    public Optional<String> eventType() {
        return EventEnvelope.header(stored.headers(), CloudEventHeaders.TYPE);
    }

    /** CloudEvents source, the installation and the service that published it, if there is one. */
    public Optional<String> source() {
        return EventEnvelope.header(stored.headers(), CloudEventHeaders.SOURCE);
    }

    /** The content, if it could be read. */
    public Decoded decoded() {
        return content.decoded();
    }

    /** The event, if the value is one, allowed in its topic, and its texts match their schema's kinds. */
    public Optional<SpecificRecord> event() {
        return decoded() instanceof Decoded.Event known
                        && topic.recordTypes().contains(known.event().getClass())
                        && content.foreign().isEmpty()
                ? Optional.of(known.event())
                : Optional.empty();
    }

    /** The record's position, such as {@code handoffs-3@1042}. */
    public String place() {
        return topic.name("") + "-" + partition() + "@" + offset();
    }

    /** Prints the position only, never content. */
    @Override
    public String toString() {
        return place();
    }
}
