package org.brokerhandoff.audit.authority;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a document in one language. */
public final class Wording {
    private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

    private final ResourceBundle texts;
    private final Locale locale;

    private Wording(Locale locale) {
        this.locale = locale;
        this.texts = ResourceBundle.getBundle(
                "org.brokerhandoff.audit.authority.wording",
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    /** Tags of the languages that there are. */
    public static List<String> languages() {
        return List.of("en", "nb");
    }

    /** The words in a language, if there are any in it. */
    public static Optional<Wording> in(String language) {
        return languages().contains(language)
                ? Optional.of(new Wording(Locale.forLanguageTag(language)))
                : Optional.empty();
    }

    String language() {
        return locale.toLanguageTag();
    }

    /** A text with its places filled, each as the text that it is. */
    String of(String key, Object... values) {
        // Not MessageFormat, which has rules of its own for quotes and numbers.
        return PLACE.matcher(texts.getString(key))
                .replaceAll(
                        place -> Matcher.quoteReplacement(String.valueOf(values[Integer.parseInt(place.group(1))])));
    }

    /** The name of a country, with its code; the code alone where there is no such country. */
    String country(String code) {
        String name = new Locale("", code).getDisplayCountry(locale);
        return name.isEmpty() || name.equals(code) ? code : name + " (" + code + ")";
    }

    /** The name of an enum's constant. */
    String of(Enum<?> constant) {
        return texts.getString(constant.getDeclaringClass().getSimpleName() + "." + constant.name());
    }
}
