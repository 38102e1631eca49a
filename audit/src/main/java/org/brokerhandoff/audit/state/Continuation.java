package org.brokerhandoff.audit.state;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a verification continues, and what it saves for the next one.
 *
 * @param from the state of the earlier verification; empty: none
 * @param until number of the ledger's first entry that the next state does not contain; 0: no state is written
 * @param folder where its parts are collected until complete
 */
public record Continuation(Optional<AuditState> from, long until, Path folder) {
    /** Number of the first entry that was not verified before. */
    public long first() {
        return from.map(state -> state.header().checkpoint().size()).orElse(0L);
    }

    /** Whether there is more to save than before. */
    public boolean saves() {
        return until > first();
    }

    /** The part of a partition. */
    public Path part(int partition) {
        return folder.resolve("verified-" + partition);
    }
}
