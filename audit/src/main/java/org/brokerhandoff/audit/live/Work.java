package org.brokerhandoff.audit.live;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/**
 * Something due.
 *
 * @param what type of the request or notice, or the basis of a request for disclosure
 * @param requestId empty: the withdrawal of a consent
 * @param broker who must answer; empty: the operator
 * @param due empty: no deadline
 */
record Work(
        Kind kind,
        Enum<?> what,
        UUID signupId,
        Optional<UUID> requestId,
        Optional<String> broker,
        Instant since,
        Optional<Instant> due,
        boolean escalated) {

    /** Kind of matter. */
    enum Kind {
        /** A person's request. */
        REQUEST,
        /** A request that data be disclosed. */
        DISCLOSURE,
        /** A notice that a broker has not answered. */
        NOTICE
    }

    /** The most urgent first; those without a deadline last. */
    static final Comparator<Work> BY_DEADLINE = Comparator.comparing(
                    (Work work) -> work.due().orElse(Instant.MAX))
            .thenComparing(Work::since)
            .thenComparing(Work::signupId);

    boolean overdue(Instant now) {
        return due.filter(at -> at.isBefore(now)).isPresent();
    }

    Work until(Instant newDue) {
        return new Work(kind, what, signupId, requestId, broker, since, Optional.of(newDue), escalated);
    }

    Work asEscalated() {
        return new Work(kind, what, signupId, requestId, broker, since, due, true);
    }
}
