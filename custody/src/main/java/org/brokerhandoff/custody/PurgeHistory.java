package org.brokerhandoff.custody;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What the event log says about slots and signups that must no longer have a key, or whose key must not be used. */
@FunctionalInterface
public interface PurgeHistory {
    /** Told of each. */
    interface Handler {
        /** This use of the slot was purged. */
        void purged(UUID signupId, int slot, int generation);

        /**
         * This signup's key is no longer needed, for this reason; its purge need not have been published yet.
         *
         * @param reason that its purge will give
         */
        void ended(UUID signupId, EraseReason reason);

        /** The erasure of this signup's data was asked for. As {@link #ended} by a withdrawal, which the log need not have. */
        void erasureRequested(UUID signupId);

        /** The processing of this signup's data was restricted, and no refusal has ended that; told when everything else was. */
        void restricted(UUID signupId);
    }

    /**
     * Tells, in any order, of every purge, and of the end and the restriction of each of {@code signups}, that was published since the moment given with it,
     * and after {@code mark}, up to the end of the log as it is now; blocks. May tell of other signups, too.
     *
     * @param signups those that have a slot in use, and when each can have been received at the earliest
     * @param mark the last that {@link SlotFile#mark} was told; what is not of this log, or damaged, does not count
     * @throws RuntimeException if the log cannot be read; nothing may be concluded from what was told until then
     */
    void since(Map<UUID, Instant> signups, Optional<byte[]> mark, Handler handler);
}
