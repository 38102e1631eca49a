package org.brokerhandoff.ingest.accept;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.PersonalDataBuffer;
import org.brokerhandoff.schemas.LanguageTags;
import org.jspecify.annotations.Nullable;

/**
 * The person of one request while it is read: members are filled in any order, then checked and written in the fixed order of person schema
 * 1. Lives for one call of {@link SignupParser}.
 */
final class PersonDraft {
    private static final String KNOWN = "fullName, email, country, phone, language, extra";
    private static final int MOST_EXTRA = 20;
    private static final int MOST_EXTRA_NAME = 40;
    private static final int MOST_EXTRA_VALUE = 200;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(WipingBuffers.INSTANCE)
            // Closing the target would wipe it.
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private final Faults faults;
    private final ExtraMembers extraMembers;
    private @Nullable CharSequence fullName;
    private @Nullable CharSequence email;
    private @Nullable String country;
    private @Nullable CharSequence phone;
    private @Nullable String language;
    private Map<String, ClearText> extra = Map.of();
    private boolean fullNameSeen;
    private boolean emailSeen;
    private boolean countrySeen;

    PersonDraft(Faults faults, ExtraMembers extraMembers) {
        this.faults = faults;
        this.extraMembers = extraMembers;
    }

    void read(JsonCursor json) throws IOException {
        json.object("/person", KNOWN, name -> {
            switch (name) {
                case "fullName" -> {
                    fullNameSeen = true;
                    fullName = json.clearText("/person/fullName").orElse(null);
                }
                case "email" -> {
                    emailSeen = true;
                    email = json.clearText("/person/email").orElse(null);
                }
                case "country" -> {
                    countrySeen = true;
                    country = json.text("/person/country").orElse(null);
                }
                case "phone" -> phone = json.clearText("/person/phone").orElse(null);
                case "language" -> language = json.text("/person/language").orElse(null);
                case "extra" -> readExtra(json);
                default -> {
                    return false;
                }
            }
            return true;
        });
    }

    private void readExtra(JsonCursor json) throws IOException {
        extra = new LinkedHashMap<>();
        int[] member = {0};
        json.object("/person/extra", "your own members, all strings", name -> {
            member[0]++;
            if (member[0] == MOST_EXTRA + 1) {
                faults.add("/person/extra", "too-many-members", "at most " + MOST_EXTRA + " members");
            }
            if (!extraName(name)) {
                faults.add(
                        "/person/extra",
                        "member-name-invalid",
                        "member " + member[0] + ": a name has 1 to " + MOST_EXTRA_NAME
                                + " letters a-z and A-Z, digits and underscores");
            } else if (!extraMembers.allows(name)) {
                faults.add(
                        "/person/extra",
                        "member-not-allowed",
                        "member " + member[0] + " is not one that this installation takes");
            }
            Optional<ClearText> value = json.clearText("/person/extra");
            if (value.isPresent() && member[0] <= MOST_EXTRA) {
                if (Character.codePointCount(value.get(), 0, value.get().length()) > MOST_EXTRA_VALUE
                        || !Characters.line(value.get())) {
                    faults.add(
                            "/person/extra",
                            "member-value-invalid",
                            "member " + member[0] + ": a value has at most " + MOST_EXTRA_VALUE
                                    + " characters, no control or invisible ones");
                }
                extra.put(name, value.get());
            }
            return true;
        });
    }

    /** Validates and normalises what was read; adds errors to the faults. */
    void check() {
        if (fullName != null) {
            fullName = FullName.normalised(fullName).orElse(null);
            if (fullName == null) {
                faults.add("/person/fullName", "full-name-invalid", FullName.RULE);
            }
        } else if (!fullNameSeen) {
            faults.add("/person/fullName", "required", "is required");
        }
        if (email != null) {
            email = EmailAddress.normalised(email).orElse(null);
            if (email == null) {
                faults.add("/person/email", "email-invalid", EmailAddress.RULE);
            }
        } else if (!emailSeen) {
            faults.add("/person/email", "required", "is required");
        }
        if (country != null && !Countries.known(country)) {
            faults.add("/person/country", "country-unknown", "a country of residence, ISO 3166-1 alpha-2 in capitals");
            country = null;
        } else if (!countrySeen) {
            faults.add("/person/country", "required", "is required");
        }
        // Without a country a national number cannot be validated.
        if (phone != null && country != null) {
            phone = PhoneNumbers.normalised(phone, country).orElse(null);
            if (phone == null) {
                faults.add(
                        "/person/phone",
                        "phone-invalid",
                        "a valid telephone number of digits, blanks and -(). only, international with +, or of the country of"
                                + " residence");
            }
        }
        if (language != null) {
            language = LanguageTags.canonical(language).orElse(null);
            if (language == null) {
                faults.add(
                        "/person/language",
                        "language-invalid",
                        "a BCP 47 tag of a known language, of at most 35 characters");
            }
        }
    }

    /** For a person without faults. */
    String country() {
        return required(country);
    }

    /** The country, if known: also for a person with other faults. */
    Optional<String> knownCountry() {
        return Optional.ofNullable(country);
    }

    Optional<String> language() {
        return Optional.ofNullable(language);
    }

    boolean hasExtra() {
        return !extra.isEmpty();
    }

    /** Person schema 1: members in this order, absent ones omitted, UTF-8, no white space. */
    PersonalData canonical(int sizeHint) {
        PersonalDataBuffer bytes = new PersonalDataBuffer(sizeHint);
        try (JsonGenerator json = FACTORY.createGenerator(bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            write(json, "fullName", required(fullName));
            write(json, "email", required(email));
            json.writeStringField("country", country());
            if (phone != null) {
                write(json, "phone", phone);
            }
            if (language != null) {
                json.writeStringField("language", language);
            }
            if (!extra.isEmpty()) {
                json.writeObjectFieldStart("extra");
                for (Map.Entry<String, ClearText> member : extra.entrySet()) {
                    write(json, member.getKey(), member.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            bytes.wipe();
            // Not chained: the generator's message may quote its input.
            throw new IllegalStateException("a checked person could not be written");
        }
        return bytes.handOver();
    }

    private static void write(JsonGenerator json, String name, CharSequence value) throws IOException {
        json.writeFieldName(name);
        ClearText.write(json, value);
    }

    private static <T> T required(@Nullable T member) {
        if (member == null) {
            throw new IllegalStateException("a person with faults has no canonical form");
        }
        return member;
    }

    private static boolean extraName(String name) {
        if (name.isEmpty() || name.length() > MOST_EXTRA_NAME) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!Characters.letterOrDigit(name.charAt(i)) && name.charAt(i) != '_') {
                return false;
            }
        }
        return true;
    }
}
