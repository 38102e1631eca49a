package org.brokerhandoff.register;

import java.util.Optional;
import java.util.UUID;

/**
 * Whose an id is.
 *
 * @param owner of the API key that the signup was submitted with; empty if none was recorded
 * @param rectified what the id stands for, if it is that of the new data of a rectification and no signup's
 */
public record SignupOwner(Optional<String> owner, Optional<Rectified> rectified) {
    /** The signup whose data is wrong, and the request. */
    public record Rectified(UUID signupId, UUID requestId) {}
}
