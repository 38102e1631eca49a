package org.brokerhandoff.ingest.accept;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Set;

/**
 * What an identifier may hold beyond ASCII: letters, marks and decimal digits that no compatibility form stands for, as the
 * IdentifierClass of PRECIS (RFC 8264, section 4.2) has it; so no full-width or styled letters, symbols, spaces, or characters
 * that are not assigned.
 *
 * <p>Marks follow a letter or digit. A word has letters of only one of the alphabets whose letters look alike, so that no single Cyrillic
 * letter hides among Latin ones (Unicode TS 39, section 5.2); a word entirely in one alphabet is accepted.
 */
final class Identifiers {
    private static final Set<UnicodeScript> ALIKE = EnumSet.of(
            UnicodeScript.LATIN,
            UnicodeScript.GREEK,
            UnicodeScript.CYRILLIC,
            UnicodeScript.ARMENIAN,
            UnicodeScript.COPTIC,
            UnicodeScript.CHEROKEE);

    private Identifiers() {}

    /** Whether every character of {@code text} beyond ASCII is allowed in an identifier. Callers restrict ASCII themselves. */
    static boolean valid(CharSequence text) {
        Set<UnicodeScript> inWord = EnumSet.noneOf(UnicodeScript.class);
        boolean inside = false;
        for (int i = 0; i < text.length(); ) {
            int codePoint = Character.codePointAt(text, i);
            if (codePoint >= 0x80 && !valid(codePoint, inside)) {
                return false;
            }
            inside = codePoint >= 0x80 || Characters.letterOrDigit(codePoint);
            if (!inside) {
                inWord.clear();
            } else if (ALIKE.contains(UnicodeScript.of(codePoint))) {
                inWord.add(UnicodeScript.of(codePoint));
                if (inWord.size() > 1) {
                    return false;
                }
            }
            i += Character.charCount(codePoint);
        }
        return true;
    }

    private static boolean valid(int codePoint, boolean insideWord) {
        boolean kind = switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER -> true;
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> insideWord;
            default -> false;
        };
        return kind
                && Characters.visible(codePoint)
                && Normalizer.isNormalized(Character.toString(codePoint), Normalizer.Form.NFKC);
    }
}
