package org.brokerhandoff.ledgerservice.round;

import java.util.List;
import org.brokerhandoff.ledger.replay.Run;

/**
 * The content of the next entry.
 *
 * @param runs one for each topic-partition with settled leaves, in the order of {@link Tail}s
 * @param settledMillis append time before which no record is missing after this entry, milliseconds
 * @param more whether settled records are left for another entry
 */
public record Round(List<Run> runs, long settledMillis, boolean more) {
    public Round {
        runs = List.copyOf(runs);
    }
}
