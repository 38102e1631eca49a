package org.brokerhandoff.custody.service;

import java.util.List;
import java.util.Optional;
import org.brokerhandoff.custody.cells.fitness.HostReport;

/** How a cell is, as this process sees it. */
sealed interface CellState {
    /**
     * It takes and gives shares.
     *
     * @param runId of its engine: 40 hexadecimal digits, other ones at every start
     * @param host what is known of its memory
     */
    record Fit(String runId, Optional<HostReport> host) implements CellState {}

    /** It has no connection. */
    record Away() implements CellState {}

    /**
     * It is set up so that it must not have shares.
     *
     * @param findings what is wrong
     */
    record Unfit(List<String> findings) implements CellState {
        /** Copies the list. */
        public Unfit {
            findings = List.copyOf(findings);
        }
    }
}
