package org.brokerhandoff.custody.service;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.brokerhandoff.custody.CustodySettings;

/** Opens the custody that the settings choose. */
public final class Custodies {
    private Custodies() {}

    /**
     * Opens custody.
     *
     * @param file the slot file, if there are no cells
     * @param keysetFile the keys under which its keys are wrapped
     * @param cells where the cells are, if custody is in cells
     * @param clock gives the times of holds and erasures
     * @throws org.brokerhandoff.custody.CustodyException if it cannot be opened; cells may be away
     */
    public static ServiceCustody open(
            CustodySettings file, Path keysetFile, Optional<CellsConfiguration> cells, InstantSource clock) {
        return cells.map(where -> CellsServiceCustody.open(where, file.file(), clock))
                .orElseGet(() -> FileServiceCustody.open(file, keysetFile, clock));
    }
}
