package org.brokerhandoff.router.directory;

import java.util.Optional;

/**
 * A Standard Webhooks signing key, as a secret file has it. Cannot be printed, and the key does not leave it: it signs.
 *
 * <p>Safe for use by several threads.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard Webhooks</a>
 */
public sealed interface WebhookSecret permits HmacSecret, Ed25519Secret {
    /** What a secret file has to hold, for messages that say it does not. */
    String FORMS =
            "\"whsec_\" and 24 to 64 bytes in base64, or \"whsk_\" and an Ed25519 private key of 32 or 64 bytes in base64";

    /** The secret that {@code text} writes; empty if it does not write one. */
    static Optional<WebhookSecret> parse(String text) {
        String trimmed = text.strip();
        if (trimmed.startsWith(HmacSecret.PREFIX)) {
            return HmacSecret.parse(trimmed.substring(HmacSecret.PREFIX.length()));
        }
        return trimmed.startsWith(Ed25519Secret.PREFIX)
                ? Ed25519Secret.parse(trimmed.substring(Ed25519Secret.PREFIX.length()))
                : Optional.empty();
    }

    /** Whether {@code text} has a secret somewhere in it, well-formed or not. */
    static boolean isIn(String text) {
        return text.contains(HmacSecret.PREFIX) || text.contains(Ed25519Secret.PREFIX);
    }

    /** Name of the signature scheme: {@code v1} or {@code v1a}. */
    String scheme();

    /**
     * One signature for the header {@code webhook-signature}: the scheme, a comma, and the signature in base64.
     *
     * @param prefix {@code id.timestamp.}
     * @param body the body is its first {@code length} bytes; not changed and not kept
     */
    String sign(byte[] prefix, byte[] body, int length);
}
