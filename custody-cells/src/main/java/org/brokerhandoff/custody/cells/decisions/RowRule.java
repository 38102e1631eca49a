package org.brokerhandoff.custody.cells.decisions;

import java.util.Optional;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.Decision;

/** What is decided on one row. Pure: it may be asked several times, until what it was told is still so when its answer is written. */
@FunctionalInterface
public interface RowRule<T> {
    /**
     * Decides.
     *
     * @param row empty if it is gone, or another signup's
     * @param owner whether the fencing token holds; true where there is none
     */
    Decision<T> decide(Optional<CustodyRow> row, boolean owner);
}
