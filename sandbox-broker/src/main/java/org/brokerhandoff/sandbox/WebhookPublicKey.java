package org.brokerhandoff.sandbox;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** The public half of a pair, in Standard Webhooks form: {@code whpk_} and the 32 bytes of an Ed25519 key in base64. */
public final class WebhookPublicKey implements WebhookKey {
    static final String PREFIX = "whpk_";
    static final int BYTES = 32;
    // The prefix of the 32 bytes in a SubjectPublicKeyInfo (RFC 8410).
    private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

    private final PublicKey key;

    private WebhookPublicKey(PublicKey key) {
        this.key = key;
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is not one; the message does not quote it
     */
    public static WebhookPublicKey parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip().substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the text after " + PREFIX + " is not base64");
        }
        return of(bytes);
    }

    static WebhookPublicKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, not " + bytes.length);
        }
        byte[] encoded = new byte[X509_HEAD.length + BYTES];
        System.arraycopy(X509_HEAD, 0, encoded, 0, X509_HEAD.length);
        System.arraycopy(bytes, 0, encoded, X509_HEAD.length, BYTES);
        try {
            return new WebhookPublicKey(
                    KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 public key");
        }
    }

    @Override
    public String scheme() {
        return "v1a";
    }

    @Override
    public boolean verifies(byte[] content, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(content);
            return verifier.verify(signature);
        } catch (GeneralSecurityException notASignature) {
            return false;
        }
    }

    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
