package org.brokerhandoff.bench.memory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** The forms that a 256-bit key may have in memory. Each half alone counts as a finding. */
public final class KeyForms {
    private static final int HALF_BYTES = 16;

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
}
