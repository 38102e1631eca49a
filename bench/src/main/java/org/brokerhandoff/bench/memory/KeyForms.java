package org.brokerhandoff.bench.memory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** The forms that a 256-bit key, or a part of one, may have in memory. Each half of a key, and each quarter of a part, alone counts as a finding. */
public final class KeyForms {
    private static final int HALF_BYTES = 16;
    private static final int WORD_BYTES = 8;

    private KeyForms() {}

    /**
     * Adds a key. A key schedule is found by its beginning, which is the key: as bytes, or as 32-bit numbers in native byte order, as in the
     * {@code int[]} of the JDK's ciphers.
     */
    public static void addTo(Patterns patterns, Subject subject, byte[] key) {
        byte[] swapped = new byte[key.length];
        for (int i = 0; i < key.length; i++) {
            swapped[i] = key[i ^ 3];
        }
        for (int half = 0; half < key.length; half += HALF_BYTES) {
            patterns.add(subject, "bytes", Arrays.copyOfRange(key, half, half + HALF_BYTES));
            patterns.add(subject, "numbers", Arrays.copyOfRange(swapped, half, half + HALF_BYTES));
        }
        patterns.add(subject, "hex", HexFormat.of().formatHex(key).getBytes(StandardCharsets.US_ASCII));
        patterns.add(subject, "base64", Arrays.copyOf(Base64.getEncoder().encode(key), key.length * 4 / 3));
        Arrays.fill(swapped, (byte) 0);
    }

    /** Adds a part of a key: each eight bytes of it, as they are and as a 64-bit number in native byte order, in which shares are computed. */
    public static void addPartTo(Patterns patterns, Subject subject, byte[] part) {
        for (int at = 0; at < part.length; at += WORD_BYTES) {
            byte[] word = Arrays.copyOfRange(part, at, at + WORD_BYTES);
            patterns.add(subject, "bytes", word);
            byte[] swapped = new byte[WORD_BYTES];
            for (int i = 0; i < WORD_BYTES; i++) {
                swapped[i] = word[WORD_BYTES - 1 - i];
            }
            patterns.add(subject, "number", swapped);
        }
        patterns.add(subject, "hex", HexFormat.of().formatHex(part).getBytes(StandardCharsets.US_ASCII));
        patterns.add(subject, "base64", Arrays.copyOf(Base64.getEncoder().encode(part), part.length * 4 / 3));
    }
}
