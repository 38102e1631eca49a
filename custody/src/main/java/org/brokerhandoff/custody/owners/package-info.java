/**
 * Which process owns a partition: {@link org.brokerhandoff.custody.owners.PartitionLeases} gives out a lease for each, held by one process at
 * a time; on one host freed by the kernel when that process dies.
 *
 * <p>What must not live here: Kafka, slots, and any decision about what is done under a lease.
 */
@NullMarked
package org.brokerhandoff.custody.owners;

import org.jspecify.annotations.NullMarked;
