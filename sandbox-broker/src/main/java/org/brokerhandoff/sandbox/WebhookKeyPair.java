package org.brokerhandoff.sandbox;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A key pair for scheme {@code v1a}, in Standard Webhooks form: {@code whsk_} and the 32 private and 32 public bytes of an Ed25519 key in
 * base64. A real broker has only the public half.
 */
public final class WebhookKeyPair implements WebhookKey, WebhookSigner {
    static final String PREFIX = "whsk_";
    // The prefix of the 32 bytes in a PKCS #8 key (RFC 8410).
    private static final byte[] PKCS8_HEAD = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final PrivateKey privateKey;
    private final WebhookPublicKey publicKey;

    private WebhookKeyPair(PrivateKey privateKey, WebhookPublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is not one; the message does not quote it
     */
    public static WebhookKeyPair parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip().substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the text after " + PREFIX + " is not base64");
        }
        if (bytes.length != 2 * WebhookPublicKey.BYTES) {
            throw new IllegalArgumentException("a key pair has 64 bytes, not " + bytes.length);
        }
        byte[] encoded = new byte[PKCS8_HEAD.length + WebhookPublicKey.BYTES];
        System.arraycopy(PKCS8_HEAD, 0, encoded, 0, PKCS8_HEAD.length);
        System.arraycopy(bytes, 0, encoded, PKCS8_HEAD.length, WebhookPublicKey.BYTES);
        try {
            return new WebhookKeyPair(
                    KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded)),
                    WebhookPublicKey.of(Arrays.copyOfRange(bytes, WebhookPublicKey.BYTES, bytes.length)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 key pair");
        }
    }

    @Override
    public String scheme() {
        return "v1a";
    }

    @Override
    public boolean verifies(byte[] content, byte[] signature) {
        return publicKey.verifies(content, signature);
    }

    @Override
    public String sign(String id, String timestamp, byte[] body) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(privateKey);
            signer.update(WebhookSigner.content(id, timestamp, body));
            return "v1a," + Base64.getEncoder().encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an Ed25519 key signs everything", e);
        }
    }

    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
