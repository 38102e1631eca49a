package org.brokerhandoff.ingest.accept;

import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Optional;
import org.brokerhandoff.schemas.ContentKind;

/** Language tags of BCP 47. */
final class Languages {
    private Languages() {}

    /** The tag in the letter case that BCP 47 recommends; empty if it is not well-formed. */
    static Optional<String> normalised(String tag) {
        if (!ContentKind.LANGUAGE_TAG.matches(tag)) {
            return Optional.empty();
        }
        if (tag.length() == 2 && lower(tag.charAt(0)) && lower(tag.charAt(1))) {
            return Optional.of(tag);
        }
        try {
            return Optional.of(new Locale.Builder().setLanguageTag(tag).build().toLanguageTag())
                    .filter(ContentKind.LANGUAGE_TAG::matches);
        } catch (IllformedLocaleException e) {
            // Its message quotes the tag.
            return Optional.empty();
        }
    }

    private static boolean lower(char c) {
        return c >= 'a' && c <= 'z';
    }
}
