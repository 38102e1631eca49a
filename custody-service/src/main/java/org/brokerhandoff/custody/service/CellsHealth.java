package org.brokerhandoff.custody.service;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.brokerhandoff.operations.health.Health;

/** Whether a custody of cells does its work. Nothing here asks for a restart: what is away comes back by itself. */
final class CellsHealth {
    private static final int NEEDED = 2;

    private CellsHealth() {}

    /**
     * Custody's health.
     *
     * @param databaseProblem what is wrong with the database, if anything is
     * @param cells by their numbers
     * @param sweepsFail whether the last sweep failed
     */
    static Health of(Optional<String> databaseProblem, List<CellState> cells, boolean sweepsFail) {
        if (databaseProblem.isPresent()) {
            return Health.unhealthy("custody-database", databaseProblem.get());
        }
        List<Integer> missing = IntStream.range(0, cells.size())
                .filter(cell -> !(cells.get(cell) instanceof CellState.Fit))
                .boxed()
                .toList();
        if (missing.isEmpty()) {
            return sweepsFail
                    ? Health.impaired("custody-not-swept", "the last sweep failed; it is tried again each second")
                    : Health.healthy();
        }
        String which = missing.stream()
                .map(cell -> "cell " + cell + " " + described(cells.get(cell)))
                .collect(Collectors.joining("; "));
        return cells.size() - missing.size() < NEEDED
                ? Health.unhealthy("custody-cells-away", which + "; two of three are needed")
                : Health.impaired("custody-cell-away", which + "; two of three are enough");
    }

    private static String described(CellState state) {
        return state instanceof CellState.Unfit unfit
                ? "is not fit: " + String.join(", ", unfit.findings())
                : "is away";
    }
}
