package org.brokerhandoff.ledgerservice.outside;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.ledgerservice.round.Halt.Reason;

/**
 * External knowledge of the ledger. A host restored as a whole is consistent with itself; only this reveals the restore.
 *
 * @param source its source, for messages
 * @param size of the newest checkpoint there
 * @param note that checkpoint, if it is served
 */
public record Known(String source, long size, Optional<SignedNote> note) {
    /** The knowledge in {@code note}; empty if its text is not a checkpoint. */
    public static Optional<Known> of(String source, SignedNote note) {
        return checkpoint(note).map(checkpoint -> new Known(source, checkpoint.size(), Optional.of(note)));
    }

    /**
     * Compares it with the local ledger.
     *
     * @param leaves hashes of all local entries
     * @param signedByUs whether one of the log's keys has signed a note. For an unsigned note only the size counts, as for a bare answer:
     *     better stopped by a wrong witness than two signed trees
     * @throws Halt if more is known than is local, or another tree
     */
    public void compare(List<Hash> leaves, Predicate<SignedNote> signedByUs) throws Halt {
        if (size > leaves.size()) {
            throw new Halt(
                    Reason.LEDGER_RESTORED,
                    source + " has a checkpoint of size " + size + ", but there are " + leaves.size() + " entries");
        }
        Optional<Hash> root = note.filter(signedByUs).flatMap(Known::checkpoint).map(Checkpoint::root);
        if (root.isPresent() && !root.get().equals(MerkleTree.root(leaves.subList(0, (int) size)))) {
            throw new Halt(Reason.LEDGER_RESTORED, source + " has a checkpoint of size " + size + " over another tree");
        }
    }

    private static Optional<Checkpoint> checkpoint(SignedNote note) {
        try {
            return Optional.of(Checkpoint.parse(note.text()));
        } catch (MalformedNote e) {
            return Optional.empty();
        }
    }
}
