package org.brokerhandoff.sandbox;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks signatures as Standard Webhooks says. Without secrets everything passes. */
final class WebhookVerifier {
    /** How far the sender's clock may be off, and how long a captured request can be replayed. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final List<WebhookSecret> secrets;

    WebhookVerifier(List<WebhookSecret> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    /** What is wrong with the signature; empty if nothing is. */
    Optional<String> problem(
            @Nullable String id, @Nullable String timestamp, @Nullable String signatures, byte[] body, Instant now) {
        if (secrets.isEmpty()) {
            return Optional.empty();
        }
        if (id == null || id.isEmpty() || timestamp == null || signatures == null) {
            return Optional.of("webhook-id, webhook-timestamp and webhook-signature are required");
        }
        long sentAt;
        try {
            sentAt = Long.parseLong(timestamp);
        } catch (NumberFormatException e) {
            return Optional.of("webhook-timestamp is not a number of seconds");
        }
        long nowSeconds = now.getEpochSecond();
        if (sentAt < nowSeconds - TOLERANCE.toSeconds() || sentAt > nowSeconds + TOLERANCE.toSeconds()) {
            return Optional.of("webhook-timestamp is more than 5 minutes off");
        }
        for (WebhookSecret secret : secrets) {
            // Computed once per secret, whatever number of signatures a hostile sender lists.
            byte[] expected = secret.hmac(id, timestamp, body);
            for (String signature : signatures.split(" ", -1)) {
                if (signature.startsWith("v1,") && matches(expected, signature.substring(3))) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of("webhook-signature does not match");
    }

    private static boolean matches(byte[] expected, String base64) {
        try {
            return MessageDigest.isEqual(expected, Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
