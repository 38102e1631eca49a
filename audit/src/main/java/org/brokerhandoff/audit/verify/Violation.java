package org.brokerhandoff.audit.verify;

import java.util.Optional;
import java.util.UUID;

/**
 * One violation of one rule.
 *
 * @param rule the rule's code
 * @param signupId the signup it concerns, if one can be named
 * @param place the record or partition, such as {@code handoffs-3@1042}, if the breach is about the log itself
 * @param sentence the fault, without personal data
 */
public record Violation(String rule, Optional<UUID> signupId, Optional<String> place, String sentence) {}
