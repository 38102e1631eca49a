package org.brokerhandoff.router.purge;

import java.util.Set;

/** Why a purge whose key is destroyed is not claimed yet. */
public sealed interface PurgeWait {
    /** Its record is not cut, or the cut is not verified: minutes at most, unless a signup before it is stuck. */
    record ForCut() implements PurgeWait {}

    /** These Kafka brokers have the partition and are not in sync, so it is not known what they serve when they come back. */
    record ForReplicas(Set<Integer> brokers) implements PurgeWait {
        /** Copies the set. */
        public ForReplicas {
            brokers = Set.copyOf(brokers);
        }
    }

    /**
     * No broker serves the record; files may still hold it.
     *
     * @param brokers those whose files of {@code signups} may
     * @param parkedBrokers those whose files of the parked topic may
     */
    record ForErasure(Set<Integer> brokers, Set<Integer> parkedBrokers) implements PurgeWait {
        /** Copies the sets. */
        public ForErasure {
            brokers = Set.copyOf(brokers);
            parkedBrokers = Set.copyOf(parkedBrokers);
        }
    }
}
