/**
 * Threads that own partitions. Everything that is done for the signups of a partition is done in one lane, one thing after the other, so
 * none of it needs a lock. What completes elsewhere (Kafka's acknowledgements, custody's syncs, timers) is put into the lane's mailbox and
 * computes nothing where it arrives.
 *
 * <p>Nothing in here knows what a signup is.
 */
@NullMarked
package org.brokerhandoff.router.lane;

import org.jspecify.annotations.NullMarked;
