package org.brokerhandoff.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.bench.load.Answer;
import org.brokerhandoff.bench.load.BareIngest;
import org.brokerhandoff.bench.load.BareRouter;
import org.brokerhandoff.bench.load.BareTopics;
import org.brokerhandoff.bench.load.BrokerStub;
import org.brokerhandoff.bench.load.CpuTimes;
import org.brokerhandoff.bench.load.HelperProcess;
import org.brokerhandoff.bench.load.InstructionCount;
import org.brokerhandoff.bench.load.LatencyCurve;
import org.brokerhandoff.bench.load.LoadCell;
import org.brokerhandoff.bench.load.LoadGenerator;
import org.brokerhandoff.bench.load.LoadResult;
import org.brokerhandoff.bench.load.Measured;
import org.brokerhandoff.bench.load.RateSchedule;
import org.brokerhandoff.bench.load.SignupTimes;
import org.brokerhandoff.bench.load.StubAddress;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.quickstart.installation.ReceivingBroker;
import org.brokerhandoff.quickstart.observe.LifeObserver;
import org.brokerhandoff.sandbox.WebhookSecret;

/**
 * A complete installation and, on the same Kafka, the references; one side at a time is under load. Nothing reads the log during a
 * measurement; the events of each signup are read at the end.
 */
final class LoadTrial implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 100;

    private final Path directory;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final HelperProcess stub;
    private final HelperProcess generator;
    private final Optional<Bare> bare;
    private final Rig rig;
    private final URI ingestOperations;
    private final int ratePerSecond;
    private final boolean instructions = InstructionCount.possible();
    private final List<Run> runs = new ArrayList<>();
    private int people;

    private record Bare(HelperProcess ingest, HelperProcess router) {}

    /** One run of one side: the results known at its end. */
    private record Run(
            LoadCell cell,
            boolean ours,
            Measured measured,
            Map<UUID, SignupTimes> website,
            Map<UUID, SignupTimes> broker) {}

    /**
     * Starts everything.
     *
     * @param directory emptied first
     * @param addresses the available brokers
     * @param compare whether there are references
     * @param javaOptions for ingest and router
     */
    LoadTrial(Path directory, List<StubAddress> addresses, boolean compare, int ratePerSecond, List<String> javaOptions)
            throws Exception {
        this.directory = Files.createDirectories(directory.toAbsolutePath());
        this.ratePerSecond = ratePerSecond;
        Path authority = this.directory.resolve("authority.pem");
        stub = helper(BrokerStub.class, authority.toString());
        String[] ports = stub.ready().split(" ", -1);
        int operationsPort = LoopbackPorts.free();
        rig = opened(new Rig(RigSettings.in(this.directory.resolve("installation"), List.of(), 1)
                .withServices(new RigSettings.Services(
                        1,
                        1,
                        Map.of("HANDOFF_LOG_LEVEL", "WARN", "HANDOFF_OPERATIONS_PORT", String.valueOf(operationsPort)),
                        javaOptions))
                .withBrokersElsewhere(addresses.stream()
                        .map(address -> broker(address, ports[address.tls() ? 1 : 0], authority))
                        .toList())));
        ingestOperations = URI.create("http://127.0.0.1:" + operationsPort);
        rig.observer.close();
        generator = helper(LoadGenerator.class);
        if (compare) {
            try (Admin admin = rig.clients.admin("bench-load")) {
                BareTopics.make(admin);
            }
            String kafka = rig.kafka.get(0).bootstrapServers();
            bare = Optional.of(new Bare(
                    helper(BareIngest.class, kafka),
                    helper(BareRouter.class, kafka, ports[0], ports[1], authority.toString())));
        } else {
            bare = Optional.empty();
        }
    }

    private static ReceivingBroker broker(StubAddress address, String port, Path authority) {
        URI endpoint = URI.create((address.tls() ? "https" : "http") + "://127.0.0.1:" + port + address.path());
        List<String> terms = address.tls() ? List.of("tls: {caFile: \"" + authority + "\"}") : List.of();
        String id = address.id();
        return new ReceivingBroker(
                id, id, List.of("*"), endpoint, WebhookSecret.random().text(), 1, 1, terms);
    }

    boolean countsInstructions() {
        return instructions;
    }

    /** Loads both sides, and discards the measurements. */
    void warmUp(LoadCell cell, int seconds) throws Exception {
        measure(cell, seconds);
        runs.clear();
    }

    /** Loads one side and, if there are references, the other. */
    void measure(LoadCell cell, int seconds) throws Exception {
        Map<String, Long> ours = processes(rig.ingest.pid(), rig.router.pid());
        ours.put("register", rig.register.pid());
        runs.add(run(cell, seconds, true, ours, port(rig.installation.environment())));
        if (bare.isPresent()) {
            Bare references = bare.get();
            Map<String, Long> theirs =
                    processes(references.ingest().pid(), references.router().pid());
            runs.add(run(cell, seconds, false, theirs, references.ingest().ready()));
        }
    }

    private static String port(Map<String, String> environment) {
        return environment.getOrDefault("HANDOFF_HTTP_PORT", "");
    }

    /** CPU milliseconds per second of each process while idle. */
    Map<String, Double> idle(int seconds) throws Exception {
        Map<String, Long> pids = processes(rig.ingest.pid(), rig.router.pid());
        pids.put("register", rig.register.pid());
        bare.ifPresent(references -> {
            pids.put("bareIngest", references.ingest().pid());
            pids.put("bareRouter", references.router().pid());
        });
        Map<String, CpuTimes> before = cpu(pids);
        TimeUnit.SECONDS.sleep(seconds);
        Map<String, Double> millis = new TreeMap<>();
        since(before, cpu(pids)).forEach((name, used) -> millis.put(name, used.total() / 1000.0 / seconds));
        return millis;
    }

    private Map<String, Long> processes(long ingestPid, long routerPid) {
        Map<String, Long> pids = new TreeMap<>();
        pids.put("ingest", ingestPid);
        pids.put("router", routerPid);
        pids.put("kafka", rig.kafka.get(0).pid());
        pids.put("stub", stub.pid());
        pids.put("generator", generator.pid());
        return pids;
    }

    private Run run(LoadCell cell, int seconds, boolean ours, Map<String, Long> pids, String port) throws Exception {
        prepare(cell, new RateSchedule(List.of(new RateSchedule.Phase(ratePerSecond, seconds))), port);
        Path website = directory.resolve("website.times");
        Path broker = directory.resolve("broker.times");
        double purgedBefore = ours ? rig.router.metric("handoff_purged_total") : 0;
        Map<String, Double> allocatedBefore = ours ? allocated() : Map.of();
        Map<String, InstructionCount> counters = new HashMap<>();
        if (instructions) {
            for (Map.Entry<String, Long> process : pids.entrySet()) {
                counters.put(process.getKey(), InstructionCount.start(process.getValue()));
            }
        }
        Map<String, CpuTimes> before = cpu(pids);
        long start = System.nanoTime();
        String[] said = generator.ask("go", website).split(" ", -1);
        int accepted = Integer.parseInt(said[0]);
        int finished = awaitEnd(accepted, purgedBefore, ours);
        Map<String, CpuTimes> used = since(before, cpu(pids));
        double elapsedSeconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 1000.0;
        Map<String, Long> counted = new TreeMap<>();
        for (Map.Entry<String, InstructionCount> counter : counters.entrySet()) {
            OptionalLong retired = counter.getValue().stop();
            retired.ifPresent(number -> counted.put(counter.getKey(), number));
        }
        Map<String, Double> allocated = new TreeMap<>();
        if (ours) {
            allocated().forEach((name, bytes) -> allocated.put(name, bytes - allocatedBefore.getOrDefault(name, 0.0)));
        }
        stub.ask("times", broker);
        Measured measured = new Measured(
                accepted,
                Integer.parseInt(said[1]),
                Integer.parseInt(said[2]),
                finished,
                elapsedSeconds,
                used,
                allocated,
                counted,
                Map.of(),
                Integer.parseInt(said[3]) / 1000.0);
        return new Run(cell, ours, measured, SignupTimes.read(website), SignupTimes.read(broker));
    }

    private void prepare(LoadCell cell, RateSchedule schedule, String port) throws Exception {
        String key = rig.installation.websiteKey();
        String to = cell.address().id();
        generator.ask("prepare", port, cell.connections(), schedule, people, Rig.POLICY_VERSION, to, key);
        people += schedule.requests();
    }

    /**
     * Result of a load at changing rates.
     *
     * @param answers the answers to all requests
     * @param accepted signups answered 202
     * @param finished those of them that were delivered and purged
     */
    record Varied(List<Answer> answers, int accepted, int finished) {}

    /** Loads ours after {@code schedule}, and waits until all accepted signups are finished. */
    Varied vary(LoadCell cell, RateSchedule schedule) throws Exception {
        prepare(cell, schedule, port(rig.installation.environment()));
        double purgedBefore = rig.router.metric("handoff_purged_total");
        int accepted = Integer.parseInt(
                generator.ask("go", directory.resolve("website.times")).split(" ", -1)[0]);
        Path file = directory.resolve("website.answers");
        generator.ask("answers", file);
        int finished = awaitEnd(accepted, purgedBefore, true);
        stub.ask("times", directory.resolve("broker.times"));
        return new Varied(Answer.read(file), accepted, finished);
    }

    /** The process that accepts signups. */
    long ingestPid() {
        return rig.ingest.pid();
    }

    private Map<String, Double> allocated() throws IOException {
        return Map.of(
                "ingest", ServiceProcess.metric(ingestOperations, "handoff_allocated_bytes_total"),
                "router", rig.router.metric("handoff_allocated_bytes_total"),
                "register", rig.register.metric("handoff_allocated_bytes_total"));
    }

    /** Waits until the broker has everything and, for ours, everything is purged; returns the number of signups for which that holds. */
    private int awaitEnd(int accepted, double purgedBefore, boolean ours) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int finished = 0;
        while (finished < accepted && System.nanoTime() < deadline) {
            Thread.sleep(LOOK_MILLIS);
            finished = Integer.parseInt(stub.ask("count"));
            if (ours && finished >= accepted) {
                finished = (int) (rig.router.metric("handoff_purged_total") - purgedBefore);
            }
        }
        return finished;
    }

    private static Map<String, CpuTimes> cpu(Map<String, Long> pids) throws IOException {
        Map<String, CpuTimes> times = new TreeMap<>();
        for (Map.Entry<String, Long> process : pids.entrySet()) {
            times.put(process.getKey(), CpuTimes.of(process.getValue()));
        }
        return times;
    }

    private static Map<String, CpuTimes> since(Map<String, CpuTimes> before, Map<String, CpuTimes> after) {
        Map<String, CpuTimes> used = new TreeMap<>();
        after.forEach((name, times) -> {
            CpuTimes earlier = before.get(name);
            used.put(name, earlier == null ? times : times.since(earlier));
        });
        return used;
    }

    /** All measurements, with the log's events of each signup. */
    List<LoadResult> results() throws Exception {
        try (LifeObserver observer = LifeObserver.start(rig.clients, rig.codec)) {
            List<LoadResult> results = new ArrayList<>();
            for (Run run : runs) {
                if (!run.ours()) {
                    LoadResult last = results.remove(results.size() - 1);
                    results.add(new LoadResult(last.cell(), last.ours(), Optional.of(withLatencies(run, Map.of()))));
                    continue;
                }
                Rig.waitFor(
                        () -> run.website().keySet().stream()
                                .allMatch(id -> purged(observer, id).isPresent()),
                        PATIENCE,
                        "the log to have every purge");
                Map<UUID, Purged> purges = new HashMap<>();
                run.website().keySet().forEach(id -> purged(observer, id).ifPresent(purge -> purges.put(id, purge)));
                results.add(new LoadResult(run.cell(), withLatencies(run, purges), Optional.empty()));
            }
            return results;
        }
    }

    private static Optional<Purged> purged(LifeObserver observer, UUID signup) {
        return observer.life(signup).flatMap(life -> life.purged());
    }

    private static Measured withLatencies(Run run, Map<UUID, Purged> purges) {
        Map<String, LatencyCurve> latencies = new LinkedHashMap<>();
        latencies.put(
                "requestTo202",
                LatencyCurve.of(
                        run.website().values().stream().mapToLong(times -> times.endMicros() - times.beginMicros())));
        LongStream.Builder toBroker = LongStream.builder();
        LongStream.Builder toKeyDestroyed = LongStream.builder();
        LongStream.Builder toUnreachable = LongStream.builder();
        run.broker().forEach((signup, atBroker) -> {
            SignupTimes atWebsite = run.website().get(signup);
            if (atWebsite != null) {
                toBroker.add(atBroker.beginMicros() - atWebsite.endMicros());
            }
            Purged purge = purges.get(signup);
            if (purge != null) {
                toKeyDestroyed.add(micros(purge.getKeyErasedAt()) - atBroker.endMicros());
                toUnreachable.add(micros(purge.getPurgedAt()) - atBroker.endMicros());
            }
        });
        latencies.put("202ToBroker", LatencyCurve.of(toBroker.build()));
        if (run.ours()) {
            latencies.put("acceptedToKeyDestroyed", LatencyCurve.of(toKeyDestroyed.build()));
            latencies.put("acceptedToUnreachable", LatencyCurve.of(toUnreachable.build()));
        }
        Measured plain = run.measured();
        return new Measured(
                plain.accepted(),
                plain.others(),
                plain.lost(),
                plain.finished(),
                plain.seconds(),
                plain.cpu(),
                plain.allocatedBytes(),
                plain.instructions(),
                latencies,
                plain.generatorLagMillis());
    }

    private static long micros(Instant at) {
        return TimeUnit.SECONDS.toMicros(at.getEpochSecond()) + at.getNano() / 1000;
    }

    private HelperProcess helper(Class<?> main, String... arguments) throws IOException {
        return opened(HelperProcess.start(main, directory.resolve(main.getSimpleName() + ".log"), arguments));
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                System.err.println("not closed cleanly: " + e.getClass().getSimpleName());
            }
        }
    }
}
