package org.brokerhandoff.audit.witness;

import java.util.Optional;
import org.brokerhandoff.ledger.note.Checkpoint;

/** What a witness checks before it cosigns, besides that the tree has grown. */
interface LedgerCheck extends AutoCloseable {
    /** Nothing. */
    LedgerCheck NONE = checkpoint -> Optional.empty();

    /**
     * The fault of the ledger up to {@code checkpoint}; empty if there is none. Not thread-safe.
     *
     * @throws org.brokerhandoff.eventlog.EventLogUnavailable if that cannot be determined now
     */
    Optional<String> objection(Checkpoint checkpoint);

    @Override
    default void close() {}
}
