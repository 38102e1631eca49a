package org.brokerhandoff.audit.verify;

import org.brokerhandoff.event.CellRun;

/**
 * A run of a memory cell, from one start of its engine to the next.
 *
 * @param roster identifies its group of three cells
 * @param cell its number among them, from 0
 * @param run identifies the start
 */
public record CellStart(int roster, int cell, CellRun run) {
    @Override
    public String toString() {
        return "cell " + cell + " of roster " + roster;
    }
}
