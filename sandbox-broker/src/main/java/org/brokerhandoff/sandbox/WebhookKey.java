package org.brokerhandoff.sandbox;

/** A key that a broker verifies Standard Webhooks signatures with. Cannot be printed. */
public sealed interface WebhookKey permits WebhookSecret, WebhookKeyPair, WebhookPublicKey {
    /**
     * Reads the text form: {@code whsec_…}, {@code whsk_…} or {@code whpk_…}.
     *
     * @throws IllegalArgumentException if it is none of them; the message does not repeat it
     */
    static WebhookKey parse(String text) {
        String trimmed = text.strip();
        if (trimmed.startsWith(WebhookKeyPair.PREFIX)) {
            return WebhookKeyPair.parse(trimmed);
        }
        return trimmed.startsWith(WebhookPublicKey.PREFIX)
                ? WebhookPublicKey.parse(trimmed)
                : WebhookSecret.parse(trimmed);
    }

    /** Name of the signature scheme: {@code v1} or {@code v1a}. */
    String scheme();

    /** Whether {@code signature} is this key's of {@code content}, which is {@code id.timestamp.body}. */
    boolean verifies(byte[] content, byte[] signature);
}
