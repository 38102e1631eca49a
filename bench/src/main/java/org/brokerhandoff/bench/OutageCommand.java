package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.quickstart.report.Summary;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.sandbox.Behaviour;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench outage}: one of three brokers is down for the whole run, and returns afterwards. */
@Command(
        name = "outage",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Sends signups to three brokers of which one is down throughout. Reports how long the purges of the other",
            "two brokers' signups took, brings the third back, and checks that none of the signups waiting for it is lost,",
            "delivered twice or left over."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all checks passed", "1:a check failed", "2:could not run"})
final class OutageCommand implements Callable<Integer> {
    private static final String AWAY = "away";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int CONNECTIONS = 32;

    @Option(names = "--signups", defaultValue = "5000", description = "signups to send (default: ${DEFAULT-VALUE})")
    private int signups;

    @Option(names = "--rate", defaultValue = "250", description = "signups per second (default: ${DEFAULT-VALUE})")
    private int ratePerSecond;

    @Option(
            names = "--hangs",
            description = "the broker accepts connections and does not answer, instead of refusing connections")
    private boolean hangs;

    @Option(
            names = "--parking-interval",
            defaultValue = "PT10S",
            description = "HANDOFF_PARKING_INTERVAL (default: ${DEFAULT-VALUE})")
    private Duration parkingInterval = Duration.ofSeconds(10);

    @Option(
            names = "--limit-millis",
            defaultValue = "3000",
            description = {
                "longest p99 of the others, from the broker's acceptance to UNREACHABLE (default: ${DEFAULT-VALUE});",
                "meaningless on a busy machine"
            })
    private long limitMillis;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-outage",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-outage");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, Behaviour> behaviours = new LinkedHashMap<>();
        behaviours.put("first", Behaviour.accepting());
        behaviours.put("second", Behaviour.accepting());
        behaviours.put(AWAY, Behaviour.accepting());
        Map<String, String> settings =
                Map.of("HANDOFF_PARKING_INTERVAL", parkingInterval.toString(), "HANDOFF_LOG_LEVEL", "WARN");
        try (Rig rig = new Rig(directory, behaviours, CONNECTIONS, settings)) {
            if (hangs) {
                rig.behave(AWAY, Behaviour.delayed(Duration.ofHours(1)));
            } else {
                rig.stopBroker(AWAY);
            }
            Instant start = Instant.now();
            Set<UUID> accepted = send(rig);
            Map<UUID, String> assigned = new HashMap<>();
            boolean decided = Rig.waitFor(() -> assignments(rig, accepted, assigned), PATIENCE, "assignments");
            Set<UUID> waiting = accepted.stream()
                    .filter(id -> AWAY.equals(assigned.get(id)))
                    .collect(Collectors.toSet());
            Set<UUID> others =
                    accepted.stream().filter(id -> !waiting.contains(id)).collect(Collectors.toSet());
            boolean othersPurged =
                    Rig.waitFor(() -> others.stream().allMatch(id -> rig.purged(id)), PATIENCE, "the others' purges");
            System.out.printf(
                    Locale.ROOT,
                    "%d signups in %.1f s, %d of them for the broker that is down (%s)%n",
                    accepted.size(),
                    Duration.between(start, Instant.now()).toMillis() / 1000.0,
                    waiting.size(),
                    hangs ? "accepts connections and does not answer" : "refuses connections");
            long percentile99Millis = reportOthers(rig, others);
            boolean early = waiting.stream().anyMatch(id -> rig.purged(id));

            Instant back = Instant.now();
            if (hangs) {
                rig.behave(AWAY, Behaviour.accepting());
            } else {
                rig.startBroker(AWAY);
            }
            boolean allPurged =
                    Rig.waitFor(() -> waiting.stream().allMatch(id -> rig.purged(id)), PATIENCE, "the parked purges");
            reportReturn(rig, waiting, back);

            List<String> problems = new ArrayList<>();
            check(accepted.size() == signups, (signups - accepted.size()) + " signups were not accepted", problems);
            check(decided && othersPurged && allPurged, "not everything was completed", problems);
            check(!waiting.isEmpty() && waiting.size() < signups, "the run had no outage", problems);
            check(!early, "a signup was purged while its broker was down", problems);
            check(
                    percentile99Millis < limitMillis,
                    "p99 from acceptance to UNREACHABLE is " + percentile99Millis + " ms",
                    problems);
            books(rig, accepted, waiting, problems);
            Verdict verdict = AuditVerifier.verify(rig.clients, rig.codec, Instant.now(), true);
            check(verdict.holds(), verdict.render(Verdict.Style.PLAIN), problems);
            System.out.printf(
                    Locale.ROOT,
                    "purges by level %s, audit %s%n",
                    Summary.purgesByLevel(rig.observer.lives()),
                    verdict.holds() ? "passed" : "FAILED");
            problems.stream().limit(20).forEach(problem -> System.out.println("PROBLEM " + problem));
            System.out.println(problems.isEmpty() ? "all checks passed" : problems.size() + " problems");
            return problems.isEmpty() ? 0 : 1;
        }
    }

    private static void check(boolean holds, String problem, List<String> problems) {
        if (!holds) {
            problems.add(problem);
        }
    }

    private Set<UUID> send(Rig rig) throws InterruptedException {
        Set<UUID> accepted = ConcurrentHashMap.newKeySet();
        Semaphore free = new Semaphore(CONNECTIONS);
        long start = System.nanoTime();
        for (int i = 0; i < signups; i++) {
            long due = start + i * TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
            while (System.nanoTime() < due) {
                Thread.sleep(1);
            }
            free.acquire();
            byte[] request = SamplePeople.signupRequest(
                    SamplePeople.person(i), Rig.POLICY_VERSION, List.copyOf(rig.brokers.keySet()), Instant.now());
            var unused = rig.website
                    .signup(request, UUID.randomUUID().toString())
                    .onComplete(reply -> {
                        if (reply.succeeded() && reply.result().status() == 202) {
                            reply.result().signupId().ifPresent(accepted::add);
                        }
                        free.release();
                    });
        }
        free.acquire(CONNECTIONS);
        return accepted;
    }

    /** Adds the broker to which each signup is assigned; returns whether all are known. */
    private static boolean assignments(Rig rig, Collection<UUID> accepted, Map<UUID, String> assigned) {
        accepted.forEach(
                id -> rig.observer.life(id).flatMap(Life::assignedTo).ifPresent(broker -> assigned.put(id, broker)));
        return assigned.keySet().containsAll(accepted);
    }

    private static long reportOthers(Rig rig, Set<UUID> others) {
        Histogram fromReceipt = new Histogram(3);
        Histogram fromAcceptance = new Histogram(3);
        for (UUID id : others) {
            Life life = rig.observer.life(id).orElse(Life.of(id));
            Optional<Purged> purged =
                    life.purged().filter(made -> made.getLevel().compareTo(PurgeLevel.UNREACHABLE) >= 0);
            Optional<Instant> receipt = life.receivedAt();
            Optional<Instant> acceptance = life.delivered().map(Delivered::getAcceptedAt);
            if (purged.isPresent() && receipt.isPresent() && acceptance.isPresent()) {
                Instant end = purged.get().getPurgedAt();
                fromReceipt.recordValue(
                        Math.max(0, Duration.between(receipt.get(), end).toMillis()));
                fromAcceptance.recordValue(
                        Math.max(0, Duration.between(acceptance.get(), end).toMillis()));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "the other brokers' %d signups, %d purged at UNREACHABLE%n",
                others.size(),
                fromReceipt.getTotalCount());
        System.out.printf(
                Locale.ROOT,
                "  %-42s p50 %6d ms   p99 %6d ms   longest %6d ms%n",
                "from the website's 202 to UNREACHABLE",
                fromReceipt.getValueAtPercentile(50),
                fromReceipt.getValueAtPercentile(99),
                fromReceipt.getMaxValue());
        System.out.printf(
                Locale.ROOT,
                "  %-42s p50 %6d ms   p99 %6d ms   longest %6d ms%n",
                "from the broker's acceptance to UNREACHABLE",
                fromAcceptance.getValueAtPercentile(50),
                fromAcceptance.getValueAtPercentile(99),
                fromAcceptance.getMaxValue());
        return fromAcceptance.getTotalCount() == others.size()
                ? fromAcceptance.getValueAtPercentile(99)
                : Long.MAX_VALUE;
    }

    private static void reportReturn(Rig rig, Set<UUID> waiting, Instant back) {
        List<Instant> deliveries = waiting.stream()
                .flatMap(id -> rig.observer.life(id).flatMap(Life::delivered).stream())
                .map(Delivered::getAcceptedAt)
                .sorted()
                .toList();
        if (deliveries.isEmpty()) {
            return;
        }
        Map<Long, Long> bySecond =
                deliveries.stream().collect(Collectors.groupingBy(Instant::getEpochSecond, Collectors.counting()));
        System.out.printf(
                Locale.ROOT,
                "the broker is back: first delivery after %.1f s, last after %.1f s, at most %d per second%n",
                Duration.between(back, deliveries.get(0)).toMillis() / 1000.0,
                Duration.between(back, deliveries.get(deliveries.size() - 1)).toMillis() / 1000.0,
                bySecond.values().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    private static void books(Rig rig, Set<UUID> accepted, Set<UUID> waiting, List<String> problems) {
        for (UUID id : accepted) {
            List<String> takers = rig.takers(id);
            if (takers.size() != 1) {
                problems.add(id + " was accepted by " + takers);
            } else if (waiting.contains(id) && !takers.equals(List.of(AWAY))) {
                problems.add(id + " went to " + takers + ", not to the broker it waited for");
            }
        }
    }
}
