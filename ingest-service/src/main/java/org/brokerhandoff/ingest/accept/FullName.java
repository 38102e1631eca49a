package org.brokerhandoff.ingest.accept;

import java.text.Normalizer;
import java.util.Optional;

/** A person's name as they write it: any script, any number of parts, no first and last. */
final class FullName {
    /** The rule in words. */
    static final String RULE = "1 to 200 characters with at least one letter, no control or invisible ones";

    private static final int MOST_CODE_POINTS = 200;

    private static final char FIRST_COMBINING = '\u0300';
    private static final char FIRST_HANGUL_PART = '\u1100';
    private static final char LAST_HANGUL_PART = '\u11FF';

    private FullName() {}

    /** The name in Unicode NFC without white space around it; empty if it breaks the rules. */
    static Optional<CharSequence> normalised(CharSequence text) {
        CharSequence name =
                strip(composed(text) ? text : Normalizer.normalize(ClearText.copy(text), Normalizer.Form.NFC));
        return Characters.name(name)
                        && letter(name)
                        && Character.codePointCount(name, 0, name.length()) <= MOST_CODE_POINTS
                ? Optional.of(name)
                : Optional.empty();
    }

    private static boolean letter(CharSequence name) {
        for (int i = 0; i < name.length(); ) {
            int codePoint = Character.codePointAt(name, i);
            if (Character.isLetter(codePoint)) {
                return true;
            }
            i += Character.charCount(codePoint);
        }
        return false;
    }

    /**
     * Whether the text is certainly in NFC: no mark and no part of a Hangul syllable, which may combine with the preceding character, and no
     * character that NFC writes differently. The JDK can check any text, but creates a string.
     */
    private static boolean composed(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Up to here nothing combines.
            if (c >= FIRST_COMBINING && !composed(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean composed(char c) {
        boolean combines =
                Characters.mark(c) || Character.isSurrogate(c) || (c >= FIRST_HANGUL_PART && c <= LAST_HANGUL_PART);
        return !combines && Normalizer.isNormalized(String.valueOf(c), Normalizer.Form.NFC);
    }

    private static CharSequence strip(CharSequence text) {
        int start = 0;
        int end = text.length();
        while (start < end && space(text.charAt(start))) {
            start++;
        }
        while (end > start && space(text.charAt(end - 1))) {
            end--;
        }
        return text.subSequence(start, end);
    }

    /** Includes non-breaking spaces, which the JDK does not count as white space. */
    private static boolean space(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
}
