package org.brokerhandoff.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A symmetric secret in Standard Webhooks form: {@code whsec_} and 24 to 64 bytes in base64. */
public final class WebhookSecret implements WebhookKey, WebhookSigner {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;
    private final ThreadLocal<Mac> macs;

    private WebhookSecret(byte[] key) {
        this.key = key.clone();
        this.macs = ThreadLocal.withInitial(this::newMac);
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is not one; the message does not quote it
     */
    public static WebhookSecret parse(String text) {
        String trimmed = text.strip();
        if (!trimmed.startsWith(PREFIX)) {
            throw new IllegalArgumentException("a webhook secret starts with " + PREFIX);
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(trimmed.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            // The decoder's message names the offending character of the secret, so it is not passed on.
            throw new IllegalArgumentException("the text after " + PREFIX + " is not base64");
        }
        if (key.length < 24 || key.length > 64) {
            throw new IllegalArgumentException("a webhook secret has 24 to 64 bytes, not " + key.length);
        }
        return new WebhookSecret(key);
    }

    /** A fresh secret of 32 bytes. */
    public static WebhookSecret random() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new WebhookSecret(key);
    }

    /** The text form, for a secret file. */
    public String text() {
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    @Override
    public String scheme() {
        return "v1";
    }

    @Override
    public boolean verifies(byte[] content, byte[] signature) {
        return MessageDigest.isEqual(macs.get().doFinal(content), signature);
    }

    /** Whether {@code signature} was made with the secret's text as the key, with or without the prefix: a common mistake. */
    boolean verifiesUndecoded(byte[] content, byte[] signature) {
        String text = text();
        for (String wrong : new String[] {text, text.substring(PREFIX.length())}) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(new SecretKeySpec(wrong.getBytes(StandardCharsets.UTF_8), ALGORITHM));
                if (MessageDigest.isEqual(mac.doFinal(content), signature)) {
                    return true;
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
            }
        }
        return false;
    }

    @Override
    public String sign(String id, String timestamp, byte[] body) {
        return "v1,"
                + Base64.getEncoder().encodeToString(macs.get().doFinal(WebhookSigner.content(id, timestamp, body)));
    }

    private Mac newMac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
