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
 * What the ledger says of one id as of a checkpoint. All else that evidence needs is in the folder and in Kafka, where it does not change.
 *
 * @param partition the one that the id's events stand in
 * @param size entries under the checkpoint
 * @param topics in the ledger's order
 * @param indexes newest index line of each partition
 * @param proof what the partition's index says of the id
 * @param records where leaves stand
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
     * Where leaves stand.
     *
     * @param own the id's, in the ledger's order, with those that are about it and have another key
     * @param context those that signups are judged by; of the whole ledger, also of what came since
     */
    public record Records(List<Position> own, ContextCatalog context) {
        /** Copies the list. */
        public Records {
            own = List.copyOf(own);
        }
    }
}
