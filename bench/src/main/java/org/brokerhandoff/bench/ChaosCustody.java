package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.bench.hosts.Hosts;

/**
 * Where a run has its keys.
 *
 * @param engines cells and database, if they are there; else they are in a slot file
 */
record ChaosCustody(Optional<CellEngines> engines) implements AutoCloseable {
    static ChaosCustody inFile() {
        return new ChaosCustody(Optional.empty());
    }

    /** In cells with their agents, beside {@code directory}, with a database for the register too. */
    static ChaosCustody inCells(Path directory, Hosts hosts) throws IOException, InterruptedException {
        Path folder = directory.resolveSibling(directory.getFileName() + "-engines");
        Rig.empty(folder);
        CellEngines engines = new CellEngines(folder, "", hosts);
        try {
            engines.database.execute("CREATE DATABASE register");
            engines.startAgents();
            return new ChaosCustody(Optional.of(engines));
        } catch (IOException | RuntimeException e) {
            engines.close();
            throw e;
        }
    }

    /** The services' settings for it. */
    Map<String, String> settings() throws IOException {
        return engines.isEmpty()
                ? Map.of()
                : Map.of(
                        "HANDOFF_CUSTODY",
                        engines.get().setting(),
                        "HANDOFF_REGISTER_URL",
                        engines.get().database.url("register"),
                        "HANDOFF_REGISTER_USER",
                        EngineDatabase.USER);
    }

    @Override
    public void close() {
        engines.ifPresent(CellEngines::close);
    }
}
