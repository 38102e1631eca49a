package org.brokerhandoff.ledgerservice;

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
import org.brokerhandoff.ledgerservice.witness.Witnesses.Known;

/** What others know of the ledger against what is here: a host that was restored as a whole agrees with itself. */
final class OutsideCopies {
    private OutsideCopies() {}

    /**
     * Compares.
     *
     * @param leaves hashes of all entries that are here
     * @param signedByUs whether one of the log's keys has signed a note. Of a note that none has, only the size counts, as that of a bare answer:
     *     better stopped by a witness that is wrong than two trees signed
     * @throws Halt if more is known than is here, or another tree
     */
    static void compare(Known known, List<Hash> leaves, Predicate<SignedNote> signedByUs) throws Halt {
        if (known.size() > leaves.size()) {
            throw new Halt(
                    Reason.LEDGER_RESTORED,
                    "witness " + known.witness() + " has cosigned size " + known.size() + ", and there are "
                            + leaves.size() + " entries");
        }
        Optional<Hash> root = known.note().filter(signedByUs).flatMap(OutsideCopies::root);
        if (root.isPresent() && !root.get().equals(MerkleTree.root(leaves.subList(0, (int) known.size())))) {
            throw new Halt(
                    Reason.LEDGER_RESTORED,
                    "witness " + known.witness() + " has cosigned another tree of size " + known.size());
        }
    }

    private static Optional<Hash> root(SignedNote note) {
        try {
            return Optional.of(Checkpoint.parse(note.text()).root());
        } catch (MalformedNote e) {
            return Optional.empty();
        }
    }
}
