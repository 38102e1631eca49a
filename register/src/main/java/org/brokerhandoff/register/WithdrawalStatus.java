package org.brokerhandoff.register;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.event.WithdrawalOutcome;

/** The withdrawal of a consent: when, what it found, and when the broker confirmed it, if one had to be told and has. */
public record WithdrawalStatus(Instant at, WithdrawalOutcome outcome, Optional<Instant> brokerConfirmedAt) {}
