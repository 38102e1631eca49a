package org.brokerhandoff.ingest.accept;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;

/**
 * Telephone numbers, national or international: digits, blanks and {@code -().}, with one {@code +} before the first digit. Anything else is
 * refused before the library sees it: the library reads letters as the keys they are printed on, text as a remark, and digits of any script,
 * so that it would turn "06 12 34 XX XX" into another person's number. It creates strings of a number, which cannot be wiped: their remains
 * on the heap are overwritten later (docs/custody.md).
 */
final class PhoneNumbers {
    /** E.164 has 15 digits; the rest allows for separators. Also bounds the library's regular expressions. */
    private static final int MOST_CHARACTERS = 40;

    private static final PhoneNumberUtil LIBRARY = PhoneNumberUtil.getInstance();

    private PhoneNumbers() {}

    /** The number in E.164; empty if it is invalid. Without a country code it is read as a number of {@code country}. */
    static Optional<String> normalised(CharSequence text, String country) {
        if (text.length() > MOST_CHARACTERS || !digitsAndSeparators(text)) {
            return Optional.empty();
        }
        try {
            PhoneNumber number = LIBRARY.parse(ClearText.copy(text), country);
            // An extension cannot be expressed in E.164, so the number would reach another desk.
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
