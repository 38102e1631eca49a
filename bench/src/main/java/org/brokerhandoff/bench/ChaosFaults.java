package org.brokerhandoff.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.bench.hosts.Host;
import org.brokerhandoff.embeddedkafka.EmbeddedKafkaFailed;
import org.brokerhandoff.embeddedkafka.KafkaProcess;
import org.brokerhandoff.sandbox.Behaviour;

/**
 * Injects faults into the parts of a {@link Rig} at random moments, independently of each other: every router, ingest, every register
 * service, one Kafka broker at a time, a router that comes and goes, and the receiving brokers. A fault is repaired before the same part gets
 * the next one.
 */
final class ChaosFaults {
    private static final Duration RESTART_LIMIT = Duration.ofMinutes(10);

    private final Rig rig;
    private final ChaosPace pace;
    private final long seed;
    private final Behaviour usual;
    private final Optional<SteppedClock> clock;
    private final Optional<CellEngines> engines;
    private final Instant began = Instant.now();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> lanes = new ArrayList<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final List<String> failures = new ArrayList<>();

    /** Injects and repairs a fault; blocks. */
    private interface Fault {
        void happen(Random random) throws IOException, InterruptedException;
    }

    /**
     * Faults for a rig.
     *
     * @param usual normal behaviour of the brokers
     * @param clock the clock of the services, if it is to be stepped
     * @param engines cells and database, if custody is there
     */
    ChaosFaults(
            Rig rig,
            ChaosPace pace,
            long seed,
            Behaviour usual,
            Optional<SteppedClock> clock,
            Optional<CellEngines> engines) {
        this.rig = rig;
        this.pace = pace;
        this.seed = seed;
        this.usual = usual;
        this.clock = clock;
        this.engines = engines;
    }

    /** Starts with all parts. */
    void start() throws IOException, InterruptedException {
        startRouters();
        for (ServiceProcess register : rig.registers) {
            lane(register.name(), ofService(register));
        }
        lane(rig.ingest.name(), ofService(rig.ingest));
        if (rig.kafka.size() > 1) {
            lane("kafka", this::killKafka, this::pauseKafka);
        }
        lane("brokers", this::misbehave);
        engines.ifPresent(this::startEngines);
        clock.ifPresent(steppable -> lane("clock", random -> step(steppable, random)));
    }

    /** Starts with a further ingest service too. */
    void startIngest(ServiceProcess further) {
        lane(further.name(), ofService(further));
    }

    /** Starts with the routers: their partitions move all the time. */
    void startRouters() throws IOException, InterruptedException {
        for (ServiceProcess router : List.copyOf(rig.routers)) {
            lane(router.name(), ofService(router, restarted(router)));
        }
        ServiceProcess guest = rig.addRouter();
        lane(guest.name(), random -> comeAndGo(guest, random));
    }

    private Fault[] ofService(ServiceProcess service, Fault... others) {
        List<Fault> faults = new ArrayList<>(List.of(others));
        faults.add(killed(service));
        faults.add(paused(service));
        if (service.host().separate()) {
            faults.add(random -> cutOff(service.name(), service.host(), random));
        }
        return faults.toArray(Fault[]::new);
    }

    /**
     * One cell at a time, until it has its shares again: two that lose their memory lose keys, which is their design. And the primary or its
     * standby: with both away nothing is decided.
     */
    private void startEngines(CellEngines all) {
        lane("cells", ofEngines(all.cells, victim -> {
            int cell = all.cells.indexOf(victim);
            all.start(cell);
            if (!Rig.waitFor(() -> all.isRepaired(cell), RESTART_LIMIT, "the repair of a cell")) {
                throw new IOException("cell " + cell + " has not got its shares back");
            }
        }));
        lane("database", ofEngines(List.of(all.database.primary, all.database.standby), all.database::start));
    }

    /** Starts a killed one again. */
    private interface Restart {
        void of(EngineProcess victim) throws IOException, InterruptedException;
    }

    private Fault[] ofEngines(List<EngineProcess> engines, Restart restart) {
        return new Fault[] {
            random -> {
                EngineProcess victim = engines.get(random.nextInt(engines.size()));
                Duration away = random.nextBoolean() ? Duration.ZERO : pace.absence(random);
                tell(victim.name(), "kill-engine", "kill -9, away for " + away.toSeconds() + " s");
                victim.kill();
                rest(away);
                restart.of(victim);
            },
            random -> {
                EngineProcess victim = engines.get(random.nextInt(engines.size()));
                Duration stop = pace.stop(random);
                tell(victim.name(), "stop-engine", "SIGSTOP for " + stop.toSeconds() + " s");
                try {
                    victim.suspended(true);
                    rest(stop);
                } finally {
                    victim.suspended(false);
                }
            },
            random -> {
                EngineProcess victim = engines.get(random.nextInt(engines.size()));
                cutOff(victim.name(), victim.host(), random);
            }
        };
    }

    private void cutOff(String name, Host host, Random random) throws IOException, InterruptedException {
        Duration stop = pace.stop(random);
        tell(name, "cut-off", "cut off for " + stop.toSeconds() + " s");
        host.cutOff();
        rest(stop);
        host.join();
    }

    /** Ends, and waits until everything is repaired. */
    void end() throws InterruptedException {
        over.countDown();
        for (Thread lane : lanes) {
            lane.join();
        }
    }

    /** Number of injections of each fault. */
    Map<String, Integer> counts() {
        Map<String, Integer> sorted = new TreeMap<>();
        counts.forEach((fault, count) -> sorted.put(fault, count.get()));
        return sorted;
    }

    /** What could not be repaired. */
    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    private synchronized void failed(String lane, Exception failure) {
        System.out.println("PROBLEM " + lane + " cannot be repaired: " + failure);
        failures.add(lane + ": " + failure);
    }

    private void lane(String name, Fault... faults) {
        Random random = new Random(seed ^ name.hashCode());
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!rest(pace.pause(random))) {
                            faults[random.nextInt(faults.length)].happen(random);
                        }
                    } catch (IOException | EmbeddedKafkaFailed e) {
                        failed(name, e);
                    } catch (InterruptedException e) {
                        failed(name, e);
                        Thread.currentThread().interrupt();
                    }
                },
                "chaos-" + name);
        lanes.add(thread);
        thread.start();
    }

    /** Waits; returns whether the run is over. */
    private boolean rest(Duration duration) throws InterruptedException {
        return over.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tell(String victim, String fault, String detail) {
        counts.computeIfAbsent(fault, unused -> new AtomicInteger()).incrementAndGet();
        System.out.printf(
                Locale.ROOT,
                "%6.1f s  %-10s %s%n",
                Duration.between(began, Instant.now()).toMillis() / 1000.0,
                victim,
                detail);
    }

    private Fault killed(ServiceProcess victim) {
        return random -> {
            Duration away = random.nextBoolean() ? Duration.ZERO : pace.absence(random);
            tell(victim.name(), "kill", "kill -9, away for " + away.toSeconds() + " s");
            victim.kill();
            rest(away);
            victim.bringUp(RESTART_LIMIT);
        };
    }

    private Fault restarted(ServiceProcess victim) {
        return random -> {
            Duration away = random.nextBoolean() ? Duration.ZERO : pace.absence(random);
            tell(victim.name(), "restart", "shut down, away for " + away.toSeconds() + " s");
            victim.close();
            rest(away);
            victim.bringUp(RESTART_LIMIT);
        };
    }

    private Fault paused(ServiceProcess victim) {
        return random -> {
            Duration stop = pace.stop(random);
            tell(victim.name(), "stop", "SIGSTOP for " + stop.toSeconds() + " s");
            ProcessSignals.stop(victim.pid());
            rest(stop);
            ProcessSignals.proceed(victim.pid());
        };
    }

    private void killKafka(Random random) throws InterruptedException {
        KafkaProcess victim = rig.kafka.get(random.nextInt(rig.kafka.size()));
        Duration away = pace.absence(random);
        tell("kafka-" + (rig.kafka.indexOf(victim) + 1), "kill-kafka", "kill -9, away for " + away.toSeconds() + " s");
        victim.kill();
        rest(away);
        Instant deadline = Instant.now().plus(RESTART_LIMIT);
        while (true) {
            try {
                victim.restart();
                return;
            } catch (EmbeddedKafkaFailed e) {
                // On a busy machine a start takes its time; one that took too long was killed.
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
                tell("kafka", "restart-again", "a broker did not serve in time; restarting it");
            }
        }
    }

    private void pauseKafka(Random random) throws IOException, InterruptedException {
        KafkaProcess victim = rig.kafka.get(random.nextInt(rig.kafka.size()));
        Duration stop = pace.stop(random);
        tell("kafka-" + (rig.kafka.indexOf(victim) + 1), "stop-kafka", "SIGSTOP for " + stop.toSeconds() + " s");
        ProcessSignals.stop(victim.pid());
        rest(stop);
        ProcessSignals.proceed(victim.pid());
    }

    /** Two rebalances: an orderly revocation of partitions, and an assignment. */
    private void comeAndGo(ServiceProcess guest, Random random) throws IOException, InterruptedException {
        tell(guest.name(), "rebalance", "joins");
        guest.bringUp(RESTART_LIMIT);
        rest(pace.absence(random).plusSeconds(2));
        tell(guest.name(), "rebalance", "leaves");
        guest.close();
    }

    private void step(SteppedClock steppable, Random random) throws IOException, InterruptedException {
        long magnitude = 1L + random.nextInt(random.nextBoolean() ? 10 : 2_400);
        long seconds = random.nextBoolean() ? magnitude : -magnitude;
        Duration span = Duration.ofMillis(1_000 + random.nextInt(8_000));
        tell("clock", "clock-step", "steps by " + seconds + " s for " + span.toMillis() / 1000.0 + " s");
        steppable.step(Duration.ofSeconds(seconds));
        rest(span);
        steppable.step(Duration.ZERO);
    }

    private void misbehave(Random random) throws InterruptedException {
        List<String> ids = List.copyOf(rig.brokers.keySet());
        String id = ids.get(random.nextInt(ids.size()));
        long drawn = random.nextLong();
        Behaviour bad = switch (random.nextInt(4)) {
            case 0 -> Behaviour.delayed(Duration.ofSeconds(1 + random.nextInt(6)));
            case 1 -> Behaviour.losingReplies(0.7, drawn).otherwise(Behaviour.flaky(0.5, drawn + 1));
            case 2 -> Behaviour.limiting(Duration.ofSeconds(2));
            default -> Behaviour.unavailable();
        };
        Duration span = pace.stop(random);
        tell(id, "misbehave", "misbehaves for " + span.toSeconds() + " s");
        rig.behave(id, bad);
        rest(span);
        rig.behave(id, usual);
    }
}
