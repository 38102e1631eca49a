package org.brokerhandoff.quickstart.sample;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Up to {@value #MOST} invented people by number. Names come from lists, first as given and family name, then
 * with a second given name, at last (from some 83,000 on) with a number.
 */
public final class SamplePeople {
    /** As many as there are phone numbers for. */
    public static final int MOST = 1_200_000;

    private static final int PHONES_PER_COUNTRY = 100_000;
    private static final int EVERY_TENTH = 10;
    private static final JsonFactory JSON = new JsonFactory();
    private static final Lists LISTS = read();
    private static final String FORM_SHA256 =
            sha256("Pass my registration to the broker I am assigned to. I may withdraw at any time.");

    private SamplePeople() {}

    private record Group(List<String> languages, List<String> given, List<String> family) {}

    private record Single(String fullName, String language, String city) {}

    private record Country(
            String code,
            String phonePrefix,
            List<String> domains,
            List<String> cities,
            List<Group> groups,
            List<Single> single) {}

    private record Lists(Map<String, String> latin, List<Country> countries) {}

    /**
     * The first n people, made while the stream is read.
     *
     * @throws IllegalArgumentException if n is negative or above {@value #MOST}
     */
    public static Stream<SamplePerson> first(int n) {
        if (n < 0 || n > MOST) {
            throw new IllegalArgumentException("there are 0 to " + MOST + " sample people, not " + n);
        }
        return IntStream.range(0, n).mapToObj(SamplePeople::person);
    }

    /**
     * One person; the same at every call.
     *
     * @param index from 0, below {@value #MOST}
     */
    public static SamplePerson person(int index) {
        if (index < 0 || index >= MOST) {
            throw new IllegalArgumentException("sample people are numbered 0 to " + (MOST - 1) + ", not " + index);
        }
        Country country = LISTS.countries().get(index % LISTS.countries().size());
        int number = index / LISTS.countries().size();
        String phone = phone(country, number);
        if (number % EVERY_TENTH == EVERY_TENTH - 1
                && number / EVERY_TENTH < country.single().size()) {
            Single single = country.single().get(number / EVERY_TENTH);
            return new SamplePerson(
                    single.fullName(),
                    email(single.fullName(), country, index),
                    country.code(),
                    phone,
                    single.language(),
                    single.city());
        }
        Group group = country.groups().get(number % country.groups().size());
        int within = number / country.groups().size();
        String fullName = fullName(group, within);
        return new SamplePerson(
                fullName,
                email(fullName, country, index),
                country.code(),
                phone,
                at(group.languages(), within),
                at(country.cities(), number * 7));
    }

    /** The body of {@code POST /v1/signups} for this person, in UTF-8. */
    public static byte[] signupRequest(
            SamplePerson person, String policyVersion, List<String> recipients, Instant givenAt) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(640);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeObjectFieldStart("person");
            json.writeStringField("fullName", person.fullName());
            json.writeStringField("email", person.email());
            json.writeStringField("country", person.country());
            json.writeStringField("phone", person.phone());
            json.writeStringField("language", person.language());
            json.writeObjectFieldStart("extra");
            json.writeStringField("city", person.city());
            json.writeEndObject();
            json.writeEndObject();
            json.writeObjectFieldStart("consent");
            json.writeStringField("policyVersion", policyVersion);
            json.writeArrayFieldStart("purposes");
            json.writeString("broker-handoff");
            json.writeEndArray();
            json.writeArrayFieldStart("recipients");
            for (String recipient : recipients) {
                json.writeString(recipient);
            }
            json.writeEndArray();
            json.writeStringField("givenAt", givenAt.toString());
            json.writeStringField("method", "registration-form");
            json.writeStringField("formSha256", FORM_SHA256);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The body of {@code POST /v1/contact-messages} of this person, in UTF-8; their phone number stands in the text. */
    public static byte[] contactRequest(SamplePerson person) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(320);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("name", person.fullName());
            json.writeStringField("email", person.email());
            json.writeStringField("subject", "Who has my data?");
            json.writeStringField("text", "Hello,\nwho has my data? Call me at " + person.phone() + ".");
            json.writeStringField("language", person.language());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String fullName(Group group, int within) {
        int givenNames = group.given().size();
        int familyNames = group.family().size();
        int pair = within % (givenNames * familyNames);
        int round = within / (givenNames * familyNames);
        int given = pair % givenNames;
        // Shifted by the given name, so that neighbours differ in both; still each pair once a round.
        String family = at(group.family(), pair / givenNames + given);
        int second = round % givenNames;
        String secondGiven = second == 0 ? "" : " " + at(group.given(), given + second);
        String number = round < givenNames ? "" : " " + (round / givenNames + 1);
        return group.given().get(given) + secondGiven + " " + family + number;
    }

    /** Name for the eye, five characters that no other person has for the search in files. */
    private static String email(String fullName, Country country, int index) {
        String[] words = fullName.split(" ", -1);
        String first = latin(words[0]);
        String last = latin(words[words.length - 1]);
        // 36^5 and a prime that does not divide it: a permutation, hence no two alike.
        String unique = Long.toString((index * 15_485_863L + 20_261_122L) % 60_466_176L, 36);
        String local =
                (words.length == 1 ? first : first + "." + last) + "." + "0".repeat(5 - unique.length()) + unique;
        return local + "@" + at(country.domains(), index / LISTS.countries().size());
    }

    private static String phone(Country country, int number) {
        return country.phonePrefix()
                + String.format(Locale.ROOT, "%05d", (number * 7919L + 12_345) % PHONES_PER_COUNTRY);
    }

    private static String latin(String word) {
        StringBuilder letters = new StringBuilder();
        Normalizer.normalize(word.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .codePoints()
                .forEach(letter -> {
                    if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) {
                        letters.appendCodePoint(letter);
                    } else {
                        letters.append(LISTS.latin().getOrDefault(Character.toString(letter), ""));
                    }
                });
        return letters.toString();
    }

    private static String at(List<String> list, int index) {
        return list.get(index % list.size());
    }

    private static Lists read() {
        try (InputStream people = SamplePeople.class.getResourceAsStream("people.json")) {
            return new ObjectMapper().readValue(people, Lists.class);
        } catch (IOException e) {
            throw new UncheckedIOException("people.json is part of this module", e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
