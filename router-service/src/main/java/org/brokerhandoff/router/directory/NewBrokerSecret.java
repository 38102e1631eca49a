package org.brokerhandoff.router.directory;

import java.security.SecureRandom;
import java.util.Base64;

/** A fresh signing key, in the forms in which it is kept and given away. Cannot be printed by accident. */
public final class NewBrokerSecret {
    private static final int HMAC_BYTES = 32;
    private static final String PUBLIC_PREFIX = "whpk_";

    private final String secret;
    private final String forBroker;

    private NewBrokerSecret(String secret, String forBroker) {
        this.secret = secret;
        this.forBroker = forBroker;
    }

    /** A secret of scheme {@code v1}; broker and router have the same. */
    public static NewBrokerSecret symmetric(SecureRandom random) {
        byte[] key = new byte[HMAC_BYTES];
        random.nextBytes(key);
        String text = HmacSecret.PREFIX + Base64.getEncoder().encodeToString(key);
        return new NewBrokerSecret(text, text);
    }

    /** A key pair of scheme {@code v1a}. */
    public static NewBrokerSecret asymmetric(SecureRandom random) {
        byte[] key = new byte[2 * Ed25519Keys.BYTES];
        byte[] seed = new byte[Ed25519Keys.BYTES];
        random.nextBytes(seed);
        byte[] publicKey = Ed25519Keys.of(seed).publicBytes();
        System.arraycopy(seed, 0, key, 0, seed.length);
        System.arraycopy(publicKey, 0, key, seed.length, publicKey.length);
        return new NewBrokerSecret(
                Ed25519Secret.PREFIX + Base64.getEncoder().encodeToString(key),
                PUBLIC_PREFIX + Base64.getEncoder().encodeToString(publicKey));
    }

    /** The content of the secret file. */
    public String secret() {
        return secret;
    }

    /** What the broker is given to verify with: the same secret for {@code v1}, the public key ({@code whpk_…}) for {@code v1a}. */
    public String forBroker() {
        return forBroker;
    }

    @Override
    public String toString() {
        return "NewBrokerSecret[redacted]";
    }
}
