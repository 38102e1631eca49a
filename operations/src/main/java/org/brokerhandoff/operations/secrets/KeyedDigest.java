package org.brokerhandoff.operations.secrets;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 of a client and its idempotency key, shortened, so that only those who have the secret can link the two. Not thread-safe. */
public final class KeyedDigest {
    /** Stored bytes of a digest: enough that no two keys of a day collide, too few to be worth more. */
    public static final int BYTES = 16;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    /** Under {@code key}, which is copied. */
    public KeyedDigest(byte[] key) {
        this.mac = mac(key);
    }

    /** Under a key that is made of a secret and a salt. */
    public static KeyedDigest of(byte[] secret, byte[] salt) {
        return new KeyedDigest(mac(secret).doFinal(salt));
    }

    /** The digest. */
    public byte[] bytes(String client, String key) {
        mac.update(client.getBytes(StandardCharsets.UTF_8));
        // Client ids have no control characters, so the encoding of pairs is unambiguous.
        mac.update((byte) 0);
        return Arrays.copyOf(mac.doFinal(key.getBytes(StandardCharsets.UTF_8)), BYTES);
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
