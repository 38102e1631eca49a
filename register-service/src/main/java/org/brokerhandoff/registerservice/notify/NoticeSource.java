package org.brokerhandoff.registerservice.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Who holds which withdrawn signup, and what has become of the notices. {@link #read} and {@link #ended} block. */
public interface NoticeSource {
    /**
     * The withdrawals in progress that this process has to look after, as the log has them at this moment: nothing that was
     * acknowledged before the question is missing. What cannot be known to be that fresh is left out.
     */
    Reading read();

    /** Nothing is left to do about these. */
    void ended(Collection<UUID> signups);

    /** The partition that a signup is in. */
    int partition(UUID signupId);

    /** Whether this process has a partition now. */
    boolean ours(int partition);

    /**
     * What was read.
     *
     * @param withdrawals the withdrawals
     * @param behind this process's partitions that were left out: what is not among the withdrawals may be in them
     * @param waited how long others were waited for, which is no work
     */
    record Reading(List<OpenWithdrawal> withdrawals, Set<Integer> behind, Duration waited) {
        /** Copies the list and the set. */
        public Reading {
            withdrawals = List.copyOf(withdrawals);
            behind = Set.copyOf(behind);
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
