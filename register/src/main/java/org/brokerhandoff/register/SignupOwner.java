package org.brokerhandoff.register;

import java.util.Optional;
import java.util.UUID;

/**
 * The owner of an id.
 *
 * @param owner owner of the API key that submitted the signup; empty if none was recorded
 * @param rectified the rectification, if the id is that of its new data and no signup's
 */
public record SignupOwner(Optional<String> owner, Optional<Rectified> rectified) {
    /** The signup whose data is wrong, and the request. */
    public record Rectified(UUID signupId, UUID requestId) {}
}
