package org.brokerhandoff.register;

import java.time.Instant;
import java.util.UUID;
import org.brokerhandoff.event.RightsType;

/**
 * A request that is not answered yet.
 *
 * @param requestedAt when it was made
 * @param dueAt deadline, extensions included
 */
public record OpenRightsRequest(UUID signupId, UUID requestId, RightsType type, Instant requestedAt, Instant dueAt) {}
