package org.brokerhandoff.kafkaui;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.EventJson;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;

/** What is shown of a record: its event and no byte else. What is no event is named by its length. Throws nothing. Pure, thread-safe. */
final class ShownRecords {
    /** Ids of brokers, ledgers and events. */
    private static final Pattern TEXT_KEY = Pattern.compile("[A-Za-z0-9._/:+-]{1,300}");

    private static final int VARIANT_BYTE = 8;

    private final EventCodec codec;

    ShownRecords(EventCodec codec) {
        this.codec = codec;
    }

    /** The id that a record is keyed by: a signup's or visitor's as UUID, others as they are. */
    String key(byte @Nullable [] key) {
        if (key == null) {
            return "no key";
        }
        // No text of ours has the bit that every UUID of RFC 9562 has there.
        if (key.length == SignupIds.LENGTH_BYTES && key[VARIANT_BYTE] < 0) {
            UUID id = SignupIds.uuid(key);
            return id.variant() == 2 ? id.toString() : unknownKey(key);
        }
        String text = new String(key, StandardCharsets.UTF_8);
        return TEXT_KEY.matcher(text).matches() ? text : unknownKey(key);
    }

    private static String unknownKey(byte[] key) {
        return "not an id, " + key.length + " bytes";
    }

    /** The event as JSON: {@code type, id, data}; or why there is none, in a member {@code unreadable}. */
    String value(Topic topic, byte @Nullable [] value) {
        if (value == null) {
            return unreadable("it has no value");
        }
        Decoded decoded = codec.decode(value);
        if (decoded instanceof Decoded.UnknownSchema unknown) {
            return unreadable(
                    String.format(Locale.ROOT, "its schema, fingerprint %016x, is not known", unknown.fingerprint()));
        }
        if (!(decoded instanceof Decoded.Event known)) {
            return unreadable("it is not an event, or is damaged, of " + value.length + " bytes");
        }
        try {
            return shown(topic, known.event());
        } catch (RuntimeException e) {
            // The user interface shows the bytes as text where a serde throws.
            return unreadable("its event cannot be shown");
        }
    }

    private String shown(Topic topic, SpecificRecord event) {
        String name = event.getSchema().getName();
        if (!topic.recordTypes().contains(event.getClass())) {
            return unreadable(name + " is not allowed in this topic");
        }
        try {
            // Kinds of texts are checked when an event is encoded: a foreign producer may have written it.
            byte[] unused = codec.encode(event);
        } catch (IllegalArgumentException e) {
            return unreadable(e.getMessage());
        }
        ObjectNode data = EventJson.of(event);
        if (topic.inLog() && !topic.kept()) {
            seal(event, data);
        }
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", event.getSchema().getFullName())
                .put("id", EventId.of(event));
        json.set("data", data);
        return json.toString();
    }

    /** Puts a word in the place of bytes, which in these topics are ciphertext. */
    private static void seal(IndexedRecord record, ObjectNode data) {
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = record.get(field.pos());
            if (value instanceof ByteBuffer bytes) {
                data.put(field.name(), "sealed, " + bytes.remaining() + " bytes");
            } else if (value instanceof IndexedRecord inner && data.get(field.name()) instanceof ObjectNode innerData) {
                seal(inner, innerData);
            }
        }
    }

    private static String unreadable(@Nullable String reason) {
        return JsonNodeFactory.instance.objectNode().put("unreadable", reason).toString();
    }
}
