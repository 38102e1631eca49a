package org.brokerhandoff.router.mapping;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the values of a person stand in the person's JSON. Values are found, not read: the parser skips over strings without decoding
 * them, so nothing of them is in its buffers.
 */
final class PersonSlices {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Slice> members = new HashMap<>();

    private PersonSlices() {}

    /**
     * Bytes of a JSON string, still escaped, without its quotation marks.
     *
     * @param from index of the first
     * @param to index behind the last
     */
    record Slice(int from, int to) {
        boolean isEmpty() {
            return from == to;
        }
    }

    /**
     * The slices of the person in the first {@code length} bytes.
     *
     * @throws IllegalStateException if they are not a JSON object; the message quotes nothing
     */
    static PersonSlices find(byte[] json, int length) {
        PersonSlices slices = new PersonSlices();
        try (JsonParser parser = JSON.createParser(json, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notPerson();
            }
            slices.members(parser, "", json, length);
            return slices;
        } catch (IOException e) {
            // Not chained: Jackson's message quotes the input.
            throw notPerson();
        }
    }

    /** A string member, {@code extra.NAME} for one of {@code extra}. */
    Optional<Slice> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    private void members(JsonParser parser, String path, byte[] json, int length) throws IOException {
        String name;
        while ((name = parser.nextFieldName()) != null) {
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_STRING) {
                int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
                members.put(path + name, new Slice(from, endOfString(json, from, length)));
            } else if (value == JsonToken.START_OBJECT && path.isEmpty() && name.equals("extra")) {
                members(parser, "extra.", json, length);
            } else {
                parser.skipChildren();
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw notPerson();
        }
    }

    private static int endOfString(byte[] json, int from, int length) {
        for (int i = from; i < length; i++) {
            if (json[i] == '\\') {
                i++;
            } else if (json[i] == '"') {
                return i;
            }
        }
        throw notPerson();
    }

    private static IllegalStateException notPerson() {
        return new IllegalStateException("the sealed bytes are not a person's JSON");
    }
}
