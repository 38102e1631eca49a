package org.brokerhandoff.ingest.accept;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Objects;

/**
 * Characters of a person's value: a slice of an array that is overwritten once the request has been read, which is impossible for a string.
 * Valid until then.
 *
 * <p>Does not print: {@link #toString} breaks the contract of {@link CharSequence}, so that no string is created by accident; {@link #copy}
 * creates one deliberately.
 */
final class ClearText implements CharSequence {
    private final char[] characters;
    private final int from;
    private final int length;

    /** {@code length} characters of the array from {@code from}; the caller keeps the array. */
    ClearText(char[] characters, int from, int length) {
        this.characters = characters;
        this.from = from;
        this.length = length;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        return characters[from + Objects.checkIndex(index, length)];
    }

    @Override
    public ClearText subSequence(int start, int end) {
        Objects.checkFromToIndex(start, end, length);
        return new ClearText(characters, from + start, end - start);
    }

    /** A copy as a string, which cannot be wiped: for libraries that accept nothing else. */
    static String copy(CharSequence text) {
        return text instanceof ClearText clear
                ? new String(clear.characters, clear.from, clear.length)
                : text.toString();
    }

    /** Writes {@code text}, of either kind, as a JSON string. */
    static void write(JsonGenerator json, CharSequence text) throws IOException {
        if (text instanceof ClearText clear) {
            clear.writeTo(json);
        } else {
            json.writeString(text.toString());
        }
    }

    /** Writes it as a JSON string. */
    void writeTo(JsonGenerator json) throws IOException {
        json.writeString(characters, from, length);
    }

    @Override
    public String toString() {
        return "ClearText[redacted]";
    }
}
