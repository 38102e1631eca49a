package org.brokerhandoff.registerservice.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Which brokers must be notified of which withdrawals and requests, and what has become of the notices. {@link #read} and {@link #ended} block. */
public interface NoticeSource {
    /**
     * The withdrawals and requests in progress that this process has to look after, as the log has them at this moment: nothing that was
     * acknowledged before the question is missing. What cannot be known to be that fresh is left out.
     */
    Reading read();

    /** Nothing is left to do about these. */
    void ended(Collection<Cause> causes);

    /** The partition that a signup is in. */
    int partition(UUID signupId);

    /** Whether this process has a partition now. */
    boolean ours(int partition);

    /**
     * What was read.
     *
     * @param causes the withdrawals and requests
     * @param behind this process's partitions that were left out: what is not among the causes may be in them
     * @param waited how long others were waited for, which is no work
     */
    record Reading(List<OpenCause> causes, Set<Integer> behind, Duration waited) {
        /** Copies the list and the set. */
        public Reading {
            causes = List.copyOf(causes);
            behind = Set.copyOf(behind);
        }
    }

    /**
     * What brokers are notified of.
     *
     * @param requestId the request as to the signup; empty: the withdrawal of its consent
     */
    record Cause(UUID signupId, Optional<UUID> requestId) {}

    /**
     * A withdrawal or a request, and its notices.
     *
     * @param occurredAt when the consent was withdrawn, or the request was made
     * @param notices one for each broker that holds or may hold the signup
     */
    record OpenCause(Cause cause, Instant occurredAt, List<Notice> notices) {
        /** Copies the list. */
        public OpenCause {
            notices = List.copyOf(notices);
        }
    }
}
