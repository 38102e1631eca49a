package org.brokerhandoff.router.purge;

import org.brokerhandoff.event.PurgeLevel;

/** What to do with a pending purge now. */
public sealed interface PurgeDecision {
    /** It is claimed at {@code level}. */
    record Claim(PurgeLevel level) implements PurgeDecision {}

    /** It waits, since a stronger claim may still be possible in time. */
    record Wait(PurgeWait reason) implements PurgeDecision {}
}
