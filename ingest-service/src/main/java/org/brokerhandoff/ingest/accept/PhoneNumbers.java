package org.brokerhandoff.ingest.accept;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;

/**
 * Telephone numbers, national or international: digits, blanks and {@code -().}, with one {@code +} before the first digit. Anything
 * else is refused before the library sees it: it reads letters as the keys they stand on, text as a remark, and digits of any script,
 * so that what it makes of "06 12 34 XX XX" is another person's number. The library makes strings of a number, which cannot be wiped: what they leave on the
 * heap is overwritten later (docs/custody.md).
 */
final class PhoneNumbers {
    /** E.164 has 15 digits; the rest is room for separators. Also bounds the library's regular expressions. */
    private static final int MOST_CHARACTERS = 40;

    private static final PhoneNumberUtil LIBRARY = PhoneNumberUtil.getInstance();

    private PhoneNumbers() {}

    /** The number in E.164; empty if it is not a valid number, read as one of {@code country} where it has no country code. */
    static Optional<String> normalised(CharSequence text, String country) {
        if (text.length() > MOST_CHARACTERS || !digitsAndSeparators(text)) {
            return Optional.empty();
        }
        try {
            PhoneNumber number = LIBRARY.parse(ClearText.copy(text), country);
            // An extension has no place in E.164, so the number would reach another desk.
            return !number.hasExtension() && LIBRARY.isValidNumber(number)
                    ? Optional.of(LIBRARY.format(number, PhoneNumberUtil.PhoneNumberFormat.E164))
                    : Optional.empty();
        } catch (NumberParseException e) {
            return Optional.empty();
        }
    }

    private static boolean digitsAndSeparators(CharSequence text) {
        boolean started = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+' && started) {
                return false;
            }
            boolean digit = c >= '0' && c <= '9';
            if (!digit && "+ -().".indexOf(c) < 0) {
                return false;
            }
            started |= digit || c == '+';
        }
        return started;
    }
}
