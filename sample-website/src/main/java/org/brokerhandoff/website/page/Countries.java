package org.brokerhandoff.website.page;

import java.text.Collator;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The countries of residence that one can choose, by name. */
public final class Countries {
    private static final Map<Language, List<Country>> ALL = new EnumMap<>(Language.class);

    static {
        for (Language language : Language.values()) {
            Collator alphabet = Collator.getInstance(language.locale());
            ALL.put(
                    language,
                    Arrays.stream(Locale.getISOCountries())
                            .map(code -> new Country(code, name(code, language)))
                            .sorted(Comparator.comparing(Country::name, alphabet))
                            .toList());
        }
    }

    private Countries() {}

    /**
     * A country.
     *
     * @param code ISO 3166-1 alpha-2
     * @param name in the page's language
     */
    public record Country(String code, String name) {}

    /** All of them in the order of the language's alphabet. */
    public static List<Country> of(Language language) {
        return Objects.requireNonNull(ALL.get(language));
    }

    /** The name of a country in a language. */
    public static String name(String code, Language language) {
        return new Locale.Builder().setRegion(code).build().getDisplayCountry(language.locale());
    }
}
