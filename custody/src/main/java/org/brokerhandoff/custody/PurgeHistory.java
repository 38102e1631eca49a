package org.brokerhandoff.custody;

import java.time.Instant;
import java.util.UUID;

/** What the event log says of slots and signups that must not have a key any more. */
public interface PurgeHistory {
    /** Told of each. */
    interface Handler {
        /** This use of the slot was purged. */
        void purged(UUID signupId, int slot, int generation);

        /**
         * Nobody needs this signup's key any more, for this reason; its purge need not have been published yet.
         *
         * @param reason that its purge will give
         */
        void ended(UUID signupId, EraseReason reason);
    }

    /**
     * Tells, in any order, of every purge and of every signup's end that was published at {@code from} or later, up to the
     * end of the log as it is now; blocks.
     *
     * @throws RuntimeException if the log cannot be read; nothing may be concluded from what was told until then
     */
    void since(Instant from, Handler handler);
}
