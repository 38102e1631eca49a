package org.brokerhandoff.router.domain;

import java.time.Instant;
import java.util.Optional;

/**
 * What a parked copy of a signup says beyond the signup.
 *
 * @param offset where the copy stands in the parked topic
 * @param notBefore until when the broker asked to be left alone
 * @param history what was known of the signup when the copy was written
 */
public record Parking(long offset, Optional<Instant> notBefore, History history) {}
