package org.brokerhandoff.ledgerservice.round;

import java.util.List;
import org.brokerhandoff.ledger.replay.Run;

/**
 * What the next entry takes in.
 *
 * @param runs one for each topic-partition with settled leaves, in the order of {@link Tail}s
 * @param settledMillis append time before which no record is missing after this entry, milliseconds
 * @param more settled records are left for another entry
 */
public record Round(List<Run> runs, long settledMillis, boolean more) {
    public Round {
        runs = List.copyOf(runs);
    }
}
