package org.brokerhandoff.audit.verify;

import java.util.UUID;

/** Conflicting claims of several signups' events, of which one must be false. */
public record Contradiction(UUID signupId, String sentence) {}
