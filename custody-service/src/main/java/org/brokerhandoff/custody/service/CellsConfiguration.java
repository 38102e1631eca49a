package org.brokerhandoff.custody.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.custody.cells.cell.CellAddress;
import org.brokerhandoff.operations.configuration.KeySettings;
import org.brokerhandoff.operations.configuration.SettingsReader;

/**
 * Where the database and the three cells of a custody are.
 *
 * @param url {@code jdbc:postgresql:…}
 * @param user of the database
 * @param password of that user
 * @param acceptOlder whether a database that is an older copy of the one before is taken as it is
 * @param roster number under which rows name these three cells: another one whenever a cell is replaced by one at another place
 * @param certificates PEM file of those whose word for the cells' certificates counts; without it, cells are asked without TLS
 * @param cells three, by their numbers
 * @param idempotencyKeyFile secret of all ingest services, which have to be able to read it; others need not have the file
 */
public record CellsConfiguration(
        String url,
        Optional<String> user,
        Optional<String> password,
        boolean acceptOlder,
        int roster,
        Optional<Path> certificates,
        List<CellAddress> cells,
        Optional<Path> idempotencyKeyFile) {
    /** Copies the list. */
    public CellsConfiguration {
        cells = List.copyOf(cells);
    }

    /**
     * The configuration that the environment names; empty if custody is a file.
     *
     * @throws InvalidCells with all that is wrong with it
     */
    public static Optional<CellsConfiguration> of(SettingsReader environment) {
        Optional<Path> file = environment.get(KeySettings.CUSTODY).cellsFile();
        return file.map(CellsFile::read);
    }

    /** Prints no secret. */
    @Override
    public String toString() {
        return "CellsConfiguration[" + cells + "]";
    }
}
