package org.brokerhandoff.website.form;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bodies of requests to ingest, made of a form without a string in between. Fields that are empty are left out, so that ingest says what is
 * missing together with everything else that is wrong. Overwritten when closed.
 */
public final class RequestBody implements AutoCloseable {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private final Bytes bytes = new Bytes();

    private RequestBody() {}

    /**
     * A signup.
     *
     * @param shown what was consented to; its language is submitted as the person's, since it is that in which the policy was read
     * @param recipients ids of the ticked brokers
     * @param givenAt when the form was sent
     */
    public static RequestBody signup(FormBody form, ConsentForm shown, List<String> recipients, Instant givenAt) {
        return written(json -> {
            json.writeObjectFieldStart("person");
            copy(form, "fullName", json);
            copy(form, "email", json);
            copy(form, "country", json);
            copy(form, "phone", json);
            json.writeStringField("language", shown.language());
            if (form.written("city").isPresent()) {
                json.writeObjectFieldStart("extra");
                copy(form, "city", json);
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeObjectFieldStart("consent");
            json.writeStringField("policyVersion", shown.policyVersion());
            texts(json, "purposes", List.of("broker-handoff"));
            texts(json, "recipients", recipients);
            json.writeStringField("givenAt", givenAt.toString());
            json.writeStringField("method", "registration-form");
            json.writeStringField("formSha256", shown.sha256());
            json.writeEndObject();
        });
    }

    /** A message to the helpdesk. */
    public static RequestBody message(FormBody form, String language) {
        return written(json -> {
            for (String field : List.of("name", "email", "subject", "text")) {
                copy(form, field, json);
            }
            json.writeStringField("language", language);
        });
    }

    /**
     * A choice of cookies; holds nothing of a person.
     *
     * @param visitor absent for a new one
     * @param choices by kind, whether it is accepted
     * @param documentSha256 the cookie policy that was shown
     * @param method {@code banner} or {@code preference-centre}
     */
    public static RequestBody cookieChoice(
            Optional<String> visitor,
            Map<String, Boolean> choices,
            Optional<String> documentSha256,
            String method,
            Instant chosenAt) {
        return written(json -> {
            if (visitor.isPresent()) {
                json.writeStringField("visitorId", visitor.get());
            }
            json.writeObjectFieldStart("choices");
            for (Map.Entry<String, Boolean> choice : choices.entrySet()) {
                json.writeBooleanField(choice.getKey(), choice.getValue());
            }
            json.writeEndObject();
            if (documentSha256.isPresent()) {
                json.writeStringField("documentSha256", documentSha256.get());
            }
            json.writeStringField("chosenAt", chosenAt.toString());
            json.writeStringField("method", method);
        });
    }

    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    private static RequestBody written(Content content) {
        RequestBody body = new RequestBody();
        try (JsonGenerator json = JSON.createGenerator(body.bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            content.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            body.close();
            // Not chained: the message may quote what was written.
            throw new IllegalStateException("a form could not be written as JSON");
        }
        return body;
    }

    private static void copy(FormBody form, String field, JsonGenerator json) throws IOException {
        Optional<byte[]> value = form.written(field);
        if (value.isPresent()) {
            byte[] line = withPlainLineEnds(value.get());
            json.writeFieldName(field);
            json.writeUTF8String(line, 0, line.length);
            Arrays.fill(line, (byte) 0);
        }
    }

    /** Browsers send CR LF for each line's end. */
    private static byte[] withPlainLineEnds(byte[] value) {
        byte[] plain = new byte[value.length];
        int length = 0;
        for (int at = 0; at < value.length; at++) {
            if (value[at] != '\r' || at + 1 == value.length || value[at + 1] != '\n') {
                plain[length++] = value[at];
            }
        }
        byte[] exact = Arrays.copyOf(plain, length);
        Arrays.fill(plain, (byte) 0);
        return exact;
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /** The body; the caller's to overwrite. */
    public byte[] copy() {
        return Arrays.copyOf(bytes.array, bytes.length);
    }

    @Override
    public void close() {
        Arrays.fill(bytes.array, (byte) 0);
    }

    /** Overwrites what it outgrows. */
    private static final class Bytes extends OutputStream {
        private byte[] array = new byte[1024];
        private int length;

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] more, int from, int count) {
            if (length + count > array.length) {
                byte[] larger = Arrays.copyOf(array, Math.max(2 * array.length, length + count));
                Arrays.fill(array, (byte) 0);
                array = larger;
            }
            System.arraycopy(more, from, array, length, count);
            length += count;
        }
    }
}
