package org.brokerhandoff.audit.verify;

import java.time.Instant;

/**
 * What checks may know besides the thing that they check.
 *
 * @param partitions partitions of every kept topic
 * @param publications the policies and directories in the log
 * @param now the auditor's clock; a signup without a purge is open until its deadline has passed by it
 * @param complete whether a signup that is still open is a violation too
 */
public record Scope(int partitions, Publications publications, Instant now, boolean complete) {}
