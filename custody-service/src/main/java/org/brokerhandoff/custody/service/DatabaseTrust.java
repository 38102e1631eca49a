package org.brokerhandoff.custody.service;

import java.nio.file.Path;
import java.util.Optional;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.cells.decisions.Progress;
import org.brokerhandoff.custody.cells.decisions.ProgressTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database is the one that it was, with all that it has committed. What it has forgotten – holds, offers, restrictions – this process
 * cannot know, so an older copy is refused until an operator takes it as it is.
 */
final class DatabaseTrust {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseTrust.class);
    private static final String REMEDY =
            ". Promote the standby, or restore a newer copy; to continue with this one, and lose what was decided since, set"
                    + " acceptOlder: true below database in the cells file for one start of each service (docs/several-hosts.md)";

    private final ProgressTable table;
    private final ProgressFile file;
    private Progress last; // on the looking thread, after the start
    private volatile Optional<String> doubt = Optional.empty();

    /**
     * Compares it with what this host has seen.
     *
     * @param acceptOlder whether an operator takes it as it is
     * @throws CustodyException if it is an older copy, or another one, and is not accepted
     */
    DatabaseTrust(ProgressTable table, Path localFile, boolean acceptOlder) {
        this.table = table;
        this.file = new ProgressFile(localFile);
        Progress now = table.seen();
        Optional<String> older = file.seen().flatMap(now::doubt);
        if (older.isPresent() && !acceptOlder) {
            throw new CustodyException(older.get() + REMEDY);
        }
        older.ifPresent(said -> LOG.warn("{}; accepted by acceptOlder", said));
        this.last = now;
        file.note(now);
    }

    /** Advances the serial, and checks whether the database was replaced since the last time. Blocks; one thread. */
    void look() {
        Progress next = table.next();
        Optional<String> found = next.doubt(last.further());
        if (found.isPresent() && doubt.isEmpty()) {
            doubt = found.map(said -> said + REMEDY);
            LOG.error("{}", doubt.orElseThrow());
        } else if (found.isEmpty()) {
            last = next;
            file.note(next);
        }
    }

    /** Why nothing may be decided any more; stays until the process is started again. */
    Optional<String> doubt() {
        return doubt;
    }
}
