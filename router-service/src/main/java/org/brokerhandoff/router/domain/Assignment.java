package org.brokerhandoff.router.domain;

import java.time.Instant;

/**
 * A recorded decision: this broker, and no other, is offered the signup.
 *
 * @param broker the broker's id
 * @param hop 0 for the first broker, one more after each refusal
 * @param decidedAt the decision's clock
 */
public record Assignment(String broker, int hop, Instant decidedAt) {}
