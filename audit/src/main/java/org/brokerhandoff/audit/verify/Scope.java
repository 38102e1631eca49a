package org.brokerhandoff.audit.verify;

import java.time.Duration;
import java.time.Instant;
import org.brokerhandoff.audit.replay.PlaceBook;
import org.brokerhandoff.schemas.HoldTimes;

/**
 * Context of the checks.
 *
 * @param partitions partitions of every kept topic
 * @param publications the policies and directories in the log
 * @param places the places under brokers' caps, of all partitions
 * @param now the auditor's clock; a signup without a purge is open until its deadline has passed by it
 * @param complete whether a signup that is still open is a violation too
 * @param longestHold the longest hold that the installation promises
 */
public record Scope(
        int partitions,
        Publications publications,
        PlaceBook places,
        Instant now,
        boolean complete,
        Duration longestHold) {
    /** For an installation of which only the general bounds are known. */
    public Scope(int partitions, Publications publications, PlaceBook places, Instant now, boolean complete) {
        this(partitions, publications, places, now, complete, HoldTimes.LONGEST_HOLD);
    }
}
