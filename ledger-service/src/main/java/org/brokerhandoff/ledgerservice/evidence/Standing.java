package org.brokerhandoff.ledgerservice.evidence;

import java.util.List;
import java.util.UUID;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.index.IndexProof;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledgerservice.evidence.LeafPositions.Position;

/**
 * What the ledger says of one id as of a checkpoint. All else that evidence needs is in the folder and in Kafka, where it does not change.
 *
 * @param partition the one that the id's events stand in
 * @param size entries under the checkpoint
 * @param topics base names, in the ledger's order
 * @param indexes newest index line of each partition
 * @param proof what the partition's index says of the id
 * @param positions where the id's leaves stand, in the ledger's order
 * @param checkpoint the published note
 */
public record Standing(
        UUID id,
        int partition,
        long size,
        List<String> topics,
        List<IndexLine> indexes,
        IndexProof proof,
        List<Position> positions,
        SignedNote checkpoint) {
    /** Copies the lists. */
    public Standing {
        topics = List.copyOf(topics);
        indexes = List.copyOf(indexes);
        positions = List.copyOf(positions);
    }
}
