package org.brokerhandoff.registerservice.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Which brokers must be notified of which withdrawals and requests, and the state of the notices. {@link #read} and {@link #ended} block. */
public interface NoticeSource {
    /**
     * The withdrawals and requests in progress of this process's partitions, as in the log at this moment: nothing acknowledged before the
     * call is missing. What cannot be guaranteed to be that fresh is omitted.
     */
    Reading read();

    /** These need no further work. */
    void ended(Collection<Cause> causes);

    /** The partition that a signup is in. */
    int partition(UUID signupId);

    /** Whether this process has a partition now. */
    boolean ours(int partition);

    /**
     * Result of a read.
     *
     * @param causes the withdrawals and requests
     * @param behind omitted partitions of this process: they may contain further causes
     * @param waited time spent waiting for others, which is not work
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
     * @param requestId the request about the signup; empty: the withdrawal of its consent
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
