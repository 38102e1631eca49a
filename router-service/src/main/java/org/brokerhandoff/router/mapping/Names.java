package org.brokerhandoff.router.mapping;

import org.brokerhandoff.router.mapping.PersonSlices.Slice;

/**
 * A name in two parts, for brokers that insist: the last word, and what stands before it. That is wrong for many: for family names of
 * several words (García Márquez, van der Berg), for names with the family name first (Mao Zedong), for names without one.
 */
final class Names {
    private Names() {}

    /** What stands before the last word; empty if there is one word only. */
    static Slice first(byte[] json, Slice name) {
        int end = lastWord(json, name);
        while (end > name.from() && separator(json, name.from(), end) > 0) {
            end -= separator(json, name.from(), end);
        }
        return new Slice(name.from(), end);
    }

    /** The last word. */
    static Slice last(byte[] json, Slice name) {
        return new Slice(lastWord(json, name), name.to());
    }

    private static int lastWord(byte[] json, Slice name) {
        int start = name.to();
        while (start > name.from() && separator(json, name.from(), start) == 0) {
            start--;
        }
        return start;
    }

    /** How many of the bytes before {@code end} are one blank: U+0020, U+00A0 or U+3000 in UTF-8. JSON does not escape any of them. */
    private static int separator(byte[] json, int from, int end) {
        if (json[end - 1] == ' ') {
            return 1;
        } else if (end - from >= 2 && json[end - 2] == (byte) 0xC2 && json[end - 1] == (byte) 0xA0) {
            return 2;
        }
        return end - from >= 3
                        && json[end - 3] == (byte) 0xE3
                        && json[end - 2] == (byte) 0x80
                        && json[end - 1] == (byte) 0x80
                ? 3
                : 0;
    }
}
