package org.brokerhandoff.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokerhandoff.bench.hosts.Hosts;
import org.brokerhandoff.bench.hosts.Loopback;
import org.brokerhandoff.bench.hosts.NetworkNamespaces;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.quickstart.traffic.WebsiteClient;
import org.brokerhandoff.sandbox.Behaviour;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handoff bench chaos}: random faults everywhere under load; nothing may be lost. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Sends signups at a steady rate, and withdraws some, while routers, ingest and Kafka brokers are killed with",
            "kill -9 or paused and continued, a further router joins and leaves, and the receiving brokers drop replies, fail,",
            "throttle and hang. Then everything is repaired and checked: by the brokers' books no signup is lost or",
            "at two brokers; custody is empty; each signup has one purge in time, at a level that Kafka confirms; the",
            "audit passes, every decision replays identically; the status is true; and no person is found in any file."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all checks passed",
            "1:a check failed; the seed is printed and the logs are kept",
            "2:could not run"
        })
final class ChaosCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final int CONNECTIONS = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--minutes", defaultValue = "20", description = "time under load (default: ${DEFAULT-VALUE})")
    private double minutes;

    @Option(names = "--rate", defaultValue = "10", description = "signups per second (default: ${DEFAULT-VALUE})")
    private int ratePerSecond;

    @Option(
            names = "--routers",
            defaultValue = "2",
            description =
                    "routers that share the work, in addition to the one that comes and goes (default: ${DEFAULT-VALUE})")
    private int routers;

    @Option(
            names = "--brokers",
            defaultValue = "0",
            description = "Kafka brokers, each with a replica of everything (default: 3, with --hosts 1)")
    private int kafkaBrokers;

    @Option(
            names = "--hosts",
            description =
                    "two ingest services, and custody in three cells and PostgreSQL with a standby; these and each service on a host of its own (a network"
                            + " namespace: needs root, ip, PostgreSQL, and Valkey or Redis), all of which are also cut off")
    private boolean separateHosts;

    @Option(
            names = "--longest-stop",
            defaultValue = "40",
            description = "longest pause of a process, in seconds (default: ${DEFAULT-VALUE})")
    private int longestStopSeconds;

    @Option(
            names = "--longest-pause",
            defaultValue = "30",
            description = "longest time between two faults of one component, in seconds (default: ${DEFAULT-VALUE})")
    private int longestPauseSeconds;

    @Option(
            names = "--clock-steps",
            description = "also step the services' clock for some seconds, by up to 40 minutes")
    private boolean clockSteps;

    @Option(
            names = "--only-routers",
            description = "faults in routers only: killed, paused, shut down and restarted, joining and leaving")
    private boolean onlyRouters;

    @Option(names = "--seed", description = "seed of the random choices (default: the time)")
    private long seed = System.nanoTime();

    @Option(names = "--json", description = "for machines")
    private boolean json;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-chaos",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-chaos");

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(minutes > 0) || ratePerSecond < 1 || routers < 1 || longestStopSeconds < 1 || longestPauseSeconds < 1) {
            throw new ParameterException(spec.commandLine(), "times, --rate and --routers have to be greater than 0");
        }
        if (kafkaBrokers == 0) {
            kafkaBrokers = separateHosts ? 1 : 3;
        }
        if (separateHosts && kafkaBrokers != 1) {
            throw new ParameterException(spec.commandLine(), "--hosts has one Kafka broker, not " + kafkaBrokers);
        }
        Optional<String> missing =
                separateHosts ? NetworkNamespaces.missing().or(CellEngines::missing) : Optional.empty();
        if (missing.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--hosts: " + missing.get());
        }
        if (kafkaBrokers != 1 && kafkaBrokers != 3) {
            // With two, either both must be up or one may lose acknowledged records.
            throw new ParameterException(spec.commandLine(), "--brokers is 1 or 3, not " + kafkaBrokers);
        }
        PrintStream results = System.out;
        if (json) {
            System.setOut(System.err);
        }
        System.out.println("seed " + seed);
        Behaviour usual = Behaviour.refusing(0.02, seed)
                .otherwise(Behaviour.losingReplies(0.02, seed + 1))
                .otherwise(Behaviour.flaky(0.03, seed + 2));
        Optional<SteppedClock> clock = clockSteps
                ? Optional.of(new SteppedClock(directory.resolveSibling(directory.getFileName() + "-clock")))
                : Optional.empty();
        try (Hosts hosts = separateHosts ? NetworkNamespaces.open() : new Loopback();
                ChaosCustody custody = separateHosts ? ChaosCustody.inCells(directory, hosts) : ChaosCustody.inFile();
                Rig rig = new Rig(settings(usual, clock, custody, hosts))) {
            List<WebsiteClient> websites = new ArrayList<>(List.of(rig.website));
            Optional<SecondIngest> second =
                    separateHosts ? Optional.of(rig.opened(new SecondIngest(rig, CONNECTIONS))) : Optional.empty();
            second.ifPresent(further -> websites.add(further.website()));
            ChaosLoad load = new ChaosLoad(rig, websites, ratePerSecond, seed);
            ChaosFaults faults = new ChaosFaults(
                    rig,
                    new ChaosPace(Duration.ofSeconds(longestPauseSeconds), Duration.ofSeconds(longestStopSeconds)),
                    seed,
                    usual,
                    clock,
                    custody.engines());
            Instant began = Instant.now();
            if (onlyRouters) {
                faults.startRouters();
            } else {
                faults.start();
                second.ifPresent(further -> faults.startIngest(further.ingest()));
            }
            load.send(Duration.ofMillis((long) (minutes * 60_000)));
            faults.end();
            Instant calm = Instant.now();
            System.out.printf(
                    Locale.ROOT,
                    "faults end after %.0f s; %d of %d signups accepted, waiting for everything to settle%n",
                    seconds(began, calm),
                    load.accepted.size(),
                    load.sent.get());
            List<String> problems = new ArrayList<>(faults.failures());
            if (!Rig.waitFor(() -> load.open() == 0, PATIENCE, "answers")
                    || !Rig.waitFor(() -> load.accepted.values().stream().allMatch(rig::purged), PATIENCE, "purges")) {
                problems.add("not everything was completed");
            }
            Instant settled = Instant.now();
            ChaosVerdict verdict = new ChaosVerdict(rig, load, custody.engines());
            verdict.judge();
            problems.addAll(verdict.problems());
            ObjectNode figures = JSON.createObjectNode().put("seed", seed);
            figures.set("faults", JSON.valueToTree(faults.counts()));
            figures.setAll(verdict.figures());
            figures.put("requestsRepeated", rig.website.repeats());
            figures.put("settledAfterSeconds", seconds(calm, settled));
            report(results, figures, problems, rig);
            return problems.isEmpty() ? 0 : 1;
        }
    }

    private RigSettings settings(Behaviour usual, Optional<SteppedClock> clock, ChaosCustody custody, Hosts hosts)
            throws IOException {
        Map<String, String> further = new HashMap<>(Map.of(
                "HANDOFF_DELIVERY_ATTEMPT_TIMEOUT",
                "PT2S",
                "HANDOFF_PARKING_INTERVAL",
                "PT3S",
                "HANDOFF_LOG_LEVEL",
                "INFO"));
        further.putAll(custody.settings());
        return RigSettings.in(
                        directory,
                        List.of(
                                new RigBroker("first", usual, 1, 2, List.of(), false),
                                new RigBroker("second", usual, 1, 1, List.of(), false),
                                new RigBroker("third", usual, 2, 1, List.of(), false)),
                        CONNECTIONS)
                .withServices(new RigSettings.Services(
                        routers,
                        2,
                        further,
                        clock.stream().map(SteppedClock::javaOption).toList()))
                .withKafkaBrokers(kafkaBrokers)
                .withHosts(hosts);
    }

    private void report(PrintStream results, ObjectNode figures, List<String> problems, Rig rig) {
        figures.set("problems", JSON.valueToTree(problems));
        figures.put("held", problems.isEmpty());
        if (json) {
            results.println(figures.toPrettyString());
            return;
        }
        System.out.println();
        figures.properties().stream()
                .filter(figure -> !figure.getKey().equals("problems"))
                .forEach(figure -> System.out.printf(Locale.ROOT, "%-20s %s%n", figure.getKey(), figure.getValue()));
        problems.stream().limit(30).forEach(problem -> System.out.println("PROBLEM " + problem));
        System.out.println(
                problems.isEmpty()
                        ? "all checks passed"
                        : problems.size() + " problems; seed " + seed + ", logs and data in " + rig.directory);
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
