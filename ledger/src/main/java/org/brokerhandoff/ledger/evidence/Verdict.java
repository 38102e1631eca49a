package org.brokerhandoff.ledger.evidence;

import java.util.List;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.note.Judgement;

/** What an evidence bundle shows under a policy. */
public sealed interface Verdict {
    /**
     * Everything holds: these are all events of the key as of the checkpoint.
     *
     * @param head the checkpoint, its level and its cosignatures
     * @param events every event of the key, in the order of the ledger
     * @param context records that stand in the ledger, too; others of their kind may be missing
     */
    record Holds(Judgement.Accepted head, List<Leaf.Present> events, List<Leaf> context) implements Verdict {
        public Holds {
            events = List.copyOf(events);
            context = List.copyOf(context);
        }
    }

    /** Something does not hold; {@code reason} names the first thing. The bundle shows nothing. */
    record Fails(String reason) implements Verdict {}

    /** This program cannot tell, because a newer one, or a JVM with another algorithm, is needed. */
    record Undecided(String reason) implements Verdict {}
}
