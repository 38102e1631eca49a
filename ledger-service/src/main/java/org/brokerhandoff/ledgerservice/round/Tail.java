package org.brokerhandoff.ledgerservice.round;

import java.util.List;
import org.brokerhandoff.ledger.replay.LeafDigest;

/**
 * The part of one topic-partition beyond the ledger's end.
 *
 * @param topic base name
 * @param first the first offset that no segment covers
 * @param leaves the leaves read from there on, in order; possibly not all
 * @param highWatermark the offset after the last record that consumers see
 */
public record Tail(String topic, int partition, long first, List<LeafDigest> leaves, long highWatermark) {
    public Tail {
        leaves = List.copyOf(leaves);
    }

    /** Whether everything was read. */
    boolean isWhole() {
        return first + leaves.size() >= highWatermark;
    }
}
