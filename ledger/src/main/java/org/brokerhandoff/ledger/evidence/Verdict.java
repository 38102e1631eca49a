package org.brokerhandoff.ledger.evidence;

import java.util.List;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.note.Judgement;

/** The verdict on an evidence bundle under a policy. */
public sealed interface Verdict {
    /**
     * Everything holds: these are all events of the key as of the checkpoint.
     *
     * @param head the checkpoint, its level and its cosignatures
     * @param events every event of the key, in the order of the ledger
     * @param context records that are in the ledger, too; others of their kind may be missing
     */
    record Holds(Judgement.Accepted head, List<Leaf.Present> events, List<Leaf> context) implements Verdict {
        public Holds {
            events = List.copyOf(events);
            context = List.copyOf(context);
        }
    }

    /** Invalid; {@code reason} names the first fault. The bundle proves nothing. */
    record Fails(String reason) implements Verdict {}

    /** Undecided: a newer program, or a JVM with another algorithm, is needed. */
    record Undecided(String reason) implements Verdict {}
}
