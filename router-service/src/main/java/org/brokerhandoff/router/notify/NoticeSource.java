package org.brokerhandoff.router.notify;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Who holds which withdrawn signup, and what has become of the notices. Its methods block. */
public interface NoticeSource {
    /**
     * The withdrawals in progress that this router has to look after, as the log has them at this moment: nothing that was
     * acknowledged before the question is missing. What cannot be known to be that fresh is left out.
     */
    Reading read();

    /** Nothing is left to do about these. */
    void ended(Collection<UUID> signups);

    /**
     * What was read.
     *
     * @param withdrawals the withdrawals
     * @param behind partitions that were left out
     */
    record Reading(List<OpenWithdrawal> withdrawals, int behind) {
        /** Copies the list. */
        public Reading {
            withdrawals = List.copyOf(withdrawals);
        }
    }

    /**
     * A withdrawal and its notices.
     *
     * @param withdrawnAt when the consent was withdrawn
     * @param notices one for each broker that holds or may hold the signup
     */
    record OpenWithdrawal(UUID signupId, Instant withdrawnAt, List<Notice> notices) {
        /** Copies the list. */
        public OpenWithdrawal {
            notices = List.copyOf(notices);
        }
    }
}
