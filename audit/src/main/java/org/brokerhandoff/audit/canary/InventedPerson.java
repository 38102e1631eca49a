package org.brokerhandoff.audit.canary;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A person who does not exist: a name and an address of random letters, so that a place that contains them has retained this canary. Held as
 * personal data is elsewhere: in bytes that can be wiped and are never printed. (The type of personal data is custody's, which an auditor
 * does not know.)
 */
final class InventedPerson implements AutoCloseable {
    private static final int LETTERS = 14;
    /** No address at this domain can exist (RFC 2606). */
    private static final String DOMAIN = "@canary.example";

    private final byte[] fullName;
    private final byte[] email;

    private InventedPerson(byte[] fullName, byte[] email) {
        this.fullName = fullName;
        this.email = email;
    }

    static InventedPerson random(Random random) {
        byte[] given = letters(random);
        byte[] family = letters(random);
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        name.write(given[0] - 'a' + 'A');
        name.write(given, 1, LETTERS - 1);
        name.write(' ');
        name.write(family[0] - 'a' + 'A');
        name.write(family, 1, LETTERS - 1);
        ByteArrayOutputStream address = new ByteArrayOutputStream();
        address.writeBytes(given);
        address.write('.');
        address.writeBytes(family);
        address.writeBytes(DOMAIN.getBytes(StandardCharsets.US_ASCII));
        return new InventedPerson(name.toByteArray(), address.toByteArray());
    }

    /** The person with a country and a language, as member {@code person} of a signup; the caller wipes it. */
    byte[] exposeAsJson(String country, String language, String consent) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1_024);
        try (JsonGenerator json = new JsonFactory().createGenerator(body, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeObjectFieldStart("person");
            json.writeFieldName("fullName");
            json.writeUTF8String(fullName, 0, fullName.length);
            json.writeFieldName("email");
            json.writeUTF8String(email, 0, email.length);
            json.writeStringField("country", country);
            json.writeStringField("language", language);
            json.writeEndObject();
            json.writeFieldName("consent");
            json.writeRawValue(consent);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written to", e);
        }
        return body.toByteArray();
    }

    /** The search texts: each verbatim, in lower case and in upper case; words, since a program may split a name. */
    List<String> exposeAsTexts() {
        String name = new String(fullName, StandardCharsets.US_ASCII);
        List<String> texts = new ArrayList<>(List.of(name, new String(email, StandardCharsets.US_ASCII)));
        texts.addAll(List.of(name.split(" ")));
        return texts.stream()
                .flatMap(text -> List.of(text, text.toLowerCase(Locale.ROOT), text.toUpperCase(Locale.ROOT)).stream())
                .distinct()
                .toList();
    }

    private static byte[] letters(Random random) {
        byte[] letters = new byte[LETTERS];
        for (int i = 0; i < LETTERS; i++) {
            letters[i] = (byte) ('a' + random.nextInt('z' - 'a' + 1));
        }
        return letters;
    }

    /** Wipes the search texts. */
    @Override
    public void close() {
        Arrays.fill(fullName, (byte) 0);
        Arrays.fill(email, (byte) 0);
    }

    /** Does not print the search texts: they would be found wherever the output is kept. */
    @Override
    public String toString() {
        return "InventedPerson";
    }
}
