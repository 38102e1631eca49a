package org.brokerhandoff.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Validates request bodies. Reads token by token: the broker runs inside benchmarks, and a person who is never turned into objects cannot be
 * retained by mistake. Unknown members are skipped.
 */
final class Contract {
    private static final JsonFactory JSON = new JsonFactory();

    private Contract() {}

    /** Result of reading a body. */
    sealed interface Reading<T> {
        /** The body fulfils the contract. */
        record Complete<T>(T value) implements Reading<T> {}

        /** It does not; the problem names members, never values. */
        record Broken<T>(String problem) implements Reading<T> {}
    }

    /** People who write to the helpdesk do not state where they live. */
    static final String NO_COUNTRY = "ZZ";

    /** The parts of a handoff that the broker needs. */
    record Handoff(UUID signupId, String country) {}

    /**
     * The parts of a notice that the broker needs.
     *
     * @param requestId the request it is about; a withdrawal has none
     */
    record Notice(UUID signupId, String type, Optional<UUID> requestId) {}

    /** The parts of a ping that the broker needs. */
    record Ping(String country) {}

    private static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenException(String problem) {
            super(problem, null, false, false);
        }

        String problem() {
            return String.valueOf(getMessage());
        }
    }

    @FunctionalInterface
    private interface Body<T> {
        T read(JsonParser parser) throws IOException, BrokenException;
    }

    static Reading<Handoff> readHandoff(byte[] body) {
        return read(body, Contract::handoff);
    }

    static Reading<Notice> readNotice(byte[] body) {
        return read(body, Contract::notice);
    }

    static Reading<Ping> readPing(byte[] body) {
        return read(body, Contract::ping);
    }

    /** A body of any form, for brokers with a field mapping: any JSON object, without inspection. */
    static Reading<Handoff> readAny(byte[] body, @Nullable String idempotencyKey) {
        UUID signupId = idempotencyKey == null ? null : uuid(idempotencyKey);
        return signupId == null
                ? new Reading.Broken<>("Idempotency-Key must be the signup id")
                : read(body, parser -> {
                    parser.skipChildren();
                    return new Handoff(signupId, "");
                });
    }

    private static <T> Reading<T> read(byte[] body, Body<T> contract) {
        try (JsonParser parser = JSON.createParser(body)) {
            require(parser.nextToken() == JsonToken.START_OBJECT, "the body must be an object");
            T value = contract.read(parser);
            require(parser.nextToken() == null, "nothing may follow the object");
            return new Reading.Complete<>(value);
        } catch (BrokenException e) {
            return new Reading.Broken<>(e.problem());
        } catch (IOException e) {
            // Jackson's message quotes the input, so it is not passed on.
            return new Reading.Broken<>("the body is not JSON");
        }
    }

    private static Handoff handoff(JsonParser parser) throws IOException, BrokenException {
        UUID signupId = null;
        String country = null;
        boolean consent = false;
        boolean assignedAt = false;
        String name;
        while ((name = parser.nextFieldName()) != null) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "signupId" -> signupId = uuid(parser, value);
                case "person" -> country = countryOfCompletePerson(parser, value);
                case "consent" -> {
                    require(value == JsonToken.START_OBJECT, "/consent must be an object");
                    consent = parser.nextToken() != JsonToken.END_OBJECT;
                    if (consent) {
                        skipRestOfObject(parser);
                    }
                }
                case "message" -> {
                    completeMessage(parser, value);
                    country = NO_COUNTRY;
                }
                case "purpose" -> {
                    requireText(parser, value, "/purpose must be a non-empty string");
                    // A message is sent for its own purpose; it contains no consent to a policy.
                    consent = true;
                }
                case "assignedAt" -> {
                    requireInstant(parser, value, "/assignedAt");
                    assignedAt = true;
                }
                default -> parser.skipChildren();
            }
        }
        require(consent, "/consent is required and must not be empty");
        require(assignedAt, "/assignedAt is required");
        return new Handoff(required(signupId, "/signupId is required"), required(country, "/person is required"));
    }

    /** Strict, unlike the others: this is to detect pings that contain more than allowed. */
    private static Ping ping(JsonParser parser) throws IOException, BrokenException {
        String country = null;
        boolean purposes = false;
        String name;
        while ((name = parser.nextFieldName()) != null) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "country" -> {
                    requireText(parser, value, "/country must be a non-empty string");
                    country = parser.getText();
                }
                case "language" ->
                    require(
                            value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL,
                            "/language must be a string or null");
                case "purposes" -> {
                    require(value == JsonToken.START_ARRAY, "/purposes must be an array");
                    parser.skipChildren();
                    purposes = true;
                }
                default -> throw new BrokenException("a ping says country, language and purposes, and nothing else");
            }
        }
        require(purposes, "/purposes is required");
        return new Ping(required(country, "/country is required"));
    }

    private static Notice notice(JsonParser parser) throws IOException, BrokenException {
        UUID signupId = null;
        String type = null;
        UUID requestId = null;
        boolean requestedAt = false;
        boolean corrected = false;
        String name;
        while ((name = parser.nextFieldName()) != null) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "person" -> {
                    countryOfCompletePerson(parser, value);
                    corrected = true;
                }
                case "handoff" -> {
                    require(value == JsonToken.START_OBJECT, "/handoff must be an object");
                    parser.skipChildren();
                    corrected = true;
                }
                case "signupId" -> signupId = uuid(parser, value);
                case "type" -> {
                    requireText(parser, value, "/type must be a non-empty string");
                    type = parser.getText();
                }
                case "requestedAt" -> {
                    requireInstant(parser, value, "/requestedAt");
                    requestedAt = true;
                }
                case "requestId" -> {
                    requireText(parser, value, "/requestId must be a UUID");
                    requestId = required(uuid(parser.getText()), "/requestId must be a UUID");
                }
                default -> parser.skipChildren();
            }
        }
        require(requestedAt, "/requestedAt is required");
        Notice notice = new Notice(
                required(signupId, "/signupId is required"),
                required(type, "/type is required"),
                Optional.ofNullable(requestId));
        require(
                requestId != null || notice.type().equals("withdrawal"),
                "/requestId is required: every notice except a withdrawal is about a request");
        require(
                corrected == notice.type().equals("rectification"),
                "only a rectification has new data, in /person, or in /handoff where fields are mapped");
        return notice;
    }

    private static String countryOfCompletePerson(JsonParser parser, @Nullable JsonToken token)
            throws IOException, BrokenException {
        require(token == JsonToken.START_OBJECT, "/person must be an object");
        boolean fullName = false;
        boolean email = false;
        String country = null;
        String name;
        while ((name = parser.nextFieldName()) != null) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "fullName" -> {
                    requireText(parser, value, "/person/fullName must be a non-empty string");
                    fullName = true;
                }
                case "email" -> {
                    requireText(parser, value, "/person/email must be a non-empty string");
                    email = true;
                }
                case "country" -> {
                    requireText(parser, value, "/person/country must be a non-empty string");
                    country = parser.getText();
                }
                default -> parser.skipChildren();
            }
        }
        require(fullName, "/person/fullName is required");
        require(email, "/person/email is required");
        return required(country, "/person/country is required");
    }

    private static void completeMessage(JsonParser parser, @Nullable JsonToken token)
            throws IOException, BrokenException {
        require(token == JsonToken.START_OBJECT, "/message must be an object");
        Set<String> missing = new TreeSet<>(Set.of("name", "email", "subject", "text"));
        String name;
        while ((name = parser.nextFieldName()) != null) {
            JsonToken value = parser.nextToken();
            if (missing.remove(name)) {
                requireText(parser, value, "/message/" + name + " must be a non-empty string");
            } else {
                parser.skipChildren();
            }
        }
        require(missing.isEmpty(), "/message must have name, email, subject and text");
    }

    private static void skipRestOfObject(JsonParser parser) throws IOException {
        // The current token is the object's first field name.
        do {
            parser.nextToken();
            parser.skipChildren();
        } while (parser.nextToken() != JsonToken.END_OBJECT);
    }

    private static UUID uuid(JsonParser parser, @Nullable JsonToken token) throws IOException, BrokenException {
        if (token == JsonToken.VALUE_STRING) {
            UUID parsed = uuid(parser.getText());
            if (parsed != null) {
                return parsed;
            }
        }
        throw new BrokenException("/signupId must be a UUID");
    }

    /** The UUID in its canonical length, or null; the JDK alone would also accept {@code 1-1-1-1-1}. */
    static @Nullable UUID uuid(String text) {
        if (text.length() != 36) {
            return null;
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void requireInstant(JsonParser parser, @Nullable JsonToken token, String pointer)
            throws IOException, BrokenException {
        require(token == JsonToken.VALUE_STRING, pointer + " must be an ISO 8601 instant");
        try {
            Instant.parse(parser.getText());
        } catch (DateTimeException e) {
            throw new BrokenException(pointer + " must be an ISO 8601 instant");
        }
    }

    /** Reads the parser's own buffer: the text itself never becomes a string. */
    private static void requireText(JsonParser parser, @Nullable JsonToken token, String problem)
            throws IOException, BrokenException {
        if (token == JsonToken.VALUE_STRING) {
            char[] characters = parser.getTextCharacters();
            int from = parser.getTextOffset();
            for (int i = from; i < from + parser.getTextLength(); i++) {
                if (!Character.isWhitespace(characters[i])) {
                    return;
                }
            }
        }
        throw new BrokenException(problem);
    }

    private static void require(boolean holds, String problem) throws BrokenException {
        if (!holds) {
            throw new BrokenException(problem);
        }
    }

    private static <T> T required(@Nullable T value, String problem) throws BrokenException {
        if (value == null) {
            throw new BrokenException(problem);
        }
        return value;
    }
}
