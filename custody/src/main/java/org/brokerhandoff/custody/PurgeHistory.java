package org.brokerhandoff.custody;

import java.time.Instant;
import java.util.UUID;

/** The purges that the event log has: what must not be in the slot file any more. */
public interface PurgeHistory {
    /** Told of each purge. */
    interface Handler {
        /** This use of the slot was purged. */
        void purged(UUID signupId, int slot, int generation);
    }

    /**
     * Tells of every purge that was published at {@code from} or later, up to the end as it is now; blocks.
     *
     * @throws RuntimeException if the log cannot be read; nothing may be concluded from what was told until then
     */
    void since(Instant from, Handler handler);
}
