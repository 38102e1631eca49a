package org.brokerhandoff.custody.service;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.cells.cell.CellClient;
import org.brokerhandoff.custody.cells.cell.CellLook;
import org.brokerhandoff.custody.cells.decisions.DatabaseExaminer;
import org.brokerhandoff.custody.cells.decisions.DecisionSettings;
import org.brokerhandoff.custody.preflight.Preflight;

/** Looks once at all that a custody of cells rests on, for an operator. Blocks, and changes nothing. */
public final class CellsPreflight {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private CellsPreflight() {}

    /**
     * Examines the database, each cell and this process.
     *
     * @param beside a file of this process, such as the one of the setting {@code HANDOFF_CUSTODY_FILE}
     */
    public static CellsExamination examine(CellsConfiguration where, Path beside, InstantSource clock) {
        try (CellClient client = new CellClient(LIMIT, where.certificates())) {
            List<CellLook> cells = where.cells().stream()
                    .map(address -> client.look(address, clock))
                    .toList();
            return CellsExamination.of(where, database(where), cells, Preflight.ofMemory(beside));
        }
    }

    private static DatabaseLook database(CellsConfiguration where) {
        String place = where.url().split("[?]", 2)[0];
        try {
            return new DatabaseLook.Answered(
                    place,
                    DatabaseExaminer.look(new DecisionSettings(where.url(), where.user(), where.password(), LIMIT)));
        } catch (CustodyException e) {
            return new DatabaseLook.Silent(place, String.valueOf(e.getMessage()));
        }
    }
}
