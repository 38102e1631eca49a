package org.brokerhandoff.router.purge;

import java.util.Set;
import java.util.UUID;

/**
 * Of which signups a sealed copy stands in one partition of the topic for records that could not be processed. A value. Such a copy is
 * served until the topic's retention ends, so of these signups it would not be true that no broker serves their data. A record
 * without a signup's id in key or content was not written by ingest or router, and counts as no signup's.
 *
 * @param signups by the copies' keys, and by what can be read of them
 */
public record SetAsideCopies(Set<UUID> signups) {
    /** No copies. */
    public static final SetAsideCopies NONE = new SetAsideCopies(Set.of());

    /** Copies the set. */
    public SetAsideCopies {
        signups = Set.copyOf(signups);
    }

    /** Whether a copy of this signup may stand there. */
    public boolean mayHold(UUID signupId) {
        return signups.contains(signupId);
    }
}
