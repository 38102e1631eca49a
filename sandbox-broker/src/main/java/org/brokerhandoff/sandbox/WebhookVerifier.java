package org.brokerhandoff.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verifies signatures after Standard Webhooks, and explains failures. Without keys everything passes. */
final class WebhookVerifier {
    /** Maximum clock skew of the sender, and window for replays of a captured request. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    /** A hostile sender may list any number of signatures; each costs a verification. */
    private static final int MOST_SIGNATURES = 16;

    private final List<WebhookKey> keys;

    WebhookVerifier(List<? extends WebhookKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Result of a signature check. */
    sealed interface Verification {
        /** There is no key to verify with. */
        record Unchecked() implements Verification {}

        /**
         * Valid.
         *
         * @param scheme scheme of the signature that matched
         * @param key ordinal of the key, from 1
         */
        record Right(String scheme, int key) implements Verification {}

        /**
         * Invalid.
         *
         * @param reason the reason for the sender
         * @param hint the likely cause, for the operator of this broker; empty if unknown
         */
        record Wrong(String reason, String hint) implements Verification {}
    }

    /** The fault of the signature; empty if there is none. */
    Optional<String> problem(
            @Nullable String id, @Nullable String timestamp, @Nullable String signatures, byte[] body, Instant now) {
        return verify(id, timestamp, signatures, body, now) instanceof Verification.Wrong wrong
                ? Optional.of(wrong.reason())
                : Optional.empty();
    }

    Verification verify(
            @Nullable String id, @Nullable String timestamp, @Nullable String signatures, byte[] body, Instant now) {
        if (keys.isEmpty()) {
            return new Verification.Unchecked();
        }
        if (id == null || id.isEmpty() || timestamp == null || signatures == null) {
            List<String> missing = new ArrayList<>();
            if (id == null || id.isEmpty()) {
                missing.add("webhook-id");
            }
            if (timestamp == null) {
                missing.add("webhook-timestamp");
            }
            if (signatures == null) {
                missing.add("webhook-signature");
            }
            return new Verification.Wrong(
                    "webhook-id, webhook-timestamp and webhook-signature are required",
                    "missing: " + String.join(", ", missing));
        }
        long sentAt;
        try {
            sentAt = Long.parseLong(timestamp);
        } catch (NumberFormatException e) {
            return new Verification.Wrong("webhook-timestamp is not a number of seconds", "");
        }
        long nowSeconds = now.getEpochSecond();
        if (sentAt < nowSeconds - TOLERANCE.toSeconds() || sentAt > nowSeconds + TOLERANCE.toSeconds()) {
            return new Verification.Wrong(
                    "webhook-timestamp is more than 5 minutes off",
                    sentAt / 1_000 > nowSeconds / 2
                            ? "it looks like milliseconds; seconds are expected"
                            : "here it is " + nowSeconds + ", so the clocks differ or the request is a replay");
        }
        return match(List.of(signatures.split(" ", MOST_SIGNATURES + 1)), WebhookSigner.content(id, timestamp, body))
                .orElseGet(() -> new Verification.Wrong(
                        "webhook-signature does not match", hint(signatures, timestamp, body, id)));
    }

    private Optional<Verification> match(List<String> signatures, byte[] content) {
        for (int i = 0; i < keys.size(); i++) {
            WebhookKey key = keys.get(i);
            for (String signature : signatures.subList(0, Math.min(signatures.size(), MOST_SIGNATURES))) {
                if (bytes(signature, key.scheme())
                        .filter(bytes -> key.verifies(content, bytes))
                        .isPresent()) {
                    return Optional.of(new Verification.Right(key.scheme(), i + 1));
                }
            }
        }
        return Optional.empty();
    }

    /** Tries common mistakes. Reveals nothing of the body but its length. */
    private String hint(String signatures, String timestamp, byte[] body, String id) {
        List<String> list = List.of(signatures.split(" ", MOST_SIGNATURES + 1));
        List<String> schemes = list.stream()
                .map(signature -> signature.contains(",") ? signature.substring(0, signature.indexOf(',')) : "?")
                .map(scheme -> scheme.equals("v1") || scheme.equals("v1a") ? scheme : "?")
                .distinct()
                .toList();
        if (schemes.stream()
                .noneMatch(scheme -> keys.stream().anyMatch(key -> key.scheme().equals(scheme)))) {
            return "no signature of a scheme that a key is configured for; the header has " + String.join(" ", schemes)
                    + " (a signature is written as v1,BASE64 or v1a,BASE64)";
        }
        byte[] content = WebhookSigner.content(id, timestamp, body);
        for (WebhookKey key : keys) {
            if (key instanceof WebhookSecret secret
                    && matches(list, "v1", bytes -> secret.verifiesUndecoded(content, bytes))) {
                return "signed with the text of the secret; the key is the part after whsec_, decoded from base64";
            }
            if (matches(list, key.scheme(), bytes -> key.verifies(body, bytes))) {
                return "only the body is signed; sign ID.TIMESTAMP.BODY";
            }
            byte[] swapped = WebhookSigner.content(timestamp, id, body);
            if (matches(list, key.scheme(), bytes -> key.verifies(swapped, bytes))) {
                return "id and timestamp are in the wrong order; sign ID.TIMESTAMP.BODY";
            }
            byte[] line = Arrays.copyOf(body, body.length + 1);
            line[body.length] = '\n';
            if (matches(list, key.scheme(), bytes -> key.verifies(WebhookSigner.content(id, timestamp, line), bytes))) {
                return "the body was signed with a trailing line feed, and sent without it";
            }
        }
        return "another key, or other bytes: " + body.length
                + " arrived; sign the bytes as sent, not re-serialised JSON";
    }

    private static boolean matches(
            List<String> signatures, String scheme, java.util.function.Predicate<byte[]> verifies) {
        return signatures.stream()
                .limit(MOST_SIGNATURES)
                .anyMatch(signature -> bytes(signature, scheme).filter(verifies).isPresent());
    }

    private static Optional<byte[]> bytes(String signature, String scheme) {
        if (!signature.startsWith(scheme + ",")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getDecoder().decode(signature.substring(scheme.length() + 1)));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
