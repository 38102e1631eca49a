package org.brokerhandoff.ingest.accept;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The texts of published documents. */
public final class DocumentTexts {
    /** A long privacy policy has some 60 KiB. */
    public static final int MOST_BYTES = 256 * 1024;

    private DocumentTexts() {}

    /**
     * {@code text} in UTF-8, unchanged; empty if it is blank, too long, or contains half of a surrogate pair, which UTF-8 cannot encode, or a
     * control character other than line breaks and tabs.
     */
    static Optional<byte[]> encoded(String text) {
        if (text.isBlank() || text.length() > MOST_BYTES || text.chars().anyMatch(DocumentTexts::control)) {
            return Optional.empty();
        }
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return Optional.of(bytes).filter(all -> all.length <= MOST_BYTES);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean control(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t';
    }
}
