package org.brokerhandoff.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokerhandoff.bench.hosts.Loopback;
import org.brokerhandoff.bench.load.CustodyLoad;
import org.brokerhandoff.bench.load.CustodyLoadReport;
import org.brokerhandoff.bench.load.LoadCell;
import org.brokerhandoff.bench.load.LoadResult;
import org.brokerhandoff.bench.load.StubAddress;
import org.brokerhandoff.operations.process.ProductVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./handoff bench custody-load}: what custody on several hosts costs beside a slot file. */
@Command(
        name = "custody-load",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Sends the same load through three installations in turn: keys in a slot file; keys in cells; and these with",
            "two ingest services and two routers. Each gets a steady rate, for latencies and CPU per signup of every",
            "process, then more than it sustains, for the number of signups per second. All share this machine."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:at the steady rate all were accepted, and every accepted signup was delivered and purged",
            "1:not",
            "2:could not run"
        })
final class CustodyLoadCommand implements Callable<Integer> {
    private static final StubAddress BROKER = new StubAddress(false, 0);

    @Option(
            names = "--rate",
            defaultValue = "300",
            description = "steady rate, in signups per second (default: ${DEFAULT-VALUE})")
    private int ratePerSecond;

    @Option(
            names = "--highest-rate",
            defaultValue = "2000",
            description = "rate that is more than can be sustained (default: ${DEFAULT-VALUE})")
    private int highestRate;

    @Option(names = "--seconds", defaultValue = "10", description = "seconds of each load (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "20",
            description = "seconds of warm-up of each installation (default: ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(
            names = "--connections",
            defaultValue = "64",
            description = "connections of the website; at most that many signups are on their way to ingest"
                    + " (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--rounds",
            defaultValue = "1",
            description = "how often each installation is loaded, in turn (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--tls", description = "the cells are asked over TLS")
    private boolean tls;

    @Option(
            names = "--only",
            description = "only this installation: ${COMPLETION-CANDIDATES} (default: all)",
            paramLabel = "INSTALLATION")
    private Optional<Installation> only = Optional.empty();

    @Option(
            names = "--profile",
            description = "ingest and router write Java Flight Recorder files into this folder at exit (costs CPU)")
    private boolean profile;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-custody-load",
            description = "where everything is written (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-custody-load");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** What is loaded. */
    private enum Installation {
        SLOT_FILE("slot file", 1, false),
        CELLS("cells", 1, true),
        CELLS_TWO_OF_EACH("cells", 2, true);

        private final String custody;
        private final int each;
        private final boolean cells;

        Installation(String custody, int each, boolean cells) {
            this.custody = custody;
            this.each = each;
            this.cells = cells;
        }
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        // Standard output is reserved for the result; logs must not go there.
        System.setOut(System.err);
        Optional<String> missing = CellEngines.missing();
        if (missing.isPresent()) {
            spec.commandLine().getErr().println("could not run: " + missing.get());
            return 2;
        }
        Map<String, Object> conditions = conditions();
        List<CustodyLoad> loads = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (Installation installation : Installation.values()) {
                if (only.map(one -> one == installation).orElse(true)) {
                    loads.add(loaded(installation));
                }
            }
        }
        conditions.put("loadAverageAtTheEnd", LoadConditions.loadAverage());
        CustodyLoadReport report = new CustodyLoadReport(conditions, loads);
        out.println(json ? report.json() : report.text());
        return report.complete() ? 0 : 1;
    }

    private CustodyLoad loaded(Installation installation) throws Exception {
        progress("starting: " + installation);
        if (!installation.cells) {
            return loaded(installation, Optional.empty());
        }
        Path folder = directory.resolve("engines");
        Rig.empty(folder);
        try (CellEngines engines = new CellEngines(folder, "", new Loopback(), new CellEngines.Extras(tls, Map.of()))) {
            return loaded(installation, Optional.of(engines));
        }
    }

    private CustodyLoad loaded(Installation installation, Optional<CellEngines> engines) throws Exception {
        LoadSettings settings = new LoadSettings(
                directory,
                List.of(BROKER),
                false,
                ratePerSecond,
                profile ? LoadConditions.recording(directory) : List.of(),
                installation.each,
                engines);
        LoadCell cell = new LoadCell(BROKER, connections);
        try (LoadTrial trial = new LoadTrial(settings)) {
            progress("warming up");
            trial.warmUp(cell, warmUpSeconds);
            Map<String, Double> idle = trial.idle(seconds);
            progress(ratePerSecond + " signups per second");
            trial.measure(cell, seconds);
            progress(highestRate + " signups per second");
            trial.measure(cell, highestRate, seconds);
            List<LoadResult> results = trial.results();
            return new CustodyLoad(
                    installation.custody,
                    installation.each,
                    idle,
                    results.get(0).ours(),
                    results.get(1).ours(),
                    trial.acceptedPerSecond().get(1));
        }
    }

    private Map<String, Object> conditions() throws IOException {
        Map<String, Object> conditions = LoadConditions.ofMachine();
        conditions.put("signupsPerSecond", ratePerSecond);
        conditions.put("offeredAtMost", highestRate);
        conditions.put("connections", connections);
        conditions.put("secondsOfEachLoad", seconds);
        conditions.put("secondsOfWarmUp", warmUpSeconds);
        conditions.put("tlsToCells", tls);
        conditions.put("loadAverageAtTheStart", LoadConditions.loadAverage());
        return conditions;
    }

    private void progress(String line) {
        spec.commandLine().getErr().println(line);
    }
}
