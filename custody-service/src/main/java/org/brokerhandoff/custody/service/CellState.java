package org.brokerhandoff.custody.service;

import java.util.List;

/** How a cell is, as this process sees it. */
sealed interface CellState {
    /** It takes and gives shares. */
    record Fit() implements CellState {}

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
