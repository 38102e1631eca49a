package org.brokerhandoff.router.deliver;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.directory.WebhookSecret;

/**
 * Standard Webhooks signature {@code v1}: base64 of HMAC-SHA256 over {@code id.timestamp.body}, one per secret, so that a broker
 * can change its secret without losing a request.
 *
 * @param id header {@code webhook-id}: the signup id, the same in every attempt
 * @param timestampSeconds header {@code webhook-timestamp}
 * @param signature header {@code webhook-signature}
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard Webhooks</a>
 */
public record WebhookSignature(String id, long timestampSeconds, String signature) {
    /** Signs {@code body} with every secret, the current one first. */
    public static WebhookSignature of(String id, Instant now, PersonalData body, List<WebhookSecret> secrets) {
        byte[] prefix = (id + "." + now.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8);
        String signatures = secrets.stream()
                .map(secret -> "v1," + Base64.getEncoder().encodeToString(hmac(secret, prefix, body)))
                .collect(Collectors.joining(" "));
        return new WebhookSignature(id, now.getEpochSecond(), signatures);
    }

    private static byte[] hmac(WebhookSecret secret, byte[] prefix, PersonalData body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.key(), "HmacSHA256"));
            mac.update(prefix);
            return body.expose((bytes, length) -> {
                mac.update(bytes, 0, length);
                return mac.doFinal();
            });
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
