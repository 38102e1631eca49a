package org.brokerhandoff.register;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;

/**
 * The withdrawal of a consent.
 *
 * @param at when
 * @param outcome its outcome
 * @param method its channel
 * @param brokerConfirmedAt when every broker that had to be notified had confirmed it
 * @param notice status of the notices; empty if no broker holds or may hold the signup
 */
public record WithdrawalStatus(
        Instant at,
        WithdrawalOutcome outcome,
        WithdrawalMethod method,
        Optional<Instant> brokerConfirmedAt,
        Optional<NoticeStatus> notice) {}
