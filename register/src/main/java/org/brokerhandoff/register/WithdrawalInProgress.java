package org.brokerhandoff.register;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A withdrawal after an offer, and the brokers that have to be told.
 *
 * @param withdrawnAt when the consent was withdrawn
 * @param notices one for each broker that holds or may hold the signup, by broker id; empty if the log names none, or none yet
 */
public record WithdrawalInProgress(UUID signupId, Instant withdrawnAt, List<OwedNotice> notices) {
    /** Copies the list. */
    public WithdrawalInProgress {
        notices = List.copyOf(notices);
    }
}
