package org.brokerhandoff.ledgerservice;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.ledger.entry.LedgerEntry.Predecessor;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.ledgerservice.round.Halt.Reason;

/** The ledgers of other origins in topic {@code checkpoints}, each by its largest checkpoint; one of them may be this one's predecessor. */
final class OtherLedgers {
    private final Optional<String> predecessor;
    private final Map<String, Checkpoint> heads = new HashMap<>();

    /** @param predecessor origin of the previous generation, if any */
    OtherLedgers(Optional<String> predecessor) {
        this.predecessor = predecessor;
    }

    /** Adds a checkpoint of another origin. */
    void seen(Checkpoint checkpoint) {
        heads.merge(checkpoint.origin(), checkpoint, (one, two) -> one.size() >= two.size() ? one : two);
    }

    /** The head that this ledger succeeds, as far as read. */
    Optional<Predecessor> predecessor() {
        return predecessor.map(heads::get).map(head -> new Predecessor(head.origin(), head.size(), head.root()));
    }

    /**
     * Checks whether a ledger without entries may begin.
     *
     * @param succeeding whether the operator asked for the next generation
     * @throws Halt if it may not
     */
    void allowBeginning(boolean succeeding) throws Halt {
        if (!heads.isEmpty() && !succeeding) {
            throw new Halt(
                    Reason.OTHER_LEDGER,
                    "topic checkpoints has the ledger " + heads.keySet() + "; --succeed begins the next generation");
        }
        if (succeeding && predecessor().isEmpty()) {
            throw new Halt(
                    Reason.OTHER_LEDGER,
                    "no checkpoint of " + predecessor.orElse("an earlier generation")
                            + " is in the topic, so there is nothing to continue from");
        }
    }
}
