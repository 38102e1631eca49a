package org.brokerhandoff.custody.cells.cell;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import org.brokerhandoff.custody.cells.fitness.CellFacts;

/** What came of looking at a cell once. */
public sealed interface CellLook {
    /** What its engine says of itself; the services' user gets in. */
    record Answered(CellFacts facts) implements CellLook {}

    /**
     * It was not reached, or did not let a user in.
     *
     * @param user as whom it was asked
     * @param reason kind of failure, and the engine's own code such as {@code WRONGPASS} where it gave one
     */
    record Refused(String user, String reason) implements CellLook {
        /** Whether it was reached, and then not connected any more; the client has no other exception of this very type. */
        boolean connectionEnded() {
            return reason.equals(RedisException.class.getSimpleName());
        }
    }

    /** The kind of a failure in a word or two; never a message, which may quote what was sent. */
    static String reason(RuntimeException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        // Of an engine's own message the first word is its code.
        return root.getClass().getSimpleName()
                + (root instanceof RedisCommandExecutionException
                        ? " " + String.valueOf(root.getMessage()).split(" ", 2)[0]
                        : "");
    }
}
