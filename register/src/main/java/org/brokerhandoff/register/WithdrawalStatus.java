package org.brokerhandoff.register;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;

/**
 * The withdrawal of a consent.
 *
 * @param at when
 * @param outcome what it found
 * @param method how it came
 * @param brokerConfirmedAt when every broker that had to be told had confirmed it
 * @param notice where the notice to them stands; empty if no broker holds or may hold the signup
 */
public record WithdrawalStatus(
        Instant at,
        WithdrawalOutcome outcome,
        WithdrawalMethod method,
        Optional<Instant> brokerConfirmedAt,
        Optional<NoticeStatus> notice) {}
