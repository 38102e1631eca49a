package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.quickstart.report.Stage;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.sample.SamplePerson;
import org.brokerhandoff.sandbox.Behaviour;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench load}: throughput, and the CPU that each service spends per signup. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends signups through real processes and reports throughput, the times of each stage, and CPU per",
            "signup of ingest and router, less that of the JIT compilers. The first share of the signups warms up."
        })
final class LoadCommand implements Callable<Integer> {
    @Option(names = "--signups", defaultValue = "40000", description = "signups measured (default: ${DEFAULT-VALUE})")
    private int signups;

    @Option(
            names = "--warm-up",
            defaultValue = "40000",
            description = "signups before that (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(names = "--connections", defaultValue = "64", description = "connections (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(names = "--rate", defaultValue = "0", description = "signups per second, 0 for as many as go (default)")
    private int ratePerSecond;

    @Option(
            names = "--delay-millis",
            defaultValue = "0",
            description = "time that the broker takes to answer (default: ${DEFAULT-VALUE})")
    private int brokerDelayMillis;

    @Option(names = "--tls", description = "the broker speaks TLS")
    private boolean tls;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-load",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-load");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Behaviour behaviour = brokerDelayMillis == 0
                ? Behaviour.accepting()
                : Behaviour.delayed(Duration.ofMillis(brokerDelayMillis));
        List<RigBroker> brokers = List.of(new RigBroker("steady", behaviour, 1, 1, List.of(), tls));
        try (Rig rig = new Rig(directory, brokers, connections, Map.of("HANDOFF_LOG_LEVEL", "WARN"), List.of(), 1)) {
            run(rig, 0, warmUp);
            System.out.println("warm after " + warmUp + " signups");
            Map<String, Duration> ingestBefore = rig.ingest.cpuByThread();
            Map<String, Duration> routerBefore = rig.router.cpuByThread();
            Instant start = Instant.now();
            Set<UUID> measured = run(rig, warmUp, signups);
            Duration elapsed = Duration.between(start, Instant.now());
            Map<String, Duration> ingestAfter = rig.ingest.cpuByThread();
            Map<String, Duration> routerAfter = rig.router.cpuByThread();
            Collection<Life> lives = measured.stream()
                    .flatMap(id -> rig.observer.life(id).stream())
                    .toList();
            System.out.printf(
                    Locale.ROOT,
                    "%d signups over %d connections in %.1f s: %.0f per second, all purged%n",
                    measured.size(),
                    connections,
                    elapsed.toMillis() / 1000.0,
                    measured.size() * 1000.0 / elapsed.toMillis());
            reportCpu("ingest", ingestBefore, ingestAfter);
            reportCpu("router", routerBefore, routerAfter);
            Stage.of(lives)
                    .forEach((name, stage) -> System.out.printf(
                            Locale.ROOT,
                            "  %-28s p50 %6d ms   p99 %6d ms%n",
                            name,
                            stage.medianMillis(),
                            stage.percentile99Millis()));
            return measured.size() == signups ? 0 : 1;
        }
    }

    private void reportCpu(String service, Map<String, Duration> before, Map<String, Duration> after) {
        Map<String, Double> micros = new TreeMap<>();
        after.forEach((thread, time) -> micros.put(
                thread,
                (double) time.minus(before.getOrDefault(thread, Duration.ZERO)).toNanos() / 1000 / signups));
        double all = micros.entrySet().stream()
                .filter(thread -> !thread.getKey().contains(ServiceProcess.COMPILERS))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        System.out.printf(Locale.ROOT, "  CPU per signup: %s %.1f µs, compilers left out; of it%n", service, all);
        micros.entrySet().stream()
                .filter(thread -> thread.getValue() >= 1)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(thread ->
                        System.out.printf(Locale.ROOT, "    %-16s %6.1f µs%n", thread.getKey(), thread.getValue()));
    }

    /** Sends signups and waits until each is purged. */
    private Set<UUID> run(Rig rig, int from, int count) throws InterruptedException {
        Set<UUID> accepted = ConcurrentHashMap.newKeySet();
        AtomicInteger answered = new AtomicInteger();
        Semaphore free = new Semaphore(connections);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            if (ratePerSecond > 0) {
                long due = start + i * TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
                while (System.nanoTime() < due) {
                    Thread.sleep(1);
                }
            }
            free.acquire();
            SamplePerson person = SamplePeople.person(from + i);
            byte[] request = SamplePeople.signupRequest(
                    person, Rig.POLICY_VERSION, List.copyOf(rig.brokers.keySet()), Instant.now());
            var unused = rig.website
                    .signup(request, UUID.randomUUID().toString())
                    .onComplete(reply -> {
                        if (reply.succeeded() && reply.result().status() == 202) {
                            reply.result().signupId().ifPresent(accepted::add);
                        }
                        answered.incrementAndGet();
                        free.release();
                    });
        }
        free.acquire(connections);
        Instant deadline = Instant.now().plusSeconds(120);
        while (!accepted.stream()
                        .allMatch(id -> rig.observer
                                .life(id)
                                .filter(life -> life.purged().isPresent())
                                .isPresent())
                && Instant.now().isBefore(deadline)) {
            Thread.sleep(50);
        }
        return accepted;
    }
}
