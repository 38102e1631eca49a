package org.brokerhandoff.audit.verify;

import java.util.UUID;

/** What a signup's events claim, and what others claim too, so that one of them is not true. */
public record Contradiction(UUID signupId, String sentence) {}
