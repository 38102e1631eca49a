package org.brokerhandoff.ledgerservice.round;

import java.util.List;
import org.brokerhandoff.ledger.replay.LeafDigest;

/**
 * What stands in one topic-partition behind the ledger's end.
 *
 * @param topic base name
 * @param first the first offset that no segment covers
 * @param leaves what was read from there on, in order; may be fewer than there are
 * @param highWatermark the offset after the last record that consumers see
 */
public record Tail(String topic, int partition, long first, List<LeafDigest> leaves, long highWatermark) {
    public Tail {
        leaves = List.copyOf(leaves);
    }

    /** Whether everything that was there was read. */
    boolean isWhole() {
        return first + leaves.size() >= highWatermark;
    }
}
