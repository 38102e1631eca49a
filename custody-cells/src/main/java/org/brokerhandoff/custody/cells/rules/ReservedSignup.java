package org.brokerhandoff.custody.cells.rules;

import java.time.Instant;
import java.util.UUID;

/**
 * What an idempotency key was reserved for.
 *
 * @param signupId the signup
 * @param receivedAt when its request arrived
 * @param eraseBy deadline for the proof of its purge
 * @param request SHA-256 of what the request says in kept topics, 64 hexadecimal digits
 * @param givenAt when its consent was given
 */
public record ReservedSignup(UUID signupId, Instant receivedAt, Instant eraseBy, String request, Instant givenAt) {}
