package org.brokerhandoff.router.mapping;

import java.util.BitSet;

/** How many digits of an international telephone number are the calling code: ITU-T E.164, list of assigned country codes. */
final class CallingCodes {
    // Two digits; 1 and 7 stand alone, and all others have three.
    private static final int[] OF_TWO_DIGITS = {
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61,
        62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98
    };
    private static final BitSet TWO_DIGITS = new BitSet();

    static {
        for (int code : OF_TWO_DIGITS) {
            TWO_DIGITS.set(code);
        }
    }

    private CallingCodes() {}

    /** Length of the calling code with which the digits from {@code from} on begin. */
    static int length(byte[] digits, int from, int to) {
        if (to - from < 3) {
            return 0;
        }
        int first = digits[from] - '0';
        if (first == 1 || first == 7) {
            return 1;
        }
        return TWO_DIGITS.get(first * 10 + (digits[from + 1] - '0')) ? 2 : 3;
    }
}
