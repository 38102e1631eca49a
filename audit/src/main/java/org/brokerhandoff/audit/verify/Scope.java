package org.brokerhandoff.audit.verify;

import java.time.Instant;
import org.brokerhandoff.audit.replay.PlaceBook;

/**
 * What checks may know besides the thing that they check.
 *
 * @param partitions partitions of every kept topic
 * @param publications the policies and directories in the log
 * @param places the places under brokers' caps, of all partitions
 * @param now the auditor's clock; a signup without a purge is open until its deadline has passed by it
 * @param complete whether a signup that is still open is a violation too
 */
public record Scope(int partitions, Publications publications, PlaceBook places, Instant now, boolean complete) {}
