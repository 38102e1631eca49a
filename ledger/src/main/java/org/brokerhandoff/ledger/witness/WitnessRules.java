package org.brokerhandoff.ledger.witness;

import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.merkle.MerkleProofs;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.VerifierKey;

/** Decides whether a witness cosigns a checkpoint. The order of the checks is the specification's, because each has its own status. */
public final class WitnessRules {
    private final List<VerifierKey> logs;
    private final Policy trusted;

    /**
     * A witness of these logs.
     *
     * @param logs the logs' keys; several keys of one name are one log whose keys rotate
     */
    public WitnessRules(List<VerifierKey> logs) {
        this.logs = List.copyOf(logs);
        this.trusted = Policy.ofLogs(logs);
    }

    /**
     * The decision on one request.
     *
     * @param latest the last checkpoint of this origin that this witness cosigned, empty if there is none
     */
    public Decision decide(AddCheckpoint request, Optional<Checkpoint> latest) {
        Checkpoint next;
        try {
            next = Checkpoint.parse(request.note().text());
        } catch (MalformedNote e) {
            return refuse(400, String.valueOf(e.getMessage()));
        }
        if (logs.stream().noneMatch(log -> log.name().equals(next.origin()))) {
            return refuse(404, "this witness does not know the log");
        }
        if (!(trusted.judge(request.note()) instanceof Judgement.Accepted)) {
            return refuse(403, "no valid signature by a trusted key of the log, or an invalid one");
        }
        if (request.oldSize() > next.size()) {
            return refuse(400, "the old size is beyond the size of the checkpoint");
        }
        long size = latest.map(Checkpoint::size).orElse(0L);
        if (request.oldSize() != size) {
            return new Decision.Conflict(size);
        }
        if (next.size() == 0 && !next.root().equals(MerkleTree.emptyRoot())) {
            return contradiction("a tree without leaves has the root of the empty tree");
        }
        // Decided here and not by the proof: every tree extends size 0, and no proof shows it.
        if (size == 0 && next.size() > 0) {
            return request.proof().isEmpty()
                    ? new Decision.Cosign(next)
                    : refuse(422, "from size 0 the consistency proof is empty");
        }
        if (size == next.size()) {
            if (!latest.map(Checkpoint::root).orElse(MerkleTree.emptyRoot()).equals(next.root())) {
                return contradiction("another root of the same size was cosigned");
            }
            return request.proof().isEmpty()
                    ? new Decision.Cosign(next)
                    : refuse(422, "from a size to itself the consistency proof is empty");
        }
        // An invalid proof may be the submitter's mistake: it proves nothing against the log.
        return MerkleProofs.consistent(size, latest.orElseThrow().root(), next.size(), next.root(), request.proof())
                ? new Decision.Cosign(next)
                : refuse(422, "the consistency proof does not verify");
    }

    private static Decision refuse(int status, String reason) {
        return new Decision.Refuse(status, reason, false);
    }

    private static Decision contradiction(String reason) {
        return new Decision.Refuse(422, reason, true);
    }
}
