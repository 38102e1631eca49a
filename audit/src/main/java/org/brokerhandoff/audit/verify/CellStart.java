package org.brokerhandoff.audit.verify;

import org.brokerhandoff.event.CellRun;

/**
 * A memory cell, from one start of its engine to the next.
 *
 * @param roster which three cells it is one of
 * @param cell its number among them, from 0
 * @param run which start
 */
public record CellStart(int roster, int cell, CellRun run) {
    @Override
    public String toString() {
        return "cell " + cell + " of roster " + roster;
    }
}
