package org.brokerhandoff.router.directory;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Scheme {@code v1a}: Ed25519 under {@code whsk_} and base64 of the private key, of which the broker has the public half only. The
 * private key is the 32 bytes of RFC 8032, or these and the public key after them, as the Standard Webhooks tools write it.
 */
final class Ed25519Secret implements WebhookSecret {
    static final String PREFIX = "whsk_";

    private final PrivateKey key;
    private final ThreadLocal<Signature> signatures = ThreadLocal.withInitial(Ed25519Secret::newSignature);

    private Ed25519Secret(PrivateKey key) {
        this.key = key;
    }

    static Optional<WebhookSecret> parse(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (bytes.length != Ed25519Keys.BYTES && bytes.length != 2 * Ed25519Keys.BYTES) {
            return Optional.empty();
        }
        Ed25519Keys keys = Ed25519Keys.of(Arrays.copyOf(bytes, Ed25519Keys.BYTES));
        // Halves of two pairs would make signatures that no broker can verify.
        boolean pair = bytes.length == Ed25519Keys.BYTES
                || Arrays.equals(
                        keys.publicBytes(), Arrays.copyOfRange(bytes, Ed25519Keys.BYTES, 2 * Ed25519Keys.BYTES));
        return pair ? Optional.of(new Ed25519Secret(keys.privateKey())) : Optional.empty();
    }

    @Override
    public String scheme() {
        return "v1a";
    }

    @Override
    public String sign(byte[] prefix, byte[] body, int length) {
        try {
            Signature signature = signatures.get();
            signature.initSign(key);
            signature.update(prefix);
            signature.update(body, 0, length);
            return "v1a," + Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an Ed25519 key signs everything", e);
        }
    }

    private static Signature newSignature() {
        try {
            return Signature.getInstance("Ed25519");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 has Ed25519", e);
        }
    }

    @Override
    public String toString() {
        return "Ed25519Secret[redacted]";
    }
}
