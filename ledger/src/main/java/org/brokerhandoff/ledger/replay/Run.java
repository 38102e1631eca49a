package org.brokerhandoff.ledger.replay;

import java.util.List;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.index.PrefixIndex;
import org.brokerhandoff.ledger.merkle.MerkleTree;

/**
 * Consecutive leaves of one topic-partition: the content of a segment.
 *
 * @param topic base name, without an installation's prefix
 * @param first offset of the first leaf
 */
public record Run(String topic, int partition, long first, List<LeafDigest> leaves) {
    public Run {
        leaves = List.copyOf(leaves);
    }

    /** The segment over these leaves. */
    public Segment segment() {
        return new Segment(
                topic,
                partition,
                first,
                leaves.size(),
                MerkleTree.root(leaves.stream().map(LeafDigest::hash).toList()));
    }

    /** Appends the leaves to the histories of their keys; leaves without a key are skipped. */
    public void appendTo(PrefixIndex index) {
        leaves.forEach(leaf -> leaf.path().ifPresent(path -> index.append(path, leaf.hash())));
    }
}
