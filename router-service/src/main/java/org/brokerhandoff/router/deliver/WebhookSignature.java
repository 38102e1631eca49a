package org.brokerhandoff.router.deliver;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.directory.WebhookSecret;

/**
 * Standard Webhooks signatures over {@code id.timestamp.body}, one per secret, so that a broker can change its secret without losing
 * a request: {@code v1} is HMAC-SHA256, {@code v1a} Ed25519.
 *
 * @param id header {@code webhook-id}: for a handoff the signup id, the same in every attempt
 * @param timestampSeconds header {@code webhook-timestamp}
 * @param signature header {@code webhook-signature}
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard Webhooks</a>
 */
public record WebhookSignature(String id, long timestampSeconds, String signature) {
    /** Signs {@code body} with every secret, the current one first. */
    public static WebhookSignature of(String id, Instant now, PersonalData body, List<WebhookSecret> secrets) {
        return body.expose((bytes, length) -> of(id, now, bytes, length, secrets));
    }

    /** Signs a body that says nothing of a person: a question (empty), a ping, a notice. */
    public static WebhookSignature of(String id, Instant now, byte[] body, List<WebhookSecret> secrets) {
        return of(id, now, body, body.length, secrets);
    }

    private static WebhookSignature of(String id, Instant now, byte[] body, int length, List<WebhookSecret> secrets) {
        long seconds = now.getEpochSecond();
        byte[] prefix = (id + '.' + seconds + '.').getBytes(StandardCharsets.UTF_8);
        StringBuilder signatures = new StringBuilder();
        for (WebhookSecret secret : secrets) {
            if (!signatures.isEmpty()) {
                signatures.append(' ');
            }
            signatures.append(secret.sign(prefix, body, length));
        }
        return new WebhookSignature(id, seconds, signatures.toString());
    }
}
