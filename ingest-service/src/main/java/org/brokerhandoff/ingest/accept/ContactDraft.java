package org.brokerhandoff.ingest.accept;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.PersonalDataBuffer;
import org.brokerhandoff.schemas.LanguageTags;
import org.jspecify.annotations.Nullable;

/**
 * The message of one request while it is read: members are filled in any order, then checked and written in the fixed order of message schema
 * 1001. Lives for one call of {@link ContactParser}.
 */
final class ContactDraft {
    private static final String KNOWN = "name, email, subject, text, language";
    private static final int MOST_SUBJECT = 200;
    private static final int MOST_TEXT = 4000;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(WipingBuffers.INSTANCE)
            // Closing the target would wipe it.
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private final String place;
    private final Faults faults;
    private final Set<String> seen = new HashSet<>(8);
    private @Nullable CharSequence name;
    private @Nullable CharSequence email;
    private @Nullable ClearText subject;
    private @Nullable ClearText text;
    private @Nullable String language;

    /**
     * A message in the object at {@code place}.
     *
     * @param place JSON pointer of the object
     */
    ContactDraft(String place, Faults faults) {
        this.place = place;
        this.faults = faults;
    }

    /** Reads a body that is a message. */
    void read(JsonCursor json) throws JsonCursor.NotJson {
        json.readBody(KNOWN, member -> readMember(member, json));
    }

    /** Reads a member whose value is a message. */
    void readObject(JsonCursor json) throws IOException {
        json.object(place, KNOWN, member -> readMember(member, json));
    }

    private boolean readMember(String member, JsonCursor json) throws IOException {
        switch (member) {
            case "name" -> name = json.clearText(place + "/name").orElse(null);
            case "email" -> email = json.clearText(place + "/email").orElse(null);
            case "subject" -> subject = json.clearText(place + "/subject").orElse(null);
            case "text" -> text = json.clearText(place + "/text").orElse(null);
            case "language" -> language = json.text(place + "/language").orElse(null);
            default -> {
                return false;
            }
        }
        seen.add(member);
        return true;
    }

    /** Validates and normalises what was read; adds errors to the faults. */
    void check() {
        for (String member : new String[] {"name", "email", "subject", "text"}) {
            if (!seen.contains(member)) {
                faults.add(place + "/" + member, "required", "is required");
            }
        }
        if (name != null) {
            name = FullName.normalised(name).orElse(null);
            if (name == null) {
                faults.add(place + "/name", "name-invalid", FullName.RULE);
            }
        }
        if (email != null) {
            email = EmailAddress.normalised(email).orElse(null);
            if (email == null) {
                faults.add(place + "/email", "email-invalid", EmailAddress.RULE);
            }
        }
        if (subject != null && !line(subject)) {
            faults.add(
                    place + "/subject",
                    "subject-invalid",
                    "1 to " + MOST_SUBJECT
                            + " characters on one line, not only spaces, no control or invisible characters");
        }
        if (text != null && !lines(text)) {
            faults.add(
                    place + "/text",
                    "text-invalid",
                    "1 to " + MOST_TEXT
                            + " characters, not only spaces; no control characters except line breaks and tabs, no invisible ones");
        }
        if (language != null) {
            language = LanguageTags.canonical(language).orElse(null);
            if (language == null) {
                faults.add(
                        place + "/language",
                        "language-invalid",
                        "a BCP 47 tag of a known language, of at most 35 characters");
            }
        }
    }

    Optional<String> language() {
        return Optional.ofNullable(language);
    }

    /** Message schema 1001: members in this order, language left out if there is none, UTF-8, no white space. */
    PersonalData canonical(int sizeHint) {
        PersonalDataBuffer bytes = new PersonalDataBuffer(sizeHint);
        try (JsonGenerator json = FACTORY.createGenerator(bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeFieldName("name");
            ClearText.write(json, required(name));
            json.writeFieldName("email");
            ClearText.write(json, required(email));
            json.writeFieldName("subject");
            required(subject).writeTo(json);
            json.writeFieldName("text");
            required(text).writeTo(json);
            if (language != null) {
                json.writeStringField("language", language);
            }
            json.writeEndObject();
        } catch (IOException e) {
            bytes.wipe();
            // Not chained: the generator's message may quote its input.
            throw new IllegalStateException("a checked message could not be written");
        }
        return bytes.handOver();
    }

    private static boolean line(CharSequence value) {
        return bounded(value, MOST_SUBJECT) && Characters.line(value);
    }

    private static boolean lines(CharSequence value) {
        return bounded(value, MOST_TEXT) && Characters.lines(value);
    }

    private static boolean bounded(CharSequence value, int most) {
        boolean blank = true;
        for (int i = 0; i < value.length() && blank; i++) {
            blank = Character.isWhitespace(value.charAt(i));
        }
        return !blank && Character.codePointCount(value, 0, value.length()) <= most;
    }

    private static <T> T required(@Nullable T member) {
        if (member == null) {
            throw new IllegalStateException("a message with faults has no canonical form");
        }
        return member;
    }
}
