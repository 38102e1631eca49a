package org.brokerhandoff.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks the signatures of the feed's webhooks (Standard Webhooks, {@code v1}). One of several secrets is enough, while one is replaced. The
 * same webhook may come again under the same id: remember the ids of the last days.
 */
public final class WebhookVerifier {
    private static final Duration TOLERATED = Duration.ofMinutes(5);
    private static final String SECRET_PREFIX = "whsec_";
    private static final String SIGNATURE_PREFIX = "v1,";

    private final List<SecretKeySpec> keys;

    /**
     * A verifier for these secrets.
     *
     * @param secrets each {@code whsec_} and base64, as the operator gave it
     * @throws IllegalArgumentException if one has another form; the message does not quote it
     */
    public WebhookVerifier(List<String> secrets) {
        this.keys = secrets.stream().map(WebhookVerifier::key).toList();
    }

    private static SecretKeySpec key(String secret) {
        String text = secret.strip();
        if (!text.startsWith(SECRET_PREFIX)) {
            throw new IllegalArgumentException("a secret begins with " + SECRET_PREFIX);
        }
        try {
            return new SecretKeySpec(Base64.getDecoder().decode(text.substring(SECRET_PREFIX.length())), "HmacSHA256");
        } catch (IllegalArgumentException e) {
            // Not the cause: its message may quote a part of the secret.
            throw new IllegalArgumentException("a secret is base64 after " + SECRET_PREFIX);
        }
    }

    /**
     * Whether a webhook is signed, and not older or newer than five minutes.
     *
     * @param id header {@code webhook-id}
     * @param timestamp header {@code webhook-timestamp}
     * @param signatures header {@code webhook-signature}
     * @param body the bytes as they came
     * @param now by a clock that is set by a time service
     */
    public boolean holds(String id, String timestamp, String signatures, byte[] body, Instant now) {
        if (!timestamp.matches("[0-9]{1,12}") || isOff(timestamp, now)) {
            return false;
        }
        boolean holds = false;
        for (SecretKeySpec key : keys) {
            byte[] expected = (SIGNATURE_PREFIX + Base64.getEncoder().encodeToString(mac(key, id, timestamp, body)))
                    .getBytes(StandardCharsets.US_ASCII);
            for (String signature : signatures.split(" ", -1)) {
                // All are compared, each in constant time.
                holds |= MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8));
            }
        }
        return holds;
    }

    private static boolean isOff(String timestamp, Instant now) {
        try {
            return Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now)
                            .abs()
                            .compareTo(TOLERATED)
                    > 0;
        } catch (DateTimeException e) {
            return true;
        }
    }

    private static byte[] mac(SecretKeySpec key, String id, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
