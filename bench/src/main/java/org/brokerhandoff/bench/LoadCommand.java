package org.brokerhandoff.bench;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.brokerhandoff.bench.load.LoadCell;
import org.brokerhandoff.bench.load.LoadReport;
import org.brokerhandoff.bench.load.LoadResult;
import org.brokerhandoff.bench.load.StubAddress;
import org.brokerhandoff.operations.process.ProductVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./handoff bench load}: latencies at a constant rate, and each process's CPU time per signup. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Sends signups at a constant rate through real processes and reports the latency of each stage, from",
            "the time at which a request was due, and the CPU per signup of every process, including Kafka and this",
            "command, without JIT compilers. --compare loads a bare ingest and a bare router alternately with them."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all signups were accepted, delivered and purged", "1:some were not", "2:could not run"})
final class LoadCommand implements Callable<Integer> {
    private static final int[] DELAYS_MILLIS = {0, 20, 100};
    private static final int[] CONNECTIONS = {64, 256};

    @Option(names = "--rate", defaultValue = "500", description = "signups per second (default: ${DEFAULT-VALUE})")
    private int ratePerSecond;

    @Option(names = "--seconds", defaultValue = "10", description = "seconds of each load (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "20",
            description = "seconds of warm-up, for each transport (default: ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(
            names = "--connections",
            defaultValue = "64",
            description = "connections of the website (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--delay-millis",
            defaultValue = "0",
            description = "time the broker takes to answer (default: ${DEFAULT-VALUE})")
    private int brokerDelayMillis;

    @Option(names = "--tls", description = "the broker speaks TLS")
    private boolean tls;

    @Option(
            names = "--compare",
            description = {
                "with the references, at 0, 20 and 100 ms, with 64 and 256 connections, plain and over TLS",
                "(some 7 minutes)"
            })
    private boolean compare;

    @Option(
            names = "--quick",
            description = "with --compare: only 0 ms plain and 20 ms over TLS (below 90 s on an idle machine)")
    private boolean quick;

    @Option(
            names = "--profile",
            description = "ingest and router write Java Flight Recorder files into this folder at exit (costs CPU)")
    private boolean profile;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-load",
            description = "where everything is written, including a page load.html (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-load");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        // Standard output is reserved for the result; logs must not go there.
        System.setOut(System.err);
        List<LoadCell> cells = cells();
        List<StubAddress> addresses =
                cells.stream().map(LoadCell::address).distinct().toList();
        int loadSeconds = quick ? Math.min(seconds, 4) : seconds;
        int warmSeconds = quick ? Math.min(warmUpSeconds, 5) : warmUpSeconds;
        LoadReport report;
        try (LoadTrial trial = new LoadTrial(LoadSettings.of(
                directory,
                addresses,
                compare,
                ratePerSecond,
                profile ? LoadConditions.recording(directory) : List.of()))) {
            Map<String, Object> conditions = conditions(loadSeconds, warmSeconds, trial.countsInstructions());
            for (LoadCell cell : firstOfEachTransport(cells)) {
                progress("warming up: " + cell.name());
                trial.warmUp(cell, warmSeconds);
            }
            Map<String, Double> idle = trial.idle(loadSeconds);
            for (LoadCell cell : cells) {
                progress(cell.name());
                trial.measure(cell, loadSeconds);
            }
            conditions.put("loadAverageAtTheEnd", LoadConditions.loadAverage());
            List<LoadResult> results = trial.results();
            report = new LoadReport(conditions, idle, results);
        }
        Path page = directory.resolve("load.html");
        Files.writeString(page, report.page());
        progress("written: " + page);
        out.println(json ? report.json() : report.text());
        return report.complete() ? 0 : 1;
    }

    private List<LoadCell> cells() {
        if (!compare) {
            return List.of(new LoadCell(new StubAddress(tls, brokerDelayMillis), connections));
        }
        if (quick) {
            return List.of(
                    new LoadCell(new StubAddress(false, 0), connections),
                    new LoadCell(new StubAddress(true, 20), connections));
        }
        List<LoadCell> cells = new ArrayList<>();
        for (boolean withTls : new boolean[] {false, true}) {
            for (int delay : DELAYS_MILLIS) {
                for (int number : CONNECTIONS) {
                    cells.add(new LoadCell(new StubAddress(withTls, delay), number));
                }
            }
        }
        return cells;
    }

    private static List<LoadCell> firstOfEachTransport(List<LoadCell> cells) {
        Map<Boolean, LoadCell> first = new LinkedHashMap<>();
        cells.forEach(cell -> first.putIfAbsent(cell.address().tls(), cell));
        return List.copyOf(first.values());
    }

    private Map<String, Object> conditions(int loadSeconds, int warmSeconds, boolean instructions) throws Exception {
        Map<String, Object> conditions = LoadConditions.ofMachine();
        conditions.put("signupsPerSecond", ratePerSecond);
        conditions.put("secondsOfEachLoad", loadSeconds);
        conditions.put("secondsOfWarmUp", warmSeconds);
        conditions.put("instructions", instructions ? "counted by perf" : "not counted: no perf, or no counter here");
        conditions.put("loadAverageAtTheStart", LoadConditions.loadAverage());
        return conditions;
    }

    private void progress(String line) {
        spec.commandLine().getErr().println(line);
    }
}
