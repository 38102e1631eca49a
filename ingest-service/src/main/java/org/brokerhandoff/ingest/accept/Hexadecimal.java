package org.brokerhandoff.ingest.accept;

import java.util.Locale;
import java.util.Optional;

/** SHA-256 digests in hexadecimal. */
final class Hexadecimal {
    private static final int SHA256_DIGITS = 64;

    private Hexadecimal() {}

    /** The digest in lower case; empty if there are not exactly 64 hexadecimal digits. */
    static Optional<String> sha256(String text) {
        if (text.length() != SHA256_DIGITS) {
            return Optional.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) >= 0x80) {
                return Optional.empty();
            }
        }
        return Optional.of(text.toLowerCase(Locale.ROOT));
    }
}
