package org.brokerhandoff.schemas;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.brokerhandoff.event.Digest;

/** SHA-256 digests of published texts, in their Avro and hexadecimal forms. */
public final class Digests {
    private Digests() {}

    /** SHA-256 of {@code text} in UTF-8. */
    public static Digest sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** SHA-256 of {@code bytes}. */
    public static Digest sha256(byte[] bytes) {
        return new Digest(sha256().digest(bytes));
    }

    /** For what is digested in parts. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Lower-case hexadecimal form of {@code digest}. */
    public static String hex(Digest digest) {
        return HexFormat.of().formatHex(digest.bytes());
    }

    /**
     * The digest that {@code hex} writes.
     *
     * @throws IllegalArgumentException if it is not 64 hexadecimal digits
     */
    public static Digest parseHex(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != 32) {
            throw new IllegalArgumentException("a SHA-256 digest has 64 hexadecimal digits, not " + hex.length());
        }
        return new Digest(bytes);
    }
}
