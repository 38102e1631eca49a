package org.brokerhandoff.ingest.accept;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Walks over a JSON body member by member. Wrong types become faults; only malformed JSON ends the walk, with {@link NotJson}.
 *
 * <p>The body is decoded into an array of our own, which {@link #close()} overwrites, and a person's values are copied behind it. Names do
 * not enter Jackson's symbol table: it lives as long as the factory, and a website that mixes up names and values would leave personal data
 * in it.
 */
final class JsonCursor implements AutoCloseable {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .recyclerPool(WipingBuffers.INSTANCE)
            .disable(com.fasterxml.jackson.core.StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxNumberLength(64)
                    .build())
            .build();

    private static final int MOST_CHARACTERS = 16 * 1024;

    /** Reads the value of one member. */
    interface MemberReader {
        /** Reads the value of {@code name}, or reports that no such member exists, without having read its value. */
        boolean read(String name) throws IOException;
    }

    /** The body is not JSON in UTF-8. Has no message and no cause: Jackson's quote the body. */
    static final class NotJson extends Exception {
        private static final long serialVersionUID = 1L;

        NotJson() {
            super(null, null, false, false);
        }
    }

    /** One per thread: the garbage collector does not move a long-lived array, which would leave a copy behind. */
    private static final ThreadLocal<char[]> OWN = ThreadLocal.withInitial(() -> new char[2 * MOST_CHARACTERS]);

    private final char[] characters;
    private int used;
    private final JsonParser parser;
    private final Faults faults;

    private JsonCursor(char[] characters, int length, Faults faults) throws IOException {
        this.characters = characters;
        this.used = length;
        this.parser = FACTORY.createParser(characters, 0, length);
        this.faults = faults;
    }

    /** At most one at a time in a thread. */
    static JsonCursor open(byte[] body, int length, Faults faults) throws NotJson {
        // UTF-8 has no more characters than bytes, and values no more than the body.
        char[] characters = length <= MOST_CHARACTERS ? OWN.get() : new char[2 * length];
        CharBuffer decoded = CharBuffer.wrap(characters);
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            var result = decoder.decode(ByteBuffer.wrap(body, 0, length), decoded, true);
            if (result.isError()) {
                result.throwException();
            }
            return new JsonCursor(characters, decoded.position(), faults);
        } catch (CharacterCodingException e) {
            Arrays.fill(characters, '\0');
            throw new NotJson();
        } catch (IOException e) {
            Arrays.fill(characters, '\0');
            throw new NotJson();
        }
    }

    /** Reads the body, which must be one object. */
    void readBody(String known, MemberReader reader) throws NotJson {
        try {
            parser.nextToken();
            object("", known, reader);
            if (parser.nextToken() != null) {
                throw new NotJson();
            }
        } catch (IOException e) {
            throw new NotJson();
        }
    }

    /**
     * Reads an object whose first token is the current one.
     *
     * @param known the allowed names, for messages
     */
    void object(String pointer, String known, MemberReader reader) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            if (parser.currentToken() == null) {
                throw new IOException("no content");
            }
            faults.add(pointer, "not-an-object", "must be an object with " + known);
            parser.skipChildren();
            return;
        }
        List<String> seen = new ArrayList<>(8);
        for (int member = 1; parser.nextToken() == JsonToken.FIELD_NAME; member++) {
            String name = parser.currentName();
            parser.nextToken();
            if (seen.contains(name)) {
                faults.add(pointer, "duplicate-member", "member " + member + " has the name of an earlier one");
                parser.skipChildren();
                continue;
            }
            // Bounded, so that a body of thousands of members does not cost a quadratic comparison.
            if (seen.size() < 64) {
                seen.add(name);
            }
            if (!reader.read(name)) {
                faults.add(pointer, "unknown-member", "member " + member + " is not one of " + known);
                parser.skipChildren();
            }
        }
    }

    /** The current value, which must be a string. */
    Optional<String> text(String pointer) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return Optional.of(parser.getText());
        }
        faults.add(pointer, "not-a-string", "must be a string");
        parser.skipChildren();
        return Optional.empty();
    }

    /** The current value, which must be a string and is personal data: valid until {@link #close()}. */
    Optional<ClearText> clearText(String pointer) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            int length = parser.getTextLength();
            System.arraycopy(parser.getTextCharacters(), parser.getTextOffset(), characters, used, length);
            ClearText text = new ClearText(characters, used, length);
            used += length;
            return Optional.of(text);
        }
        faults.add(pointer, "not-a-string", "must be a string");
        parser.skipChildren();
        return Optional.empty();
    }

    /** The current value, which must be a boolean. */
    Optional<Boolean> truth(String pointer) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_TRUE || parser.currentToken() == JsonToken.VALUE_FALSE) {
            return Optional.of(parser.currentToken() == JsonToken.VALUE_TRUE);
        }
        faults.add(pointer, "not-a-boolean", "must be true or false");
        parser.skipChildren();
        return Optional.empty();
    }

    /** The current value, which must be an integer without fraction or exponent. */
    Optional<Integer> wholeNumber(String pointer) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() == JsonParser.NumberType.INT) {
            return Optional.of(parser.getIntValue());
        }
        faults.add(pointer, "not-a-whole-number", "must be a whole number");
        parser.skipChildren();
        return Optional.empty();
    }

    /** The current value, which must be an array of strings; faulty elements are omitted. */
    Optional<List<String>> texts(String pointer) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            faults.add(pointer, "not-an-array", "must be an array of strings");
            parser.skipChildren();
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            text(pointer + "/" + index).ifPresent(texts::add);
        }
        return Optional.of(texts);
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw new IllegalStateException("a parser of characters has nothing to close", e);
        } finally {
            Arrays.fill(characters, 0, used, '\0');
        }
    }
}
