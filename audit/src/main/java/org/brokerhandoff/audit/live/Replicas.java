package org.brokerhandoff.audit.live;

import java.time.Instant;

/**
 * How the log's topics are replicated.
 *
 * @param partitions of the kept and the sealed topics
 * @param missing partitions with fewer replicas in sync than they are assigned
 * @param fewest replicas of a partition
 * @param most replicas of a partition
 */
record Replicas(Instant at, int partitions, int missing, int fewest, int most) {}
