package org.brokerhandoff.website.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/** What the pages say, by language and key: {@code nb.properties} and {@code en.properties}. */
public final class Texts {
    private static final Map<Language, Map<String, String>> ALL = new EnumMap<>(Language.class);

    static {
        for (Language language : Language.values()) {
            ALL.put(language, read(language.tag() + ".properties"));
        }
    }

    private Texts() {}

    /** All texts of a language by key. */
    public static Map<String, String> of(Language language) {
        return Objects.requireNonNull(ALL.get(language));
    }

    /**
     * One text.
     *
     * @throws IllegalArgumentException if there is none with this key
     */
    public static String text(Language language, String key) {
        String text = of(language).get(key);
        if (text == null) {
            throw new IllegalArgumentException("no text " + key);
        }
        return text;
    }

    /** The text for a name that ingest uses; a neutral one for names that a newer ingest may have. */
    static String known(Language language, String prefix, String name) {
        return of(language).getOrDefault(prefix + name, text(language, prefix + "OTHER"));
    }

    /** What to say of a fault: by field and code, else by field, else in general. */
    public static String fault(Language language, String field, String code) {
        Map<String, String> texts = of(language);
        String general = texts.getOrDefault("error_" + field, text(language, "error_other"));
        return texts.getOrDefault("error_" + field + "_" + code.replace('-', '_'), general);
    }

    private static Map<String, String> read(String name) {
        Properties properties = new Properties();
        try (InputStream file = Objects.requireNonNull(Texts.class.getResourceAsStream(name), name)) {
            properties.load(new InputStreamReader(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " is part of this module", e);
        }
        Map<String, String> texts = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> texts.put(key, properties.getProperty(key)));
        return Map.copyOf(texts);
    }
}
