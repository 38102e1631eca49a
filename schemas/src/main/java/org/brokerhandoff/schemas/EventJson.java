package org.brokerhandoff.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON for people and programs that do not read Avro: an object with a member for each field of the schema, in its order, and
 * {@code null} where there is no value. Ids are UUIDs, digests hexadecimal, moments RFC 3339 in UTC with milliseconds, days ISO 8601,
 * bytes base64, constants their names. Described in {@code docs/reading-the-log.md}.
 */
public final class EventJson {
    private static final DateTimeFormatter TO_THE_MILLISECOND = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private EventJson() {}

    /** The content of {@code event}. */
    public static ObjectNode of(SpecificRecord event) {
        return object(event);
    }

    /** A moment as events have it in JSON. */
    public static String moment(Instant at) {
        return TO_THE_MILLISECOND.format(at);
    }

    private static ObjectNode object(IndexedRecord record) {
        ObjectNode object = NODES.objectNode();
        for (Schema.Field field : record.getSchema().getFields()) {
            object.set(field.name(), node(record.get(field.pos())));
        }
        return object;
    }

    private static JsonNode node(@Nullable Object value) {
        if (value == null) {
            return NODES.nullNode();
        } else if (value instanceof IndexedRecord record) {
            return object(record);
        } else if (value instanceof Collection<?> values) {
            ArrayNode array = NODES.arrayNode();
            values.forEach(each -> array.add(node(each)));
            return array;
        } else if (value instanceof GenericFixed fixed) {
            return NODES.textNode(fixed(fixed.bytes()));
        } else if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return NODES.textNode(Base64.getEncoder().encodeToString(copy));
        } else if (value instanceof Instant moment) {
            return NODES.textNode(moment(moment));
        } else if (value instanceof Boolean bool) {
            return NODES.booleanNode(bool);
        } else if (value instanceof Integer number) {
            return NODES.numberNode(number);
        }
        return value instanceof Long number ? NODES.numberNode(number) : NODES.textNode(value.toString());
    }

    private static String fixed(byte[] bytes) {
        return bytes.length == SignupIds.LENGTH_BYTES
                ? SignupIds.uuid(bytes).toString()
                : HexFormat.of().formatHex(bytes);
    }
}
