package org.brokerhandoff.sandbox;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One request and what was done with it; nothing of a person.
 *
 * @param at when its head had arrived
 * @param kind {@code handoff}, {@code ping}, {@code question}, {@code notice}
 * @param signupId the signup it names, if it could be read
 * @param answer what was answered, or done instead
 * @param signed whether the signature was right
 * @param signature the same as text for people, with the key that verified it, or why none did
 */
public record Exchange(
        Instant at, String kind, Optional<UUID> signupId, String answer, Signed signed, String signature) {
    /** What checking a signature came to. */
    public enum Signed {
        /** By one of the keys. */
        RIGHT,
        /** By none of the keys, or missing, or of another time. */
        WRONG,
        /** There is no key here, or it is a question that needs no signature. */
        NOT_CHECKED
    }

    /** Whether the request was answered as one that went well (2xx). */
    boolean isTaken() {
        return answer.startsWith("2");
    }

    /** Is told of each exchange, on the event loop: must not block for long. */
    @FunctionalInterface
    public interface Listener {
        /** Called when it is decided what will be answered. */
        void seen(Exchange exchange);
    }
}
