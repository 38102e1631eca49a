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
 * @param signature the result of checking the signature, as text for people
 */
public record Exchange(Instant at, String kind, Optional<UUID> signupId, String answer, String signature) {
    /** Is told of each exchange, on the event loop: must not block for long. */
    @FunctionalInterface
    public interface Listener {
        /** Called when it is decided what will be answered. */
        void seen(Exchange exchange);
    }
}
