package org.brokerhandoff.audit.state;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a verification continues from, and up to where it leaves something for the next one.
 *
 * @param from what was verified before; empty: nothing
 * @param until number of the first entry of the ledger that the next state does not have; 0: no state is made
 * @param folder where its parts are put until all are there
 */
public record Continuation(Optional<AuditState> from, long until, Path folder) {
    /** Number of the first entry that was not verified before. */
    public long first() {
        return from.map(state -> state.header().checkpoint().size()).orElse(0L);
    }

    /** Whether there is more to keep than was kept before. */
    public boolean saves() {
        return until > first();
    }

    /** The part of a partition. */
    public Path part(int partition) {
        return folder.resolve("verified-" + partition);
    }
}
