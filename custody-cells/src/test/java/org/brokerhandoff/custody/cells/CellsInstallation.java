package org.brokerhandoff.custody.cells;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.cells.cell.Cell;
import org.brokerhandoff.custody.cells.cell.CellClient;
import org.brokerhandoff.custody.cells.cell.CellProcess;
import org.brokerhandoff.custody.cells.decisions.DatabaseProcess;
import org.brokerhandoff.custody.cells.decisions.DecisionStore;

/** Three real cells, a real PostgreSQL with a synchronous standby, and hosts' custodies over them. */
final class CellsInstallation implements AutoCloseable {
    /** A cell that is stopped is given up after it, and one on a busy machine is not. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    final List<CellProcess> cells = new ArrayList<>();
    final DatabaseProcess primary;
    final DatabaseProcess standby;
    private final CellClient client;

    private CellsInstallation(Path folder) {
        this.client = new CellClient(LIMIT);
        for (int i = 0; i < 3; i++) {
            cells.add(CellProcess.start(folder.resolve("cell" + i)));
        }
        this.primary = DatabaseProcess.start(folder.resolve("primary"));
        this.standby = primary.standby(folder.resolve("standby"));
    }

    /** Skips the test, and says why, where an engine is missing. */
    static CellsInstallation start(Path folder) {
        CellProcess.assumeInstalled();
        DatabaseProcess.assumeInstalled();
        return new CellsInstallation(folder);
    }

    /** One host's parts; closed with their custody. */
    record Host(CellsCustody custody, DecisionStore store, CellRoster roster, List<Cell> cells) {
        void awaitUsable() {
            await().atMost(60, TimeUnit.SECONDS).until(() -> cells.stream().allMatch(Cell::usable));
        }
    }

    Host host(InstantSource clock) {
        DecisionStore store = DecisionStore.open(primary.settings(Duration.ofSeconds(20)));
        CellWatch watch = new CellWatch();
        List<Cell> reached = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Cell cell = new Cell(i, cells.get(i).address(), client, InstantSource.system(), watch);
            cell.start();
            reached.add(cell);
        }
        CellRoster roster = new CellRoster(reached, new SecureRandom());
        Host host = new Host(
                new CellsCustody(store, roster, watch, 1, clock, new SecureRandom(), HoldTerms.NONE),
                store,
                roster,
                List.copyOf(reached));
        host.awaitUsable();
        return host;
    }

    @Override
    public void close() {
        client.close();
        standby.close();
        primary.close();
        cells.forEach(CellProcess::close);
    }
}
