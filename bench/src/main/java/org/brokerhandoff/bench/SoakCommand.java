package org.brokerhandoff.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.sandbox.Behaviour;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handoff bench soak}: a constant load for a long time; nothing may grow. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Sends signups at a constant rate while the receiving brokers fail and come back, and samples heap, threads",
            "and descriptors of ingest, router and register service, the slot file, and the topics with sealed data. From the second",
            "to the last third of the time nothing may grow by more than a fifth; at the end each signup is",
            "purged and no slot is in use."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing grew", "1:something did, or was lost", "2:could not run"})
final class SoakCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int CONNECTIONS = 64;
    private static final int MOST_UNANSWERED = 512;
    private static final double MOST_GROWTH = 1.2;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Insignificant growth: the timing of a collection, a segment of a topic, an additional connection. */
    private static final Map<String, Double> SLACK =
            Map.of("Bytes", 16.0 * 1024 * 1024, "Threads", 4.0, "Descriptors", 40.0, "Events", 2_000.0);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--minutes", defaultValue = "30", description = "time under load (default: ${DEFAULT-VALUE})")
    private double minutes;

    @Option(names = "--rate", defaultValue = "500", description = "signups per second (default: ${DEFAULT-VALUE})")
    private int ratePerSecond;

    @Option(names = "--seed", description = "seed of the random choices (default: the time)")
    private long seed = System.nanoTime();

    @Option(names = "--json", description = "print one JSON object with all measurements")
    private boolean json;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-soak",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-soak");

    private final AtomicInteger accepted = new AtomicInteger();
    private final Map<String, AtomicInteger> others = new ConcurrentHashMap<>();
    private final Map<String, List<Double>> seen = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(minutes > 0) || ratePerSecond < 1) {
            throw new ParameterException(spec.commandLine(), "--minutes and --rate have to be greater than 0");
        }
        PrintStream results = System.out;
        if (json) {
            System.setOut(System.err);
        }
        int operationsPort = LoopbackPorts.free();
        Behaviour usual = Behaviour.refusing(0.01, seed).otherwise(Behaviour.losingReplies(0.01, seed + 1));
        RigSettings settings = RigSettings.in(
                        directory,
                        List.of(
                                new RigBroker("first", usual, 1, 1, List.of(), false),
                                new RigBroker("second", usual, 1, 1, List.of(), false),
                                new RigBroker("third", usual, 1, 1, List.of(), false)),
                        CONNECTIONS)
                .withServices(new RigSettings.Services(
                        1,
                        1,
                        Map.of(
                                "HANDOFF_PARKING_INTERVAL", "PT5S",
                                "HANDOFF_LOG_LEVEL", "WARN",
                                "HANDOFF_OPERATIONS_PORT", String.valueOf(operationsPort)),
                        List.of()));
        try (Rig rig = new Rig(settings)) {
            // It retains what it has read of each signup, and this run has many.
            rig.observer.close();
            URI ingestOperations = URI.create("http://127.0.0.1:" + operationsPort);
            load(rig, usual, ingestOperations);
            List<String> problems = new ArrayList<>(growth());
            boolean ended = Rig.waitFor(() -> purged(rig) >= accepted.get(), PATIENCE, "purges");
            if (!ended) {
                problems.add(purged(rig) + " of " + accepted.get() + " signups are purged");
            }
            if (!Rig.waitFor(() -> slotsInUse(ingestOperations) == 0, PATIENCE, "the slots to be free")) {
                problems.add(slotsInUse(ingestOperations) + " slots are in use at the end");
            }
            report(results, problems);
            return problems.isEmpty() ? 0 : 1;
        }
    }

    private void load(Rig rig, Behaviour usual, URI ingestOperations) throws InterruptedException, IOException {
        long spanNanos = (long) (minutes * TimeUnit.MINUTES.toNanos(1));
        long start = System.nanoTime();
        AtomicBoolean over = new AtomicBoolean();
        Thread faults = new Thread(() -> misbehave(rig, usual, over), "soak-faults");
        faults.start();
        Semaphore free = new Semaphore(MOST_UNANSWERED);
        List<String> recipients = List.copyOf(rig.brokers.keySet());
        long nextLook = start;
        long lookNanos = Math.max(TimeUnit.SECONDS.toNanos(1), spanNanos / 120);
        for (long i = 0; System.nanoTime() - start < spanNanos; i++) {
            long due = start + i * TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            if (System.nanoTime() - nextLook >= 0) {
                nextLook += lookNanos;
                SoakSample.of(rig, ingestOperations)
                        .forEach((name, value) -> seen.computeIfAbsent(name, unused -> new ArrayList<>())
                                .add(value));
                if (seen.values().iterator().next().size() % 12 == 0) {
                    tell(start);
                }
            }
            free.acquire();
            byte[] request = SamplePeople.signupRequest(
                    SamplePeople.person((int) (i % 50_000)), Rig.POLICY_VERSION, recipients, Instant.now());
            var unused = rig.website
                    .signup(request, UUID.randomUUID().toString())
                    .onComplete(reply -> {
                        free.release();
                        if (reply.succeeded() && reply.result().status() == 202) {
                            accepted.incrementAndGet();
                        } else {
                            String told = reply.succeeded()
                                    ? String.valueOf(reply.result().status())
                                    : reply.cause().getClass().getSimpleName();
                            others.computeIfAbsent(told, none -> new AtomicInteger())
                                    .incrementAndGet();
                        }
                    });
        }
        over.set(true);
        faults.join();
        free.acquire(MOST_UNANSWERED);
    }

    private void tell(long startNanos) {
        System.out.printf(
                Locale.ROOT,
                "%6.0f s  %d accepted; %s%n",
                (System.nanoTime() - startNanos) / 1e9,
                accepted.get(),
                new TreeMap<>(last()));
    }

    private Map<String, Long> last() {
        Map<String, Long> last = new TreeMap<>();
        seen.forEach(
                (name, values) -> last.put(name, values.get(values.size() - 1).longValue()));
        return last;
    }

    /** One broker at a time fails for a while. */
    private void misbehave(Rig rig, Behaviour usual, AtomicBoolean over) {
        Random random = new Random(seed);
        List<String> ids = List.copyOf(rig.brokers.keySet());
        try {
            while (!over.get()) {
                String id = ids.get(random.nextInt(ids.size()));
                Behaviour bad = switch (random.nextInt(3)) {
                    case 0 -> Behaviour.delayed(Duration.ofSeconds(3));
                    case 1 -> Behaviour.unavailable();
                    default -> Behaviour.losingReplies(0.3, random.nextLong());
                };
                rig.behave(id, bad);
                pause(3 + random.nextInt(10), over);
                rig.behave(id, usual);
                pause(3 + random.nextInt(15), over);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(int seconds, AtomicBoolean over) throws InterruptedException {
        for (int i = 0; i < seconds * 10 && !over.get(); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static double purged(Rig rig) {
        try {
            return rig.router.metric("handoff_purged_total");
        } catch (IOException e) {
            return -1;
        }
    }

    private static double slotsInUse(URI ingestOperations) {
        try {
            return ServiceProcess.metric(ingestOperations, "handoff_custody_slots", "kind=\"live\"")
                    + ServiceProcess.metric(ingestOperations, "handoff_custody_slots", "kind=\"erased\"");
        } catch (IOException e) {
            return -1;
        }
    }

    /** Minima, since heap and topics fluctuate; their floor shows what is retained. */
    private List<String> growth() {
        List<String> problems = new ArrayList<>();
        seen.forEach((name, values) -> {
            int third = values.size() / 3;
            if (third == 0) {
                problems.add("too short to say whether " + name + " grows");
                return;
            }
            double before = least(values.subList(third, 2 * third));
            double after = least(values.subList(2 * third, values.size()));
            double slack = SLACK.entrySet().stream()
                    .filter(each -> name.endsWith(each.getKey()))
                    .mapToDouble(Map.Entry::getValue)
                    .findFirst()
                    .orElse(0);
            if (after > before * MOST_GROWTH && after > before + slack) {
                problems.add(String.format(Locale.ROOT, "%s grew from %.0f to %.0f", name, before, after));
            }
        });
        return problems;
    }

    private static double least(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    }

    private void report(PrintStream results, List<String> problems) {
        ObjectNode figures = JSON.createObjectNode().put("seed", seed).put("accepted", accepted.get());
        figures.set("notAccepted", JSON.valueToTree(others));
        figures.set("seen", JSON.valueToTree(seen));
        figures.set("problems", JSON.valueToTree(problems));
        figures.put("held", problems.isEmpty());
        if (json) {
            results.println(figures);
            return;
        }
        System.out.printf(Locale.ROOT, "%d signups accepted, not accepted: %s%n", accepted.get(), others);
        seen.forEach((name, values) -> System.out.printf(
                Locale.ROOT,
                "%-20s least %12.0f   last %12.0f   most %12.0f%n",
                name,
                least(values),
                values.get(values.size() - 1),
                values.stream().mapToDouble(Double::doubleValue).max().orElse(0)));
        problems.forEach(problem -> System.out.println("PROBLEM " + problem));
        System.out.println(problems.isEmpty() ? "all checks passed" : problems.size() + " problems");
    }
}
