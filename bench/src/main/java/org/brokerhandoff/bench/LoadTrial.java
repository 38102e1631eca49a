package org.brokerhandoff.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.bench.load.Answer;
import org.brokerhandoff.bench.load.BareIngest;
import org.brokerhandoff.bench.load.BareRouter;
import org.brokerhandoff.bench.load.BareTopics;
import org.brokerhandoff.bench.load.BrokerStub;
import org.brokerhandoff.bench.load.CpuTimes;
import org.brokerhandoff.bench.load.HelperProcess;
import org.brokerhandoff.bench.load.InstructionCount;
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
    private final List<ServiceProcess> ingests = new ArrayList<>();
    private String ingestPorts;
    private final LoadedProcesses ours = new LoadedProcesses();
    private final Optional<URI> ingestOperations;
    private final int ratePerSecond;
    private final boolean instructions = InstructionCount.possible();
    private final List<LoadRun> runs = new ArrayList<>();
    private int people;

    private record Bare(String port, LoadedProcesses processes) {}

    /** Starts everything. */
    LoadTrial(LoadSettings settings) throws Exception {
        this.directory = Files.createDirectories(settings.directory().toAbsolutePath());
        this.ratePerSecond = settings.ratePerSecond();
        Path authority = this.directory.resolve("authority.pem");
        stub = helper(BrokerStub.class, authority.toString());
        String[] ports = stub.ready().split(" ", -1);
        Map<String, String> further = new HashMap<>(Map.of("HANDOFF_LOG_LEVEL", "WARN"));
        if (settings.each() == 1) {
            int operationsPort = LoopbackPorts.free();
            further.put("HANDOFF_OPERATIONS_PORT", String.valueOf(operationsPort));
            ingestOperations = Optional.of(URI.create("http://127.0.0.1:" + operationsPort));
        } else {
            // Several would need one each.
            ingestOperations = Optional.empty();
        }
        if (settings.cells().isPresent()) {
            further.put("HANDOFF_CUSTODY", settings.cells().get().setting());
        }
        rig = opened(new Rig(RigSettings.in(this.directory.resolve("installation"), List.of(), 1)
                .withServices(new RigSettings.Services(settings.each(), 1, further, settings.javaOptions()))
                .withBrokersElsewhere(settings.addresses().stream()
                        .map(address -> broker(address, ports[address.tls() ? 1 : 0], authority))
                        .toList())));
        rig.observer.close();
        ingests.add(rig.ingest);
        ingestPorts = port(rig.installation.environment());
        if (settings.each() > 1) {
            SecondIngest second = opened(new SecondIngest(rig, 1));
            ingests.add(second.ingest());
            ingestPorts += "," + second.port();
        }
        generator = helper(LoadGenerator.class);
        ours.add("ingest", ingests.stream().map(ServiceProcess::pid).toList());
        ours.add("router", rig.routers.stream().map(ServiceProcess::pid).toList());
        ours.add("register", List.of(rig.register.pid()));
        common(ours);
        settings.cells().ifPresent(cells -> {
            ours.add(
                    "cells",
                    cells.cells.stream().flatMap(cell -> cell.pids().stream()).toList());
            ours.add("postgres", cells.database.primary::pids);
            ours.add("standby", cells.database.standby::pids);
        });
        if (settings.compare()) {
            try (Admin admin = rig.clients.admin("bench-load")) {
                BareTopics.make(admin);
            }
            String kafka = rig.kafka.get(0).bootstrapServers();
            HelperProcess ingest = helper(BareIngest.class, kafka);
            HelperProcess router = helper(BareRouter.class, kafka, ports[0], ports[1], authority.toString());
            LoadedProcesses references = new LoadedProcesses();
            references.add("ingest", List.of(ingest.pid()));
            references.add("router", List.of(router.pid()));
            common(references);
            bare = Optional.of(new Bare(ingest.ready(), references));
        } else {
            bare = Optional.empty();
        }
    }

    private void common(LoadedProcesses processes) {
        processes.add("kafka", List.of(rig.kafka.get(0).pid()));
        processes.add("stub", List.of(stub.pid()));
        processes.add("generator", List.of(generator.pid()));
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
        measure(cell, ratePerSecond, seconds);
    }

    /** As above, at another rate. */
    void measure(LoadCell cell, int perSecond, int seconds) throws Exception {
        RateSchedule schedule = new RateSchedule(List.of(new RateSchedule.Phase(perSecond, seconds)));
        runs.add(run(cell, schedule, true, ours, ingestPorts));
        if (bare.isPresent()) {
            runs.add(run(
                    cell, schedule, false, bare.get().processes(), bare.get().port()));
        }
    }

    private static String port(Map<String, String> environment) {
        return environment.getOrDefault("HANDOFF_HTTP_PORT", "");
    }

    /** CPU milliseconds per second of each process while idle. */
    Map<String, Double> idle(int seconds) throws Exception {
        LoadedProcesses.Reading before = ours.cpu();
        Optional<LoadedProcesses.Reading> referencesBefore = Optional.empty();
        if (bare.isPresent()) {
            referencesBefore = Optional.of(bare.get().processes().cpu());
        }
        TimeUnit.SECONDS.sleep(seconds);
        Map<String, Double> millis = new TreeMap<>();
        ours.cpu().since(before).forEach((name, used) -> millis.put(name, used.total() / 1000.0 / seconds));
        if (referencesBefore.isPresent()) {
            Map<String, CpuTimes> used = bare.orElseThrow().processes().cpu().since(referencesBefore.get());
            for (String name : List.of("ingest", "router")) {
                millis.put(
                        "bare" + Character.toUpperCase(name.charAt(0)) + name.substring(1),
                        Objects.requireNonNull(used.get(name)).total() / 1000.0 / seconds);
            }
        }
        return millis;
    }

    private LoadRun run(
            LoadCell cell, RateSchedule schedule, boolean isOurs, LoadedProcesses processes, String listeners)
            throws Exception {
        prepare(cell, schedule, listeners);
        Path website = directory.resolve("website.times");
        Path broker = directory.resolve("broker.times");
        double purgedBefore = isOurs ? purged() : 0;
        Map<String, Double> allocatedBefore = isOurs ? allocated() : Map.of();
        Map<String, InstructionCount> counters = new HashMap<>();
        if (instructions) {
            for (Map.Entry<String, List<Long>> process : processes.pids().entrySet()) {
                if (process.getValue().size() == 1) {
                    counters.put(
                            process.getKey(),
                            InstructionCount.start(process.getValue().get(0)));
                }
            }
        }
        LoadedProcesses.Reading before = processes.cpu();
        long start = System.nanoTime();
        String[] said = generator.ask("go", website).split(" ", -1);
        int accepted = Integer.parseInt(said[0]);
        int finished = awaitEnd(accepted, purgedBefore, isOurs);
        Map<String, CpuTimes> used = processes.cpu().since(before);
        double elapsedSeconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 1000.0;
        Map<String, Long> counted = new TreeMap<>();
        for (Map.Entry<String, InstructionCount> counter : counters.entrySet()) {
            OptionalLong retired = counter.getValue().stop();
            retired.ifPresent(number -> counted.put(counter.getKey(), number));
        }
        Map<String, Double> allocated = new TreeMap<>();
        if (isOurs) {
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
        return new LoadRun(cell, isOurs, measured, SignupTimes.read(website), SignupTimes.read(broker));
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
        prepare(cell, schedule, ingestPorts);
        double purgedBefore = purged();
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

    /** Bytes allocated so far by each service, if there is one of each. */
    private Map<String, Double> allocated() throws IOException {
        return ingestOperations.isEmpty()
                ? Map.of()
                : Map.of(
                        "ingest", ServiceProcess.metric(ingestOperations.get(), "handoff_allocated_bytes_total"),
                        "router", rig.router.metric("handoff_allocated_bytes_total"),
                        "register", rig.register.metric("handoff_allocated_bytes_total"));
    }

    private double purged() throws IOException {
        double purged = 0;
        for (ServiceProcess router : rig.routers) {
            purged += router.metric("handoff_purged_total");
        }
        return purged;
    }

    /** Waits until the broker has everything and, for ours, everything is purged; returns the number of signups for which that holds. */
    private int awaitEnd(int accepted, double purgedBefore, boolean isOurs) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int finished = 0;
        while (finished < accepted && System.nanoTime() < deadline) {
            Thread.sleep(LOOK_MILLIS);
            finished = Integer.parseInt(stub.ask("count"));
            if (isOurs && finished >= accepted) {
                finished = (int) (purged() - purgedBefore);
            }
        }
        return finished;
    }

    /** Signups accepted per second in each measurement. */
    List<Double> acceptedPerSecond() {
        return runs.stream().map(LoadRun::acceptedPerSecond).toList();
    }

    /** All measurements, with the log's events of each signup. */
    List<LoadResult> results() throws Exception {
        try (LifeObserver observer = LifeObserver.start(rig.clients, rig.codec)) {
            List<LoadResult> results = new ArrayList<>();
            for (LoadRun run : runs) {
                if (!run.ours()) {
                    LoadResult last = results.remove(results.size() - 1);
                    results.add(new LoadResult(last.cell(), last.ours(), Optional.of(run.withLatencies(Map.of()))));
                    continue;
                }
                Rig.waitFor(
                        () -> run.website().keySet().stream()
                                .allMatch(id -> purged(observer, id).isPresent()),
                        PATIENCE,
                        "the log to have every purge");
                Map<UUID, Purged> purges = new HashMap<>();
                run.website().keySet().forEach(id -> purged(observer, id).ifPresent(purge -> purges.put(id, purge)));
                results.add(new LoadResult(run.cell(), run.withLatencies(purges), Optional.empty()));
            }
            return results;
        }
    }

    private static Optional<Purged> purged(LifeObserver observer, UUID signup) {
        return observer.life(signup).flatMap(life -> life.purged());
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
