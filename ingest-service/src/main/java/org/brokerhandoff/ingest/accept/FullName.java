package org.brokerhandoff.ingest.accept;

import java.text.Normalizer;
import java.util.Optional;

/** A person's name as they write it: any script, any number of parts, no first and last. */
final class FullName {
    private static final int MOST_CODE_POINTS = 200;

    private FullName() {}

    /** The name in Unicode NFC without white space around it; empty if it breaks the rules. */
    static Optional<String> normalised(String text) {
        String name = Normalizer.normalize(text, Normalizer.Form.NFC).strip();
        int codePoints = 0;
        boolean letter = false;
        for (int i = 0; i < name.length(); ) {
            int codePoint = name.codePointAt(i);
            if (!Characters.printable(codePoint)) {
                return Optional.empty();
            }
            letter |= Character.isLetter(codePoint);
            codePoints++;
            i += Character.charCount(codePoint);
        }
        return letter && codePoints <= MOST_CODE_POINTS ? Optional.of(name) : Optional.empty();
    }
}
