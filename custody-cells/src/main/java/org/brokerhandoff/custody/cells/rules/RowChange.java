package org.brokerhandoff.custody.cells.rules;

/** What a decision does to a row. */
public sealed interface RowChange {
    /** Nothing. */
    record Keep() implements RowChange {}

    /**
     * Writes it, also where it is as it was: the commit then waits for all commits before it, of which it may not be known whether the standby has
     * them.
     */
    record Write(CustodyRow row) implements RowChange {}

    /** Deletes it. */
    record Delete() implements RowChange {}
}
