package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.brokerhandoff.audit.AuditReplayer;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.replay.ReplayReport;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.quickstart.report.Summary;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.routing.CapWindow;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.HandoffFacts;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Topic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench routing}: weights, priorities, caps and pings, while brokers fail and routers are killed. */
@Command(
        name = "routing",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Sends signups to brokers with weights, priorities, caps and a ping, which drop 5 %% of their replies after",
            "acceptance, answer 500 to 5 %% and 429 to 2 %%, and one of which refuses a tenth; kills the router",
            "with kill -9 repeatedly. Then checks, by the brokers' own books and by the log: no signup accepted by",
            "two, every one purged, caps kept in every window, the events of each signup in order, nothing sent before",
            "it was assigned, the audit passed, and every decision replayed identically."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all checks passed", "1:a check failed", "2:could not run"})
final class RoutingCommand implements Callable<Integer> {
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final int CONNECTIONS = 32;
    private static final String ASKING = "asking";
    private static final String LAST = "last";

    @Option(names = "--signups", defaultValue = "20000", description = "signups to send (default: ${DEFAULT-VALUE})")
    private int signups;

    @Option(names = "--kills", defaultValue = "10", description = "times to kill a router (default: ${DEFAULT-VALUE})")
    private int kills;

    @Option(
            names = "--routers",
            defaultValue = "1",
            description = "routers that share the work (default: ${DEFAULT-VALUE})")
    private int routers;

    @Option(names = "--seed", description = "seed of the random choices (default: the time)")
    private long seed = System.nanoTime();

    @Option(
            names = "--directory",
            defaultValue = "var/bench-routing",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-routing");

    /** A broker of the run and its caps. */
    private record Entrant(RigBroker broker, OptionalInt hourlyCap, OptionalInt dailyCap) {
        static Entrant of(
                String id, Behaviour behaviour, int priority, int weight, OptionalInt hourlyCap, OptionalInt dailyCap) {
            List<String> caps = new ArrayList<>();
            hourlyCap.ifPresent(cap -> caps.add("hourly: " + cap));
            dailyCap.ifPresent(cap -> caps.add("daily: " + cap));
            List<String> terms = new ArrayList<>();
            if (!caps.isEmpty()) {
                terms.add("caps: {" + String.join(", ", caps) + "}");
            }
            if (id.equals(ASKING)) {
                terms.add("ping: true");
            }
            return new Entrant(new RigBroker(id, behaviour, priority, weight, terms, false), hourlyCap, dailyCap);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Entrant> entrants = entrants(random);
        Map<String, String> settings = Map.of(
                "HANDOFF_DELIVERY_ATTEMPT_TIMEOUT",
                "PT2S",
                "HANDOFF_PARKING_INTERVAL",
                "PT3S",
                "HANDOFF_LOG_LEVEL",
                "WARN");
        try (Rig rig = new Rig(
                directory,
                entrants.stream().map(Entrant::broker).toList(),
                CONNECTIONS,
                settings,
                List.of(),
                routers)) {
            Set<UUID> accepted = ConcurrentHashMap.newKeySet();
            AtomicInteger answered = new AtomicInteger();
            List<String> recipients =
                    entrants.stream().map(entrant -> entrant.broker().id()).toList();
            Instant start = Instant.now();
            Thread sender = new Thread(() -> send(rig, recipients, accepted, answered), "send");
            sender.start();
            killAgainAndAgain(rig, random, answered);
            sender.join();
            Instant sent = Instant.now();
            boolean settled = Rig.waitFor(() -> accepted.stream().allMatch(id -> rig.purged(id)), PATIENCE, "purges");
            System.out.printf(
                    Locale.ROOT,
                    "%d signups, %d accepted: sent in %.1f s, all ended after %.1f s%n",
                    signups,
                    accepted.size(),
                    seconds(start, sent),
                    seconds(start, Instant.now()));
            return report(rig, entrants, accepted, settled) ? 0 : 1;
        }
    }

    /** The caps are chosen so that they are reached, and that every signup finds a broker nevertheless. */
    private List<Entrant> entrants(Random random) {
        OptionalInt none = OptionalInt.empty();
        return List.of(
                Entrant.of("steady", failing(random, 0), 1, 3, none, none),
                Entrant.of("few-an-hour", failing(random, 0), 1, 2, OptionalInt.of(Math.max(1, signups / 20)), none),
                Entrant.of(
                        "some-a-day",
                        failing(random, 0),
                        1,
                        2,
                        OptionalInt.of(Math.max(1, signups / 8)),
                        OptionalInt.of(Math.max(1, signups / 8))),
                Entrant.of(ASKING, failing(random, 0), 1, 2, none, none),
                Entrant.of("picky", failing(random, 0.1), 1, 1, none, none),
                Entrant.of(LAST, failing(random, 0), 2, 1, none, none));
    }

    private static Behaviour failing(Random random, double refuses) {
        long limited = random.nextLong();
        return Behaviour.refusing(refuses, random.nextLong())
                .otherwise(Behaviour.losingReplies(0.05, random.nextLong()))
                .otherwise(Behaviour.flaky(0.05, random.nextLong()))
                .otherwise(Behaviour.accepting()
                        .when(facts -> drawn(facts, limited) < 0.02, Behaviour.limiting(Duration.ofSeconds(1))));
    }

    private static double drawn(HandoffFacts facts, long seed) {
        return new Random(seed ^ facts.total() * 0x9E3779B97F4A7C15L).nextDouble();
    }

    private void send(Rig rig, List<String> recipients, Set<UUID> accepted, AtomicInteger answered) {
        Semaphore free = new Semaphore(CONNECTIONS);
        for (int i = 0; i < signups; i++) {
            free.acquireUninterruptibly();
            byte[] request =
                    SamplePeople.signupRequest(SamplePeople.person(i), Rig.POLICY_VERSION, recipients, Instant.now());
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
        free.acquireUninterruptibly(CONNECTIONS);
    }

    /** By progress of the router, not of the website, which is ahead of it: the kills should be spread over the work. */
    private void killAgainAndAgain(Rig rig, Random random, AtomicInteger answered)
            throws IOException, InterruptedException {
        for (int kill = 1; kill <= kills; kill++) {
            long due = (long) signups * kill / (kills + 1);
            Rig.waitFor(() -> delivered(rig) >= due, PATIENCE, due + " deliveries");
            TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
            ServiceProcess victim = rig.routers.get(random.nextInt(rig.routers.size()));
            victim.kill();
            victim.start();
            victim.awaitReady(RESTART_LIMIT);
            System.out.printf(
                    Locale.ROOT,
                    "kill %2d of %d: %s; %d answered, %d delivered%n",
                    kill,
                    kills,
                    victim.name(),
                    answered.get(),
                    delivered(rig));
        }
    }

    private static long delivered(Rig rig) {
        return rig.observer.lives().stream()
                .filter(life -> life.delivered().isPresent())
                .count();
    }

    private boolean report(Rig rig, List<Entrant> entrants, Set<UUID> accepted, boolean settled) {
        List<String> problems = new ArrayList<>();
        if (accepted.size() != signups) {
            problems.add((signups - accepted.size()) + " signups were not accepted");
        }
        if (!settled) {
            problems.add("some signups have no purge");
        }
        HandoffOrder order = order(rig);
        problems.addAll(order.problems());
        takers(rig, accepted, order, problems);
        long nowNanos = System.nanoTime();
        Instant now = Instant.now();
        System.out.printf(
                Locale.ROOT,
                "%n%-12s %9s %9s %11s %9s   %s%n",
                "broker",
                "accepted",
                "refused",
                "duplicates",
                "failed",
                "caps");
        for (Entrant entrant : entrants) {
            Books books = rig.books(entrant.broker().id());
            caps(entrant, books, now, nowNanos, problems);
            Books.Totals totals = books.totals();
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %9d %9d %11d %9d   %s%n",
                    entrant.broker().id(),
                    totals.accepted(),
                    totals.refused(),
                    totals.duplicates(),
                    totals.failed(),
                    String.join(" ", entrant.broker().terms()));
            if (totals.badSignatures() + totals.badRequests() > 0) {
                problems.add(entrant.broker().id() + " got " + totals.badSignatures() + " bad signatures and "
                        + totals.badRequests() + " bad requests");
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%nevents: %s%n",
                String.join(
                        ", ",
                        IntStream.range(0, EVENTS.size())
                                .mapToObj(i -> EVENTS.get(i) + " " + order.count(EVENTS.get(i)))
                                .toList()));
        Verdict verdict = AuditVerifier.verify(rig.clients, rig.codec, Instant.now(), true);
        if (!verdict.holds()) {
            problems.add(verdict.render(Verdict.Style.PLAIN));
        }
        ReplayReport replay =
                AuditReplayer.replay(rig.clients, rig.codec, Optional.empty(), (partition, partitions) -> {});
        if (!replay.equal()) {
            problems.add(replay.render());
        }
        System.out.printf(
                Locale.ROOT,
                "routers started %d times, purges by level %s, audit %s%n%s",
                rig.routers.stream().mapToInt(ServiceProcess::starts).sum(),
                Summary.purgesByLevel(rig.observer.lives()),
                verdict.holds() ? "passed" : "FAILED",
                replay.render());
        problems.stream().limit(30).forEach(problem -> System.out.println("PROBLEM " + problem));
        System.out.println(problems.isEmpty() ? "all checks passed" : problems.size() + " problems");
        return problems.isEmpty();
    }

    private static final List<String> EVENTS = List.of(
            "Assigned",
            "AttemptMade",
            "Reconciled",
            "Released",
            "Refused",
            "PingMade",
            "Postponed",
            "Parked",
            "Undeliverable",
            "Delivered",
            "repeats");

    private static HandoffOrder order(Rig rig) {
        HandoffOrder order = new HandoffOrder();
        try (EventReader reader = new EventReader(rig.clients, rig.codec, "bench-routing")) {
            reader.readAll(List.of(Topic.HANDOFFS), received -> {
                if (received.decoded() instanceof Decoded.Event event) {
                    order.take(event.event(), received.appendedAt());
                }
            });
        }
        return order;
    }

    private static void takers(Rig rig, Set<UUID> accepted, HandoffOrder order, List<String> problems) {
        for (UUID id : accepted) {
            List<String> takers = rig.takers(id);
            Life life = rig.observer.life(id).orElse(Life.of(id));
            if (takers.size() > 1) {
                problems.add(id + " was accepted by " + takers);
            }
            if (!life.deliveredTo().equals(Set.copyOf(takers))) {
                problems.add(id + " is reported delivered to " + life.deliveredTo() + ", but " + takers + " have it");
            }
            rig.brokers.forEach((broker, sandbox) -> sandbox.books()
                    .account(id)
                    .flatMap(Books.Account::firstByteAt)
                    .ifPresent(arrived -> {
                        Optional<Instant> assigned = order.assigned(id, broker);
                        // Kafka's clock is this machine's, in milliseconds.
                        if (assigned.isEmpty() || assigned.get().isAfter(arrived)) {
                            problems.add(id + " arrived at " + broker + " before its assignment");
                        }
                    }));
        }
    }

    /** By the broker's books: the time at which it accepted. */
    private static void caps(Entrant entrant, Books books, Instant now, long nowNanos, List<String> problems) {
        Map<Instant, Integer> hours = new HashMap<>();
        Map<Instant, Integer> days = new HashMap<>();
        books.accounts().filter(Books.Account::isAccepted).forEach(account -> {
            CapWindow window = CapWindow.at(now.minusNanos(nowNanos - account.acceptedNanos()), ZoneOffset.UTC);
            hours.merge(window.hour(), 1, Integer::sum);
            days.merge(window.day(), 1, Integer::sum);
        });
        exceeded(entrant, hours, entrant.hourlyCap(), "hour", problems);
        exceeded(entrant, days, entrant.dailyCap(), "day", problems);
    }

    private static void exceeded(
            Entrant entrant, Map<Instant, Integer> accepted, OptionalInt cap, String window, List<String> problems) {
        accepted.forEach((begin, count) -> {
            if (cap.isPresent() && count > cap.getAsInt()) {
                problems.add(entrant.broker().id() + " accepted " + count + " in the " + window + " from " + begin
                        + ", and its cap is " + cap.getAsInt());
            }
        });
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
