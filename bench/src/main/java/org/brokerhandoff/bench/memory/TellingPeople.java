package org.brokerhandoff.bench.memory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.brokerhandoff.audit.search.Encodings;
import org.brokerhandoff.quickstart.sample.SamplePerson;

/**
 * Invented people of whom every word is random, so that each word found in memory is one of theirs. Every other name is in a script that a
 * JVM stores with two bytes per character; every other telephone number is written with separators.
 */
public final class TellingPeople {
    private static final String LATIN = "abcdefghijklmnopqrstuvwxyzøäñ";
    private static final String GREEK = "αβγδεζηθικλμνξοπρστυφχψω";
    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyz";

    private final Random random;

    /** People from {@code random}. */
    public TellingPeople(Random random) {
        this.random = random;
    }

    /** Another person. */
    public SamplePerson next() {
        boolean latin = random.nextBoolean();
        String letters = latin ? LATIN : GREEK;
        String digits = word("0123456789", 7);
        return new SamplePerson(
                name(letters) + " " + name(letters),
                word(PLAIN, 12) + "." + word(PLAIN, 12) + "@" + word(PLAIN, 14) + ".example",
                "DE",
                random.nextBoolean() ? "+491512" + digits : "01512 " + digits,
                "de",
                name(letters));
    }

    /** Adds all identifying texts of the person to the search: whole values, and the parts into which programs split them. */
    public static void addTo(Patterns patterns, int number, SamplePerson person) {
        Subject subject = new Subject(Subject.Kind.PERSON, number);
        String[] names = person.fullName().split(" ", -1);
        String national = person.phone().replace("+49", "").replace(" ", "").replaceFirst("^0", "");
        add(patterns, subject, "name", List.of(person.fullName(), names[0], names[1]));
        int at = person.email().indexOf('@');
        add(
                patterns,
                subject,
                "email",
                List.of(
                        person.email(),
                        person.email().substring(0, at),
                        person.email().substring(at + 1)));
        add(patterns, subject, "phone", List.of(person.phone(), "+49" + national, national));
        add(patterns, subject, "city", List.of(person.city()));
        // The eight bytes that Phonenumber.PhoneNumber stores may occur by chance; not searched for.
    }

    private static void add(Patterns patterns, Subject subject, String field, List<String> texts) {
        for (String text : texts.stream().distinct().toList()) {
            Encodings.of(text, Patterns.WINDOW_BYTES)
                    .forEach((form, bytes) -> patterns.add(subject, field + " " + form, bytes));
        }
    }

    /** A text that can be planted as a control. */
    public static void addControl(Patterns patterns, String text) {
        patterns.add(new Subject(Subject.Kind.CONTROL_TEXT, 0), "plain", text.getBytes(StandardCharsets.UTF_8));
    }

    private String name(String letters) {
        String word = word(letters, 11);
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private String word(String letters, int length) {
        return random.ints(length, 0, letters.length())
                .mapToObj(i -> String.valueOf(letters.charAt(i)))
                .collect(Collectors.joining());
    }
}
