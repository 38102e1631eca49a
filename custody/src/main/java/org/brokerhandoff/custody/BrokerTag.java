package org.brokerhandoff.custody;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * 24 bits that stand for a broker in a slot: the first three bytes of SHA-256 of the broker id, with 0 mapped to 1
 * because 0 means none. Two brokers of one directory may collide, or one with {@link #TAKEN_BACK}; the code that loads a
 * directory checks that.
 */
public record BrokerTag(int value) {
    /** No broker. */
    public static final BrokerTag NONE = new BrokerTag(0);

    /**
     * No broker: what routers without leases wrote into a slot before a release, counted as an attempt. It may still be read from a slot
     * file of theirs. The tag of the empty text, which is no broker's id.
     */
    public static final BrokerTag TAKEN_BACK = of("");

    public BrokerTag {
        if (value < 0 || value > 0xFF_FFFF) {
            throw new IllegalArgumentException("broker tag " + value + " is not a 24-bit number");
        }
    }

    /** The tag of a broker id. */
    public static BrokerTag of(String brokerId) {
        byte[] digest;
        try {
            digest = MessageDigest.getInstance("SHA-256").digest(brokerId.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        int value = (digest[0] & 0xFF) << 16 | (digest[1] & 0xFF) << 8 | (digest[2] & 0xFF);
        return new BrokerTag(value == 0 ? 1 : value);
    }
}
