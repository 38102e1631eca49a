package org.brokerhandoff.ledgerservice.evidence;

import java.util.List;
import java.util.UUID;
import org.brokerhandoff.eventlog.context.ContextCatalog;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.index.IndexProof;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledgerservice.evidence.LeafPositions.Position;

/**
 * The ledger's lookup of one id as of a checkpoint. All other data of evidence is immutable, in the folder and in Kafka.
 *
 * @param partition partition of the id's events
 * @param size entries under the checkpoint
 * @param topics in the ledger's order
 * @param indexes newest index line of each partition
 * @param proof the partition's index proof for the id
 * @param records positions of the leaves
 * @param checkpoint the published note
 */
public record Standing(
        UUID id,
        int partition,
        long size,
        List<TopicLine> topics,
        List<IndexLine> indexes,
        IndexProof proof,
        Records records,
        SignedNote checkpoint) {
    /** Copies the lists. */
    public Standing {
        topics = List.copyOf(topics);
        indexes = List.copyOf(indexes);
    }

    /**
     * Positions of leaves.
     *
     * @param own the id's, in the ledger's order, including those about it with another key
     * @param context those needed to judge signups; of the whole ledger, including later ones
     */
    public record Records(List<Position> own, ContextCatalog context) {
        /** Copies the list. */
        public Records {
            own = List.copyOf(own);
        }
    }
}
