package org.brokerhandoff.ingest.accept;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which code points text may contain. One rule for everything that a person wrote: invisible characters, and those that make text read
 * differently, are refused, since the person, the website and the broker would each see something else.
 *
 * <p>Two invisible kinds are needed and are taken where they have an effect: joiners (U+200C, U+200D), by which Persian, Indic and
 * other scripts write letters and people write emoji, and variation selectors, by which Japanese names tell ideographs apart.
 */
final class Characters {
    private static final int NONE = -1;

    /** Scripts without joiners: in a name in one of these, a joiner only makes two equal names different. */
    private static final Set<UnicodeScript> WITHOUT_JOINERS = EnumSet.of(
            UnicodeScript.LATIN,
            UnicodeScript.GREEK,
            UnicodeScript.CYRILLIC,
            UnicodeScript.ARMENIAN,
            UnicodeScript.GEORGIAN,
            UnicodeScript.HEBREW,
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.HANGUL,
            UnicodeScript.COMMON,
            UnicodeScript.INHERITED,
            UnicodeScript.UNKNOWN);

    private Characters() {}

    /** Whether {@code text} is one line and may be a name: joiners and variation selectors only in scripts that use them. */
    static boolean name(CharSequence text) {
        return written(text, false, true);
    }

    /** Whether {@code text} is one line. */
    static boolean line(CharSequence text) {
        return written(text, false, false);
    }

    /** Whether {@code text} is lines: as {@link #line}, with line breaks and tabs. */
    static boolean lines(CharSequence text) {
        return written(text, true, false);
    }

    private static boolean written(CharSequence text, boolean breaks, boolean name) {
        int base = NONE; // the visible character that marks, joiners and selectors belong to
        int previous = NONE;
        for (int i = 0; i < text.length(); ) {
            int codePoint = Character.codePointAt(text, i);
            if (joiner(codePoint)) {
                if (base == NONE || joiner(previous) || (name && WITHOUT_JOINERS.contains(UnicodeScript.of(base)))) {
                    return false;
                }
            } else if (variationSelector(codePoint)) {
                if (base == NONE || previous != base || (name && !variedInNames(base))) {
                    return false;
                }
            } else if (breaks && (codePoint == '\n' || codePoint == '\r' || codePoint == '\t')) {
                base = NONE;
            } else if (!visible(codePoint)) {
                return false;
            } else if (Character.isSpaceChar(codePoint)) {
                base = NONE;
            } else if (base == NONE || !mark(codePoint)) {
                base = codePoint;
            }
            previous = codePoint;
            i += Character.charCount(codePoint);
        }
        return true;
    }

    /**
     * Whether {@code codePoint} is visible, or a space: no control, line break, half of a surrogate pair, private or default-ignorable
     * character, and not U+FFFD, which shows that the text was damaged before it arrived. A code point unknown to this JDK may be a new emoji
     * or ideograph.
     */
    static boolean visible(int codePoint) {
        if (codePoint < 0x80) {
            return codePoint >= ' ' && codePoint != 0x7F;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> !ignorable(codePoint) && !noncharacter(codePoint);
        };
    }

    /** Unicode's Default_Ignorable_Code_Point, and further code points that are invisible or stand for something else. */
    private static boolean ignorable(int c) {
        return switch (c) {
            case 0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFEFF, 0xFFA0 -> true;
            default ->
                (c >= 0x180B && c <= 0x180F)
                        || (c >= 0x200B && c <= 0x200F)
                        || (c >= 0x202A && c <= 0x202E)
                        || (c >= 0x2060 && c <= 0x206F)
                        || (c >= 0xFE00 && c <= 0xFE0F)
                        || (c >= 0xFFF0 && c <= 0xFFFD)
                        || (c >= 0x1BCA0 && c <= 0x1BCA3)
                        || (c >= 0x1D173 && c <= 0x1D17A)
                        || (c >= 0xE0000 && c <= 0xE0FFF);
        };
    }

    private static boolean noncharacter(int codePoint) {
        return (codePoint & 0xFFFE) == 0xFFFE || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
    }

    private static boolean joiner(int codePoint) {
        return codePoint == 0x200C || codePoint == 0x200D;
    }

    private static boolean variationSelector(int c) {
        return (c >= 0xFE00 && c <= 0xFE0F)
                || (c >= 0xE0100 && c <= 0xE01EF)
                || (c >= 0x180B && c <= 0x180D)
                || c == 0x180F;
    }

    private static boolean variedInNames(int base) {
        UnicodeScript script = UnicodeScript.of(base);
        return script == UnicodeScript.HAN || script == UnicodeScript.MONGOLIAN;
    }

    /** Whether it combines with the character before it. */
    static boolean mark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    /** Length of {@code text} in UTF-8, for text without halves of surrogate pairs. */
    static int utf8Length(CharSequence text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A surrogate pair is four bytes, so two for each half.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    static boolean ascii(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    static boolean letterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
