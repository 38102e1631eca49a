package org.brokerhandoff.ledger.merkle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** A SHA-256 value: 32 bytes, immutable. Texts contain it as base64 with padding (RFC 4648 section 4). */
public final class Hash {
    /** Bytes of a hash. */
    public static final int BYTES = 32;

    /** 32 zero bytes: the empty subtree of the index, and the start of a chain. */
    public static final Hash ZERO = new Hash(new byte[BYTES]);

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The hash with these bytes.
     *
     * @throws IllegalArgumentException unless they are 32
     */
    public static Hash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        return new Hash(bytes.clone());
    }

    /**
     * The hash encoded by {@code base64}. Strict: each value has one text, since texts are hashed and compared.
     *
     * @throws IllegalArgumentException if it is not the canonical form of 32 bytes
     */
    public static Hash parse(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.ISO_8859_1));
        Hash hash = of(bytes);
        // The decoder accepts missing padding and stray low bits.
        if (!hash.toString().equals(base64)) {
            throw new IllegalArgumentException("not the canonical base64 form of a hash");
        }
        return hash;
    }

    /** SHA-256 of the concatenation of {@code parts}. */
    public static Hash sha256(byte[]... parts) {
        MessageDigest digest = newSha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return ended(digest);
    }

    /** The value of {@code digest}, which may be reused afterwards. */
    static Hash ended(MessageDigest digest) {
        return new Hash(digest.digest());
    }

    /** A new SHA-256 computation. */
    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Bit {@code index} of the value, bit 0 being the highest bit of byte 0. */
    public boolean bit(int index) {
        return (bytes[index >> 3] & (0x80 >> (index & 7))) != 0;
    }

    /** Number of leading bits that this value shares with {@code other}, 256 if they are equal. */
    public int commonPrefixBits(Hash other) {
        int mismatch = Arrays.mismatch(bytes, other.bytes);
        if (mismatch < 0) {
            return 8 * BYTES;
        }
        int difference = (bytes[mismatch] ^ other.bytes[mismatch]) & 0xff;
        return 8 * mismatch + Integer.numberOfLeadingZeros(difference) - 24;
    }

    void update(MessageDigest digest) {
        digest.update(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return (bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    }

    /** Base64 with padding. */
    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
