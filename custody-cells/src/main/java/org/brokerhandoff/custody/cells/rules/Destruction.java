package org.brokerhandoff.custody.cells.rules;

/**
 * The order in which the shares of a key are destroyed, once its row says {@code ERASING}.
 *
 * <pre>
 *   destroy on each cell ───all three have ended───▶ two or three say zero ───▶ confirm (ERASED)
 *                                              └───▶ fewer ───▶ incomplete: stays ERASING, the sweep goes on
 * </pre>
 *
 * <p>All three are waited for, not the first two: a share that is left on a cell that could be reached is one half of the key, and a repair that was
 * stalled meanwhile may bring the other ({@code RepairModelTest}). A cell that does not answer ends by its time limit.
 *
 * @param ended the cells that have answered, or have not in time
 * @param zeroed those among them that read zeros back
 */
public record Destruction(CellSet ended, CellSet zeroed) {
    /** Nothing was done yet. */
    public static final Destruction BEGINNING = new Destruction(CellSet.NONE, CellSet.NONE);

    /** What is next. */
    public sealed interface Step {
        /** To be destroyed on these, at once. */
        record Destroy(CellSet cells) implements Step {}

        /** The row is to say that it is erased. */
        record Confirm(CellSet zeroed) implements Step {}

        /** The key may still be put together; the row is to note what was reached. */
        record Incomplete(CellSet zeroed) implements Step {}
    }

    /** What is next, as far as it is known. */
    public Step next() {
        if (!ended.equals(CellSet.ALL)) {
            return new Step.Destroy(ended.others());
        }
        return zeroed.majority() ? new Step.Confirm(zeroed) : new Step.Incomplete(zeroed);
    }

    /** After a cell has said that its share is zero. */
    public Destruction zero(int cell) {
        return new Destruction(ended.with(cell), zeroed.with(cell));
    }

    /** After a cell has failed, or has not answered in time. */
    public Destruction failed(int cell) {
        return new Destruction(ended.with(cell), zeroed);
    }
}
