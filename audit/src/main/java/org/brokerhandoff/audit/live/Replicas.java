package org.brokerhandoff.audit.live;

import java.time.Instant;

/**
 * Replication state of the log's topics.
 *
 * @param partitions of the kept and the sealed topics
 * @param missing partitions with fewer replicas in sync than assigned
 * @param fewest replicas of a partition
 * @param most replicas of a partition
 */
record Replicas(Instant at, int partitions, int missing, int fewest, int most) {}
