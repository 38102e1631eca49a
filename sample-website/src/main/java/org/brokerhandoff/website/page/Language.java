package org.brokerhandoff.website.page;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** A language of the pages; also the first part of their paths. */
public enum Language {
    /** Bokmål. */
    NB("nb"),
    /** English. */
    EN("en");

    private static final ZoneId ZONE = ZoneId.of("Europe/Oslo");

    private final String tag;

    Language(String tag) {
        this.tag = tag;
    }

    /** BCP 47. */
    public String tag() {
        return tag;
    }

    /** The other one. */
    public Language other() {
        return this == NB ? EN : NB;
    }

    /** For names of countries, times and the order of the alphabet. */
    public Locale locale() {
        return this == NB ? Locale.forLanguageTag("nb-NO") : Locale.UK;
    }

    /** A day in Norway, where the operator is, as people read it. */
    public String date(Instant at) {
        return format("d. MMMM uuuu", "d MMMM uuuu", at);
    }

    /** A moment in Norwegian time, as people read it. */
    public String dateAndTime(Instant at) {
        return format("d. MMMM uuuu 'kl.' HH:mm:ss", "d MMMM uuuu 'at' HH:mm:ss", at);
    }

    private String format(String norwegian, String english, Instant at) {
        return DateTimeFormatter.ofPattern(this == NB ? norwegian : english, locale())
                .withZone(ZONE)
                .format(at);
    }

    /** The language with this tag. */
    public static Optional<Language> tagged(String tag) {
        for (Language language : values()) {
            if (language.tag.equals(tag)) {
                return Optional.of(language);
            }
        }
        return Optional.empty();
    }

    /** The first that an {@code Accept-Language} header names, Scandinavian ones for bokmål; English if it names none. */
    public static Language preferred(String acceptLanguage) {
        for (String part : acceptLanguage.toLowerCase(Locale.ROOT).split(",", 20)) {
            String language = part.strip().split("[-;]", 2)[0];
            switch (language) {
                case "nb", "no", "nn", "da", "sv" -> {
                    return NB;
                }
                case "en" -> {
                    return EN;
                }
                default -> {
                    // The next one.
                }
            }
        }
        return EN;
    }
}
