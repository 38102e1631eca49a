package org.brokerhandoff.router.kafka;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.brokerhandoff.router.domain.History;

/** Reads the histories of the signups of a partition. */
@FunctionalInterface
public interface Histories {
    /** Of those with a slot, all that have one since {@code firstUnfinished}; blocks, and throws if Kafka cannot be reached. */
    Map<UUID, History> histories(int partition, Instant firstUnfinished);
}
