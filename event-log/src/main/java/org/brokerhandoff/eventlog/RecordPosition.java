package org.brokerhandoff.eventlog;

import java.time.Instant;

/**
 * Position of an acknowledged record.
 *
 * @param partition the partition, from 0
 * @param offset the offset in it; -1 if the broker did not report it
 * @param appendedAt the broker's clock at the append
 */
public record RecordPosition(int partition, long offset, Instant appendedAt) {}
