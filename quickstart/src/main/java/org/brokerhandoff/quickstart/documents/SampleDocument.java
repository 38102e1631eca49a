package org.brokerhandoff.quickstart.documents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A document in one language, as the sample operator publishes it.
 *
 * @param kind {@code privacy} or {@code cookies}
 * @param version version of its kind
 * @param language {@code nb} or {@code en}
 * @param text what stands in it: paragraphs, lines that begin with {@code # } or {@code ## } as headings, {@code - } as items
 */
public record SampleDocument(String kind, String version, String language, String text) {
    /** The one version. */
    public static final String VERSION = "2026-11-01";

    private static final List<String> KINDS = List.of("privacy", "cookies");
    private static final List<String> LANGUAGES = List.of("nb", "en");
    private static final List<String> SCANDINAVIAN = List.of("no", "nb", "nn", "da", "sv");

    /** All of them: each kind in each language. */
    public static List<SampleDocument> all() {
        return KINDS.stream()
                .flatMap(kind -> LANGUAGES.stream()
                        .map(language -> new SampleDocument(kind, VERSION, language, read(kind, language))))
                .toList();
    }

    /** Which of the two languages a reader of {@code tag} gets. */
    public static String languageFor(String tag) {
        String language = tag.split("-", 2)[0];
        return SCANDINAVIAN.contains(language) ? "nb" : "en";
    }

    private static String read(String kind, String language) {
        String name = kind + "." + language + ".txt";
        try (InputStream text = Objects.requireNonNull(SampleDocument.class.getResourceAsStream(name), name)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " is part of this module", e);
        }
    }
}
