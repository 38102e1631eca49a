package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.audit.AuditReplayer;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.replay.ReplayReport;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.traffic.WebsiteClient.Reply;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.NoticeReaction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench rights}: people exercise their rights at random moments, with flaky brokers and kills of every service. */
@Command(
        name = "rights",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Sends signups to flaky brokers. Many are withdrawn, erased, restricted, objected to or corrected before, during and after the",
            "handoff, and officers decide, while ingest, router and register service are killed with kill -9 repeatedly. Then",
            "checks, by the brokers' own books: nothing reached a broker while the answer ruled that out; each request after an",
            "offer reached the broker that has the data and no other, and was confirmed or refused; so did new data, and none after a",
            "withdrawal; where a person's request was refused, the handoff went",
            "on. The status of requests is compared with the books throughout. The register is rebuilt to the same bytes,",
            "and the log is verified and replayed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all checks passed", "1:a check failed", "2:could not run"})
final class RightsCommand implements Callable<Integer> {
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration UNPUBLISHED = Duration.ofMinutes(2);
    private static final int CONNECTIONS = 32;
    private static final String HELD = "HELD";
    private static final String STARTED = "HANDOFF_STARTED";

    @Option(names = "--signups", defaultValue = "5000", description = "signups to send (default: ${DEFAULT-VALUE})")
    private int signups;

    @Option(
            names = "--kills",
            defaultValue = "10",
            description = "kills, of each service in turn (default: ${DEFAULT-VALUE})")
    private int kills;

    @Option(names = "--rate", defaultValue = "40", description = "signups per second (default: ${DEFAULT-VALUE})")
    private int ratePerSecond;

    @Option(names = "--seed", description = "seed of the random choices (default: the time)")
    private long seed = System.nanoTime();

    @Option(
            names = "--directory",
            defaultValue = "var/bench-rights",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-rights");

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.out.println("seed " + seed);
        Map<String, Behaviour> behaviours = new LinkedHashMap<>();
        behaviours.put("steady", Behaviour.accepting());
        behaviours.put("flaky", Behaviour.flaky(0.1, 3).otherwise(Behaviour.losingReplies(0.1, 4)));
        behaviours.put("choosy", Behaviour.refusing(0.3, 5).otherwise(Behaviour.delayed(Duration.ofMillis(150))));
        Map<String, String> settings = Map.of(
                "HANDOFF_LOG_LEVEL", "WARN",
                "HANDOFF_DELIVERY_ATTEMPT_TIMEOUT", "PT2S",
                "HANDOFF_PARKING_INTERVAL", "PT2S",
                "HANDOFF_NOTICE_BACKOFF_INITIAL", "PT0.5S",
                "HANDOFF_NOTICE_BACKOFF_MAXIMUM", "PT4S",
                "HANDOFF_NOTICE_ESCALATE_AFTER", "PT8S",
                "HANDOFF_NOTICE_SETTLE_AFTER", "PT6S");
        RightsRun run = new RightsRun();
        try (Rig rig = new Rig(directory, behaviours, CONNECTIONS, settings)) {
            rig.brokers.values().forEach(broker -> broker.behaveOnNotices(RightsCommand::reaction));
            Thread sampler = new Thread(() -> RightsStatuses.sample(rig, run, new Random(seed + 1)), "sample");
            sampler.start();
            Thread sender = new Thread(() -> send(rig, run, new Random(seed + 2)), "send");
            sender.start();
            kill(rig, run, new Random(seed));
            sender.join();
            boolean settled = Rig.waitFor(() -> run.open.get() == 0, PATIENCE, "answers")
                    && Rig.waitFor(() -> run.accepted.keySet().stream().allMatch(rig::purged), PATIENCE, "purges")
                    && Rig.waitFor(() -> unanswered(rig, run).isEmpty(), PATIENCE, "brokers' answers")
                    && Rig.waitFor(() -> Rectifications.purged(rig, run), PATIENCE, "purges of new data")
                    // New data whose request died is replaced by the repeat: only half a minute later is it certain
                    // that no record of it comes. That is while the router still runs, which the rebuild of the
                    // register ends.
                    && Rig.waitFor(
                            () -> verified(rig).counts().open() == 0,
                            UNPUBLISHED,
                            "purges of what was never published");
            if (!settled) {
                run.problems.add("not everything was completed; unanswered: " + unanswered(rig, run));
            }
            run.over.set(true);
            sampler.join();
            report(rig, run);
            WithdrawalsCommand.registerRebuilt(rig, run.problems);
            audit(rig, run);
            run.problems.stream().limit(30).forEach(problem -> System.out.println("PROBLEM " + problem));
            System.out.println(run.problems.isEmpty() ? "all checks passed" : run.problems.size() + " problems");
            return run.problems.isEmpty() ? 0 : 1;
        }
    }

    /** Completes some at once, fails some twice, works on some, refuses some. */
    private static NoticeReaction reaction(UUID signupId, String type, int arrival) {
        return switch (Math.floorMod(signupId.hashCode(), 5)) {
            case 0 -> arrival <= 2 ? new NoticeReaction.Fail(500) : new NoticeReaction.Complete();
            case 1 -> new NoticeReaction.Pend(2);
            case 2 ->
                type.equals("withdrawal") ? new NoticeReaction.Complete() : new NoticeReaction.Refuse("legal-claims");
            default -> new NoticeReaction.Complete();
        };
    }

    private void kill(Rig rig, RightsRun run, Random random) throws IOException, InterruptedException {
        long spanMillis = 1_000L * signups / ratePerSecond;
        List<ServiceProcess> victims = List.of(rig.ingest, rig.router, rig.register);
        for (int kill = 1; kill <= kills; kill++) {
            Thread.sleep(random.nextInt((int) Math.max(1, 2 * spanMillis / (kills + 1))));
            ServiceProcess victim = victims.get(kill % victims.size());
            victim.kill();
            victim.start();
            victim.awaitReady(RESTART_LIMIT);
            System.out.printf(
                    Locale.ROOT,
                    "kill %2d of %d: %d signups accepted, %d requests taken%n",
                    kill,
                    kills,
                    run.accepted.size(),
                    run.requests.size());
        }
    }

    private void send(Rig rig, RightsRun run, Random random) {
        Semaphore free = new Semaphore(CONNECTIONS);
        long startNanos = System.nanoTime();
        for (int i = 0; i < signups; i++) {
            long dueNanos = startNanos + i * TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
            try {
                TimeUnit.NANOSECONDS.sleep(Math.max(0, dueNanos - System.nanoTime()));
                free.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            RightsRun.Plan plan = RightsRun.Plan.random(random);
            // At once or by the clock; or after a broker has accepted: by the clock alone the machine's speed would
            // decide which of the two it is.
            boolean taken = random.nextInt(3) == 0;
            long firstMillis = 1L + random.nextInt(random.nextBoolean() ? 300 : 8_000);
            long nextMillis = 200L + random.nextInt(4_000);
            byte[] request = SamplePeople.signupRequest(
                    SamplePeople.person(i), Rig.POLICY_VERSION, List.copyOf(rig.brokers.keySet()), Instant.now());
            var unused = rig.website
                    .signup(request, UUID.randomUUID().toString())
                    .onComplete(reply -> {
                        free.release();
                        Optional<UUID> id = reply.succeeded() ? reply.result().signupId() : Optional.empty();
                        if (id.isEmpty()) {
                            run.problems.add("a signup was not accepted");
                        } else {
                            run.accepted.put(id.get(), plan);
                            if (plan != RightsRun.Plan.NOTHING) {
                                run.open.incrementAndGet();
                                begin(rig, run, id.get(), plan, new Moments(taken, firstMillis, nextMillis));
                            }
                        }
                    });
        }
        free.acquireUninterruptibly(CONNECTIONS);
    }

    /**
     * When a person acts.
     *
     * @param taken not before a broker has accepted the signup, if one ever does
     * @param firstMillis delay of the first request
     * @param nextMillis delay from its answer to the next
     */
    private record Moments(boolean taken, long firstMillis, long nextMillis) {}

    private static void begin(Rig rig, RightsRun run, UUID id, RightsRun.Plan plan, Moments moments) {
        if (moments.taken() && rig.takers(id).isEmpty() && !rig.purged(id)) {
            var unused = rig.vertx.setTimer(50, timer -> begin(rig, run, id, plan, moments));
            return;
        }
        var unused = rig.vertx.setTimer(moments.firstMillis(), timer -> {
            if (plan.corrects()) {
                Rectifications.begin(rig, run, id, plan, moments.nextMillis());
                return;
            }
            if (plan == RightsRun.Plan.WITHDRAWAL) {
                var unusedReply = rig.website.withdraw(id).onComplete(reply -> {
                    ended(rig, run, id, reply.succeeded() ? reply.result() : null, 200);
                    run.open.decrementAndGet();
                });
                return;
            }
            var unusedReply = rig.website.ask(id, plan.right()).onComplete(reply -> {
                Optional<RightsRun.Asked> asked = run.taken(rig, id, reply.succeeded(), reply.result());
                asked.filter(request -> request.found().equals(HELD))
                        .ifPresent(request -> stopped(rig, run, id, request.type()));
                if (asked.isEmpty() || plan == RightsRun.Plan.ERASURE) {
                    run.open.decrementAndGet();
                } else {
                    var unusedTimer =
                            rig.vertx.setTimer(moments.nextMillis(), next -> proceed(rig, run, asked.get(), plan));
                }
            });
        });
    }

    private static void ended(Rig rig, RightsRun run, UUID id, @Nullable Reply reply, int expected) {
        if (reply == null || reply.status() != expected) {
            run.problems.add("the withdrawal of " + id + " was not answered");
            return;
        }
        String outcome = String.valueOf(reply.members().get("outcome"));
        run.answered("withdrawal " + outcome);
        if (outcome.equals("ERASED_BEFORE_HANDOFF")) {
            stopped(rig, run, id, "withdrawal");
        }
    }

    /** After the answer nothing may reach a broker; anything earlier would falsify the answer. */
    private static void stopped(Rig rig, RightsRun run, UUID id, String by) {
        run.stopped.put(id, by);
        Set<String> seen = RightsRun.seenBy(rig, id);
        if (!seen.isEmpty()) {
            run.problems.add(id + " is at " + seen + ", but the answer to its " + by + " says that no broker has it");
        }
    }

    private static void proceed(Rig rig, RightsRun run, RightsRun.Asked asked, RightsRun.Plan plan) {
        UUID id = asked.signupId();
        if (run.stopped.containsKey(id) && !RightsRun.seenBy(rig, id).isEmpty()) {
            run.problems.add(id + " reached " + RightsRun.seenBy(rig, id) + " while it was restricted");
        }
        if (plan == RightsRun.Plan.RESTRICTION_ERASED) {
            var unused = rig.website.ask(id, "erasure").onComplete(reply -> {
                var unusedRequest = run.taken(rig, id, reply.succeeded(), reply.result());
                run.open.decrementAndGet();
            });
            return;
        }
        boolean granted = plan == RightsRun.Plan.OBJECTION_GRANTED;
        if (!granted) {
            run.stopped.remove(id);
        }
        var unused = rig.website.decide(id, asked.requestId(), granted).onComplete(reply -> {
            if (reply.succeeded() && reply.result().status() == 200) {
                run.answered(asked.type() + (granted ? " granted" : " refused"));
            } else {
                run.problems.add("the decision of " + asked.requestId() + " was not taken");
            }
            run.open.decrementAndGet();
        });
    }

    private static Verdict verified(Rig rig) {
        return AuditVerifier.verify(rig.clients, rig.codec, Instant.now(), true);
    }

    // ---- the end

    /** Requests to which a broker that has the data has given no final answer. */
    private static List<UUID> unanswered(Rig rig, RightsRun run) {
        return run.requests.values().stream()
                .filter(asked -> asked.found().equals(STARTED))
                .filter(asked -> toBeTold(rig, run, asked).stream()
                        .anyMatch(broker -> RightsStatuses.notice(rig, broker, asked)
                                .filter(notice -> notice.completed() || notice.refused())
                                .isEmpty()))
                .map(RightsRun.Asked::requestId)
                .toList();
    }

    /**
     * Who must be notified of a request after an offer: the holders of the data. A refused request is over for a broker that got the data
     * later; an earlier possible holder may have been notified.
     */
    private static Set<String> toBeTold(Rig rig, RightsRun run, RightsRun.Asked asked) {
        RightsRun.Plan plan = run.accepted.get(asked.signupId());
        return plan == null || plan.ends() ? new TreeSet<>(rig.takers(asked.signupId())) : asked.takers();
    }

    private static void report(Rig rig, RightsRun run) {
        int handedOver = 0;
        for (Map.Entry<UUID, RightsRun.Plan> signup : run.accepted.entrySet()) {
            UUID id = signup.getKey();
            List<String> takers = rig.takers(id);
            handedOver += takers.isEmpty() ? 0 : 1;
            if (takers.size() > 1) {
                run.problems.add(id + " was accepted by " + takers);
            }
            if (run.stopped.containsKey(id) && !RightsRun.seenBy(rig, id).isEmpty()) {
                run.problems.add(id + " reached " + RightsRun.seenBy(rig, id) + " after its " + run.stopped.get(id));
            }
            if (!signup.getValue().ends() && takers.isEmpty()) {
                run.problems.add(id + " reached no broker: " + signup.getValue());
            }
        }
        int told = 0;
        Rectifications.report(rig, run);
        for (RightsRun.Asked asked : run.requests.values()) {
            if (asked.corrects()) {
                continue;
            }
            Set<String> takers = toBeTold(rig, run, asked);
            Set<String> heard = new TreeSet<>();
            rig.brokers.keySet().stream()
                    .filter(broker -> RightsStatuses.notice(rig, broker, asked).isPresent())
                    .forEach(heard::add);
            boolean right = asked.found().equals(STARTED)
                    // If no broker has it, those that may have it may be notified.
                    ? takers.isEmpty() || heard.equals(takers)
                    : heard.isEmpty();
            told += asked.found().equals(STARTED) && right ? 1 : 0;
            if (!right) {
                run.problems.add(asked.type() + " " + asked.found() + " of " + asked.signupId() + ", which is at "
                        + takers + ", was told to " + heard);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%nsignups %d, handed over %d; requests %d, of them told to exactly who has the data %d; kills: ingest %d, router %d, register"
                        + " service %d%n%s%na request's status was asked %d times%n",
                run.accepted.size(),
                handedOver,
                run.requests.size(),
                told,
                rig.ingest.starts() - 1,
                rig.router.starts() - 1,
                rig.register.starts() - 1,
                new TreeMap<>(run.answers),
                run.samples.get());
    }

    private static void audit(Rig rig, RightsRun run) {
        Verdict verdict = verified(rig);
        if (!verdict.holds()) {
            run.problems.add(verdict.render(Verdict.Style.PLAIN));
        }
        ReplayReport replay =
                AuditReplayer.replay(rig.clients, rig.codec, Optional.empty(), (partition, partitions) -> {});
        if (!replay.equal()) {
            run.problems.add(replay.render());
        }
        System.out.println("audit " + (verdict.holds() ? "passed" : "FAILED") + ", replay "
                + (replay.equal() ? "equal" : "NOT equal"));
    }
}
