package org.brokerhandoff.custody.cells.cell;

import java.util.List;
import org.brokerhandoff.custody.cells.fitness.CellFacts;
import org.brokerhandoff.custody.cells.fitness.CellFinding;

/** Told of a cell, on a thread of the cell's own; must not block for long. */
public interface CellListener {
    /**
     * A connection was opened and the engine was examined.
     *
     * @param startedAgain whether it is another start of the engine than this process has seen before, or the first that it sees: what it had may
     *     be gone
     * @param facts what the engine says of itself
     * @param findings why it is not used; none if it is fit
     */
    void examined(int cell, boolean startedAgain, CellFacts facts, List<CellFinding> findings);

    /** There is no connection any more; it is tried again. */
    void lost(int cell);
}
