package org.brokerhandoff.website.form;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A submitted form, {@code application/x-www-form-urlencoded} as the WHATWG URL standard has it. Values stay bytes, so that they can be
 * overwritten; only fields that the page itself filled in may be read as text. Not thread-safe.
 */
public final class FormBody implements AutoCloseable {
    private static final int MOST_FIELDS = 64;
    private static final int MOST_NAME = 40;

    /** No record: it would print and compare its bytes. */
    private static final class Field {
        private final String name;
        private final byte[] value;

        Field(String name, byte[] value) {
            this.name = name;
            this.value = value;
        }
    }

    private final List<Field> fields;

    private FormBody(List<Field> fields) {
        this.fields = fields;
    }

    /** The body is no form. Has no message: it would quote what was sent. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed() {
            super(null, null, false, false);
        }
    }

    /**
     * Reads the first {@code length} bytes of {@code body}, which stays the caller's to overwrite.
     *
     * @throws Malformed if it has too many fields, a broken percent-encoding, or is not UTF-8
     */
    public static FormBody parse(byte[] body, int length) throws Malformed {
        FormBody form = new FormBody(new ArrayList<>());
        try {
            int from = 0;
            for (int at = 0; at <= length; at++) {
                if (at == length || body[at] == '&') {
                    if (at > from) {
                        form.add(body, from, at);
                    }
                    from = at + 1;
                }
            }
            return form;
        } catch (Malformed e) {
            form.close();
            throw e;
        }
    }

    private void add(byte[] body, int from, int end) throws Malformed {
        int equals = from;
        while (equals < end && body[equals] != '=') {
            equals++;
        }
        String name = new String(decoded(body, from, equals), StandardCharsets.UTF_8);
        byte[] value = decoded(body, Math.min(equals + 1, end), end);
        fields.add(new Field(name, value));
        if (fields.size() > MOST_FIELDS || name.length() > MOST_NAME || !utf8(value)) {
            throw new Malformed();
        }
    }

    private static byte[] decoded(byte[] body, int from, int end) throws Malformed {
        byte[] bytes = new byte[end - from];
        int length = 0;
        for (int at = from; at < end; at++) {
            if (body[at] == '+') {
                bytes[length++] = ' ';
            } else if (body[at] == '%') {
                if (at + 2 >= end) {
                    throw new Malformed();
                }
                int high = Character.digit(body[at + 1], 16);
                int low = Character.digit(body[at + 2], 16);
                if (high < 0 || low < 0) {
                    throw new Malformed();
                }
                bytes[length++] = (byte) (high << 4 | low);
                at += 2;
            } else {
                bytes[length++] = body[at];
            }
        }
        byte[] exact = Arrays.copyOf(bytes, length);
        Arrays.fill(bytes, (byte) 0);
        return exact;
    }

    private static boolean utf8(byte[] value) {
        try {
            var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** What was written into a field, in UTF-8; absent if nothing was. Overwritten when this is closed. */
    Optional<byte[]> written(String name) {
        return fields.stream()
                .filter(field -> field.name.equals(name) && field.value.length > 0)
                .findFirst()
                .map(field -> field.value);
    }

    /** The value of a field that the page filled in, or of a button: never one that a person wrote into. */
    public Optional<String> chosen(String name) {
        return all(name).stream().findFirst();
    }

    /** The values of fields that the page filled in, such as ticked boxes. */
    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name.equals(name))
                .map(field -> new String(field.value, StandardCharsets.UTF_8))
                .toList();
    }

    /** Overwrites all values. */
    @Override
    public void close() {
        fields.forEach(field -> Arrays.fill(field.value, (byte) 0));
    }
}
