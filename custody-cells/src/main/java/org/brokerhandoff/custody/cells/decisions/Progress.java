package org.brokerhandoff.custody.cells.decisions;

import java.util.Optional;
import java.util.UUID;

/**
 * How far a database of decisions has come.
 *
 * @param database of this database and of all its copies
 * @param serial grows with every look of every process
 */
public record Progress(UUID database, long serial) {
    /** At least so far it is after one more step. */
    public Progress further() {
        return new Progress(database, serial + 1);
    }

    /**
     * Why a database that is seen like this is not the one that was seen like {@code before}, or an older copy of it; empty if it is. What it had
     * committed for this process it has: each look was waited for.
     */
    public Optional<String> doubt(Progress before) {
        if (!database.equals(before.database)) {
            return Optional.of(
                    "the database of custody is another one than the services of this host have used before");
        }
        return serial < before.serial
                ? Optional.of("the database of custody is an older copy: it is at " + serial
                        + ", and the services of this host have seen it at " + before.serial)
                : Optional.empty();
    }
}
