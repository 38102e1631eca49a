package org.brokerhandoff.audit.live;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.pages.Element;

/**
 * The reader of a page and its language. A chosen language is part of the address, and of each link and form of the page, so that it survives
 * a reload and can be shared as a link; otherwise it is the browser's.
 *
 * @param words of the page
 * @param chosen whether the address contains it
 */
record Reader(Wording words, boolean chosen) {
    /** The parameter of an address. */
    static final String PARAMETER = "language";

    private static final int MOST_LANGUAGES = 20;

    /** A reader without a choice, in a supported language. */
    static Reader of(String language) {
        return new Reader(words(language).orElseThrow(), false);
    }

    /**
     * The reader of a request.
     *
     * @param parameter of the address
     * @param acceptLanguage the header {@code Accept-Language}
     * @return empty if the address names an unsupported language
     */
    static Optional<Reader> asking(Optional<String> parameter, Optional<String> acceptLanguage) {
        return parameter.isPresent()
                ? words(parameter.get()).map(words -> new Reader(words, true))
                : Optional.of(of(acceptLanguage.map(Reader::preferred).orElse("en")));
    }

    private static Optional<Wording> words(String language) {
        return Wording.in(language)
                .map(words ->
                        words.and("org.brokerhandoff.audit.report.words").and("org.brokerhandoff.audit.live.words"));
    }

    /** The first supported language of the header; Scandinavian ones map to bokmål. */
    private static String preferred(String acceptLanguage) {
        for (String part : acceptLanguage.toLowerCase(Locale.ROOT).split(",", MOST_LANGUAGES)) {
            String language = part.strip().split("[-;]", 2)[0];
            if (List.of("nb", "no", "nn", "da", "sv").contains(language)) {
                return "nb";
            } else if (language.equals("en")) {
                return "en";
            }
        }
        return "en";
    }

    /** A link of this site for this reader. */
    String link(String target) {
        return chosen ? in(words.language(), target) : target;
    }

    /** Hidden field of a form, so that its answer is in the same language. */
    List<Element> field() {
        return chosen
                ? List.of(Element.of("input")
                        .with("type", "hidden")
                        .with("name", PARAMETER)
                        .with("value", words.language()))
                : List.of();
    }

    /** Links to the same page in each other language. */
    List<Element> others(String target) {
        return Wording.languages().stream()
                .filter(language -> !language.equals(words.language()))
                .map(language -> Element.of("a", words.of("live.language." + language))
                        .with("href", in(language, target))
                        .with("hreflang", language)
                        .with("lang", language))
                .toList();
    }

    private static String in(String language, String target) {
        String[] parts = target.split("#", 2);
        return parts[0] + (parts[0].contains("?") ? "&" : "?") + PARAMETER + "=" + language
                + (parts.length == 2 ? "#" + parts[1] : "");
    }
}
