/**
 * Threads that own partitions. All work for the signups of a partition is done in one lane, sequentially, so none of it needs
 * a lock. Completions from elsewhere (Kafka's acknowledgements, custody's syncs, timers) are put into the lane's mailbox and
 * compute nothing where they arrive.
 *
 * <p>This package knows nothing of signups.
 */
@NullMarked
package org.brokerhandoff.router.lane;

import org.jspecify.annotations.NullMarked;
