package org.brokerhandoff.audit.witness;

import java.util.Optional;
import org.brokerhandoff.ledger.note.Checkpoint;

/** What a witness examines before it cosigns, besides that the tree has grown. */
interface LedgerCheck extends AutoCloseable {
    /** Nothing. */
    LedgerCheck NONE = checkpoint -> Optional.empty();

    /**
     * What is wrong with the ledger up to {@code checkpoint}; empty if nothing is. Not for several threads.
     *
     * @throws org.brokerhandoff.eventlog.EventLogUnavailable if that cannot be found out now
     */
    Optional<String> objection(Checkpoint checkpoint);

    @Override
    default void close() {}
}
