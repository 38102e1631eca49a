package org.brokerhandoff.sandbox;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One request and its treatment; no personal data.
 *
 * @param at when its head had arrived
 * @param kind {@code handoff}, {@code ping}, {@code question}, {@code notice}
 * @param signupId the signup it names, if it could be read
 * @param answer the answer, or what was done instead
 * @param signed whether the signature was valid
 * @param signature the same as text for people, with the key that verified it, or why none did
 */
public record Exchange(
        Instant at, String kind, Optional<UUID> signupId, String answer, Signed signed, String signature) {
    /** Result of a signature check. */
    public enum Signed {
        /** Valid by one of the keys. */
        RIGHT,
        /** Valid by none of the keys, missing, or outdated. */
        WRONG,
        /** There is no key here, or it is a poll, which needs no signature. */
        NOT_CHECKED
    }

    /** Whether the request succeeded (2xx). */
    boolean isTaken() {
        return answer.startsWith("2");
    }

    /** Receives each exchange, on the event loop: must not block for long. */
    @FunctionalInterface
    public interface Listener {
        /** Called when the answer is decided. */
        void seen(Exchange exchange);
    }
}
