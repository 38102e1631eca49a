package org.brokerhandoff.router.directory;

import java.util.Base64;
import java.util.Optional;

/**
 * A Standard Webhooks signing secret, {@code whsec_} and 24 to 64 bytes in base64. Cannot be printed.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard Webhooks,
 *     symmetric secrets</a>
 */
public final class WebhookSecret {
    static final String PREFIX = "whsec_";
    private static final int LEAST_BYTES = 24;
    private static final int MOST_BYTES = 64;

    private final byte[] key;

    private WebhookSecret(byte[] key) {
        this.key = key;
    }

    /** The secret that {@code text} writes; empty if it does not write one. */
    public static Optional<WebhookSecret> parse(String text) {
        String trimmed = text.strip();
        if (!trimmed.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] key = Base64.getDecoder().decode(trimmed.substring(PREFIX.length()));
            return key.length >= LEAST_BYTES && key.length <= MOST_BYTES
                    ? Optional.of(new WebhookSecret(key))
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** The HMAC key, not a copy. */
    public byte[] key() {
        return key;
    }

    @Override
    public String toString() {
        return "WebhookSecret[redacted]";
    }
}
