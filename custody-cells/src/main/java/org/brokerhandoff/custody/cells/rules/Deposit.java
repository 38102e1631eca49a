package org.brokerhandoff.custody.cells.rules;

/**
 * The order in which a fresh key is brought to the cells.
 *
 * <pre>
 *   put on each cell ───all three have ended───▶ two or three took it ───▶ record (HELD)
 *                                          └───▶ fewer ───▶ give up: destroy on each, no row
 * </pre>
 *
 * <p>The row is written when all three have ended, not when two have taken it: a share that is still under way could arrive when the key has been
 * destroyed and its tombstone has expired. A killed caller leaves shares without a row, which expire and which the scan destroys.
 *
 * @param ended the cells that have answered, or whose connection was closed because they had not in time
 * @param taken those among them that have the share
 */
public record Deposit(CellSet ended, CellSet taken) {
    /** Nothing was done yet. */
    public static final Deposit BEGINNING = new Deposit(CellSet.NONE, CellSet.NONE);

    /** What is next. */
    public sealed interface Step {
        /** To be put on these, at once. */
        record Put(CellSet cells) implements Step {}

        /** The row is to be written. */
        record WriteRow() implements Step {}

        /** The key is not kept: too few cells have it. */
        record GiveUp() implements Step {}
    }

    /** What is next, as far as it is known. */
    public Step next() {
        if (!ended.equals(CellSet.ALL)) {
            return new Step.Put(ended.others());
        }
        return taken.majority() ? new Step.WriteRow() : new Step.GiveUp();
    }

    /** After a cell has taken its share. */
    public Deposit taken(int cell) {
        return new Deposit(ended.with(cell), taken.with(cell));
    }

    /** After a cell has refused, failed or not answered in time. */
    public Deposit failed(int cell) {
        return new Deposit(ended.with(cell), taken);
    }
}
