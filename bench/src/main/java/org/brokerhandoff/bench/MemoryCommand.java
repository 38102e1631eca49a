package org.brokerhandoff.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.brokerhandoff.bench.memory.MemoryReport;
import org.brokerhandoff.bench.memory.Patterns;
import org.brokerhandoff.bench.memory.ProcessMemory;
import org.brokerhandoff.bench.memory.SearchedProcess;
import org.brokerhandoff.bench.memory.Subject;
import org.brokerhandoff.bench.memory.TellingPeople;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.quickstart.installation.LocalInstallation;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.sample.SamplePerson;
import org.brokerhandoff.sandbox.Behaviour;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench memory}: what is left in the memory of ingest and router, and of cells and databases, after everything was purged. */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Sends signups of invented people through real processes, waits until each is purged, stops both services",
            "and searches their whole memory (/proc/PID/mem) for the people, in every usual encoding, and for their",
            "data keys. Known controls in the memory of each have to be found, or the search counts as blind.",
            "--cells has the keys in cells and searches these and both databases too, also for the parts of keys.",
            "The services trace to HANDOFF_TRACING_ENDPOINT, if it is set."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no person (or no more than tolerated), no key and no part of one found",
            "1:something was found",
            "2:could not run"
        })
final class MemoryCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int CONNECTIONS = 32;
    private static final int NOTING_THREADS = 4;
    /** The broker of the control whose key stays live. */
    private static final String FAILING = "failing";

    /** A rinse follows each of the four seconds after a share. */
    private static final int RINSED_SECONDS = 6;

    @Option(
            names = "--signups",
            defaultValue = "500",
            description =
                    "people to search for, and their keys, of which one in a hundred may be missed (default: ${DEFAULT-VALUE})")
    private int signups;

    @Option(
            names = "--warm-up",
            defaultValue = "1000",
            description = "signups before them, not searched for (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(
            names = "--hold-millis",
            defaultValue = "1500",
            description =
                    "time the brokers take to answer, during which the keys are recorded (default: ${DEFAULT-VALUE})")
    private int holdMillis;

    @Option(
            names = "--wait-seconds",
            defaultValue = "-1",
            description = {
                "time from the last purge to the search (default: 0, with --cells 6: connections to cells are",
                "rinsed for some seconds after the last share)"
            })
    private int waitSeconds;

    @Option(
            names = "--cells",
            description = "keys in three cells, asked over TLS, with PostgreSQL and a standby (docs/several-hosts.md)")
    private boolean cells;

    @Option(names = "--plain", description = "with --cells: the cells are asked without TLS")
    private boolean plain;

    @Option(
            names = "--tolerated",
            defaultValue = "0",
            description = {
                "people tolerated in each process without exit code 1 (default: ${DEFAULT-VALUE}): on a busy",
                "machine a garbage collection may catch a buffer in use"
            })
    private int tolerated;

    @Option(names = "--show", defaultValue = "0", description = "findings to show with the bytes around them")
    private int show;

    @Option(
            names = "--java-option",
            description = "an additional option for both JVMs; may be repeated",
            paramLabel = "OPTION")
    private List<String> javaOptions = new ArrayList<>();

    @Option(names = "--json", description = "for machines")
    private boolean json;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-memory",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-memory");

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream results = System.out;
        if (json) {
            // The log writes to standard output, which is reserved for the JSON.
            System.setOut(System.err);
        }
        Optional<String> missing = cells ? CellEngines.missing() : Optional.empty();
        if (missing.isPresent()) {
            System.err.println("could not run: " + missing.get());
            return 2;
        }
        String control = "memory-control-" + UUID.randomUUID();
        Map<String, Behaviour> behaviours = new LinkedHashMap<>();
        List<String> brokers =
                IntStream.range(0, 4).mapToObj(i -> "broker-" + i).toList();
        brokers.forEach(broker -> behaviours.put(broker, Behaviour.delayed(Duration.ofMillis(holdMillis))));
        behaviours.put(FAILING, Behaviour.unavailable());
        List<String> options = new ArrayList<>(List.of("-Xlog:gc+heap+coops=debug:stdout"));
        options.addAll(javaOptions);
        Map<String, String> settings = new HashMap<>(LocalInstallation.passedOn(System.getenv()));
        settings.put("BENCH_MEMORY_CONTROL", control);
        Patterns patterns = new Patterns();
        try (MemoryKeys keys = keys(control, patterns)) {
            settings.putAll(keys.settings());
            try (Rig rig = new Rig(directory, behaviours, CONNECTIONS, settings, options)) {
                for (ServiceProcess service : List.of(rig.ingest, rig.router)) {
                    String obstacle = ProcessMemory.obstacle(service.pid());
                    if (!obstacle.isEmpty()) {
                        System.err.println("could not run: " + obstacle);
                        return 2;
                    }
                }
                say("warming up with " + warmUp + " signups");
                awaitPurges(rig, sent(rig, SamplePeople.first(warmUp).toList(), brokers, id -> {}));
                TellingPeople telling = new TellingPeople(new Random(new SecureRandom().nextLong()));
                List<SamplePerson> people = IntStream.range(0, signups)
                        .mapToObj(i -> telling.next())
                        .toList();
                for (int i = 0; i < people.size(); i++) {
                    TellingPeople.addTo(patterns, i, people.get(i));
                }
                TellingPeople.addControl(patterns, control);
                keys.open(rig.directory);
                sent(rig, List.of(SamplePeople.person(warmUp)), List.of(FAILING), keys::control);
                say("sending " + signups + " signups, recording their keys while the brokers delay their answers");
                awaitPurges(rig, sent(rig, people, brokers, keys::note));
                // On a busy machine a few are destroyed before they could be recorded. The report has how many were
                // searched for.
                if (keys.noted() < signups - signups / 100) {
                    System.err.println(
                            "could not run: only " + keys.noted() + " of " + signups + " keys could be recorded");
                    return 2;
                }
                Thread.sleep(TimeUnit.SECONDS.toMillis(waitSeconds >= 0 ? waitSeconds : cells ? RINSED_SECONDS : 0));
                return searched(rig, keys, patterns, results);
            }
        }
    }

    private MemoryKeys keys(String control, Patterns patterns) throws IOException, InterruptedException {
        if (!cells) {
            return new SlotKeys(patterns);
        }
        Path folder = directory.resolveSibling(directory.getFileName() + "-engines");
        Rig.empty(folder);
        return new CellKeys(folder, !plain, control, patterns);
    }

    /** All processes are suspended before the first is searched, so that none does anything about a neighbour that does not answer. */
    private int searched(Rig rig, MemoryKeys keys, Patterns patterns, PrintStream results)
            throws IOException, InterruptedException {
        List<SearchedProcess> all = new ArrayList<>();
        for (ServiceProcess service : List.of(rig.ingest, rig.router)) {
            all.add(new SearchedProcess(
                    service.name(),
                    List.of(ProcessMemory.ofJvm(service.pid(), service.output())),
                    EnumSet.of(Subject.Kind.CONTROL_TEXT, Subject.Kind.CONTROL_KEY)));
        }
        all.addAll(keys.processes());
        List<Long> pids = all.stream()
                .flatMap(process -> process.processes().stream())
                .map(ProcessMemory::pid)
                .toList();
        MemoryReport report = new MemoryReport(signups, keys.noted(), keys.inParts());
        try {
            for (long pid : pids) {
                ProcessSignals.stopIfThere(pid);
            }
            for (SearchedProcess process : all) {
                say("searching " + process.name());
                report.add(process, process.search(patterns, show));
            }
        } finally {
            for (long pid : pids) {
                // One that was searched runs already, and may have ended.
                ProcessSignals.proceedIfThere(pid);
            }
        }
        return reported(report, results);
    }

    /** Sends signups, and has {@code noted} told of each that is accepted; the accepted ones. */
    private static Set<UUID> sent(Rig rig, List<SamplePerson> people, List<String> brokers, Consumer<UUID> noted)
            throws InterruptedException {
        Set<UUID> accepted = ConcurrentHashMap.newKeySet();
        Semaphore free = new Semaphore(CONNECTIONS);
        ExecutorService noting = Executors.newFixedThreadPool(NOTING_THREADS);
        try {
            for (SamplePerson person : people) {
                free.acquire();
                byte[] request = SamplePeople.signupRequest(person, Rig.POLICY_VERSION, brokers, Instant.now());
                var unused = rig.website
                        .signup(request, UUID.randomUUID().toString())
                        .onComplete(reply -> {
                            if (reply.succeeded()) {
                                reply.result().signupId().ifPresent(id -> {
                                    accepted.add(id);
                                    noting.execute(() -> noted.accept(id));
                                });
                            }
                            free.release();
                        });
            }
            free.acquire(CONNECTIONS);
        } finally {
            noting.shutdown();
        }
        boolean unused = noting.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (accepted.size() < people.size()) {
            throw new IllegalStateException(accepted.size() + " of " + people.size() + " signups were accepted");
        }
        return accepted;
    }

    private static void awaitPurges(Rig rig, Set<UUID> accepted) throws InterruptedException {
        // A busy machine manages a few dozen a second.
        Duration limit = PATIENCE.plusMillis(30L * accepted.size());
        if (!Rig.waitFor(() -> accepted.stream().allMatch(rig::purged), limit, "the purges")) {
            throw new IllegalStateException("not everything was purged within " + limit);
        }
    }

    private void say(String text) {
        if (!json) {
            System.out.println(text);
        }
    }

    private int reported(MemoryReport report, PrintStream results) {
        results.println(json ? report.json() : report.text());
        List<String> blindSpots = report.blindSpots();
        if (!blindSpots.isEmpty()) {
            System.err.println("could not run: the search is blind, it did not find the controls: " + blindSpots);
            return 2;
        }
        say(report.clean() ? "no person and no key found" : "something was found");
        return report.tolerable(tolerated) ? 0 : 1;
    }
}
