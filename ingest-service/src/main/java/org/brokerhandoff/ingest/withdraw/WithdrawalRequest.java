package org.brokerhandoff.ingest.withdraw;

import java.util.UUID;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.ingest.authentication.Caller;

/**
 * A request to withdraw a consent.
 *
 * @param caller signups that it may not act on are unknown to it
 * @param method how the person withdrew
 */
public record WithdrawalRequest(UUID signupId, Caller caller, WithdrawalMethod method) {}
