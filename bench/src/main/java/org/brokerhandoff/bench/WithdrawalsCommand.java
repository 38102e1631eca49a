package org.brokerhandoff.bench;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
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
import org.HdrHistogram.Histogram;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.register.FreshRegister;
import org.brokerhandoff.register.Register;
import org.brokerhandoff.register.RegisterProjector;
import org.brokerhandoff.register.RegisterRebuild;
import org.brokerhandoff.register.RegisterSettings;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.NoticeBehaviour;
import org.brokerhandoff.sandbox.NoticeReaction;
import org.brokerhandoff.schemas.Topic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench withdrawals}: withdrawals at random moments, with flaky brokers and a router that is killed. */
@Command(
        name = "withdrawals",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Sends signups to flaky brokers and withdraws many of them before, during and after the handoff, while the",
            "router is killed with kill -9 repeatedly and one broker accepts no notices for a while. Then checks, by the brokers'",
            "own books: of every withdrawn signup that a broker holds, that broker and no other was notified, and confirmed.",
            "The status is read throughout and must never contradict the books. At the end the register is deleted, rebuilt from",
            "the log, and must export the same bytes."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all checks passed", "1:a check failed", "2:could not run"})
final class WithdrawalsCommand implements Callable<Integer> {
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    static final String STARTED = "HANDOFF_STARTED";
    private static final int CONNECTIONS = 32;

    @Option(names = "--signups", defaultValue = "5000", description = "signups to send (default: ${DEFAULT-VALUE})")
    private int signups;

    @Option(
            names = "--kills",
            defaultValue = "10",
            description =
                    "times to kill the register service, and every other time the router with it (default: ${DEFAULT-VALUE})")
    private int kills;

    @Option(names = "--rate", defaultValue = "60", description = "signups per second (default: ${DEFAULT-VALUE})")
    private int ratePerSecond;

    @Option(names = "--seed", description = "seed of the random choices (default: the time)")
    private long seed = System.nanoTime();

    @Option(
            names = "--directory",
            defaultValue = "var/bench-withdrawals",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-withdrawals");

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
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
        WithdrawalRun run = new WithdrawalRun();
        try (Rig rig = new Rig(directory, behaviours, CONNECTIONS, settings)) {
            rig.broker("steady").behaveOnNotices(WithdrawalsCommand::halfHearted);
            rig.broker("flaky")
                    .behaveOnNotices((id, type, arrival) ->
                            run.silent.get() ? new NoticeReaction.Fail(503) : halfHearted(id, type, arrival));
            rig.broker("choosy").behaveOnNotices(NoticeBehaviour.pending(2));
            Thread sampler = new Thread(() -> WithdrawalStatuses.sample(rig, run, new Random(seed + 1)), "sample");
            sampler.start();
            Thread sender = new Thread(() -> send(rig, run, new Random(seed + 2)), "send");
            sender.start();
            long spanMillis = 1_000L * signups / ratePerSecond;
            for (int kill = 1; kill <= kills; kill++) {
                Thread.sleep(random.nextInt((int) Math.max(1, 2 * spanMillis / (kills + 1))));
                List<ServiceProcess> victims =
                        kill % 2 == 0 ? List.of(rig.register, rig.router) : List.of(rig.register);
                for (ServiceProcess victim : victims) {
                    victim.kill();
                }
                for (ServiceProcess victim : victims) {
                    victim.start();
                }
                for (ServiceProcess victim : victims) {
                    victim.awaitReady(RESTART_LIMIT);
                }
                System.out.printf(
                        Locale.ROOT,
                        "kill %2d of %d: %d signups accepted, %d withdrawn%n",
                        kill,
                        kills,
                        run.accepted.size(),
                        run.withdrawn.size());
            }
            sender.join();
            run.silent.set(false);
            boolean settled = Rig.waitFor(() -> run.withdrawalsOpen.get() == 0, PATIENCE, "answers to withdrawals")
                    && Rig.waitFor(() -> run.accepted.stream().allMatch(rig::purged), PATIENCE, "purges")
                    && Rig.waitFor(() -> confirmed(rig, run), PATIENCE, "confirmations");
            run.over.set(true);
            sampler.join();
            if (!settled) {
                run.problems.add("not everything was completed");
            }
            report(rig, run);
            registerRebuilt(rig, run.problems);
            Verdict verdict = AuditVerifier.verify(rig.clients, rig.codec, Instant.now(), true);
            if (!verdict.holds()) {
                run.problems.add(verdict.render(Verdict.Style.PLAIN));
            }
            System.out.println("audit " + (verdict.holds() ? "passed" : "FAILED"));
            run.problems.stream().limit(30).forEach(problem -> System.out.println("PROBLEM " + problem));
            System.out.println(run.problems.isEmpty() ? "all checks passed" : run.problems.size() + " problems");
            return run.problems.isEmpty() ? 0 : 1;
        }
    }

    /** Completes some notices at once, fails some twice, works on some for a while. */
    private static NoticeReaction halfHearted(UUID signupId, String type, int arrival) {
        int kind = Math.floorMod(signupId.hashCode(), 4);
        if (kind == 0 && arrival <= 2) {
            return new NoticeReaction.Fail(500);
        }
        return kind == 1 ? new NoticeReaction.Pend(2) : new NoticeReaction.Complete();
    }

    private void send(Rig rig, WithdrawalRun run, Random random) {
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
            Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
            long delayMillis = 1L + random.nextInt(moment == Moment.BY_TIME ? 8_000 : 2_000);
            byte[] request = SamplePeople.signupRequest(
                    SamplePeople.person(i), Rig.POLICY_VERSION, List.copyOf(rig.brokers.keySet()), Instant.now());
            var unused = rig.website
                    .signup(request, UUID.randomUUID().toString())
                    .onComplete(reply -> {
                        free.release();
                        Optional<UUID> id = reply.succeeded() ? reply.result().signupId() : Optional.empty();
                        if (id.isEmpty()) {
                            run.problems.add("a signup was not accepted");
                            return;
                        }
                        run.accepted.add(id.get());
                        if (moment != Moment.NEVER) {
                            run.withdrawalsOpen.incrementAndGet();
                            withdraw(rig, run, id.get(), moment, delayMillis);
                        }
                    });
        }
        free.acquireUninterruptibly(CONNECTIONS);
    }

    /** When a signup is withdrawn: by the clock alone the machine's speed would decide whether most are withdrawn before, or after. */
    private enum Moment {
        NEVER,
        BY_TIME,
        /** When a request for it has reached a broker. */
        DURING,
        /** Some time after a broker has accepted it. */
        AFTER
    }

    private static void withdraw(Rig rig, WithdrawalRun run, UUID id, Moment moment, long delayMillis) {
        boolean ended = rig.purged(id);
        if (moment == Moment.DURING && !ended && !seen(rig, id)) {
            var unused = rig.vertx.setTimer(10, timer -> withdraw(rig, run, id, moment, delayMillis));
        } else if (moment == Moment.AFTER && !ended && rig.takers(id).isEmpty()) {
            var unused = rig.vertx.setTimer(50, timer -> withdraw(rig, run, id, moment, delayMillis));
        } else if (moment == Moment.DURING) {
            withdraw(rig, run, id);
        } else {
            var unused = rig.vertx.setTimer(delayMillis, timer -> withdraw(rig, run, id));
        }
    }

    private static boolean seen(Rig rig, UUID id) {
        return rig.brokers.values().stream()
                .anyMatch(broker -> broker.books().account(id).isPresent());
    }

    private static void withdraw(Rig rig, WithdrawalRun run, UUID id) {
        var unused = rig.website.withdraw(id).onComplete(answer -> {
            if (answer.succeeded() && answer.result().status() == 200) {
                run.withdrawn.put(id, String.valueOf(answer.result().members().get("outcome")));
            } else {
                run.problems.add("the withdrawal of " + id + " was not answered");
            }
            run.withdrawalsOpen.decrementAndGet();
        });
    }

    // ---- the end

    private static List<UUID> held(Rig rig, WithdrawalRun run) {
        return run.withdrawn.keySet().stream()
                .filter(id -> !rig.takers(id).isEmpty())
                .toList();
    }

    private static boolean confirmed(Rig rig, WithdrawalRun run) {
        for (UUID id : run.withdrawn.keySet()) {
            for (String taker : rig.takers(id)) {
                if (!WithdrawalStatuses.completed(rig.broker(taker), id)) {
                    return false;
                }
            }
        }
        // The last events may lag behind the last reply.
        NoticesInLog log = NoticesInLog.read(rig);
        return held(rig, run).stream()
                .allMatch(id ->
                        log.confirmed().getOrDefault(id, Map.of()).keySet().containsAll(rig.takers(id)));
    }

    private static void report(Rig rig, WithdrawalRun run) {
        NoticesInLog log = NoticesInLog.read(rig);
        int exactly = 0;
        int mayHave = 0;
        Histogram confirmation = new Histogram(3);
        for (UUID id : run.accepted) {
            Set<String> takers = new TreeSet<>(rig.takers(id));
            Set<String> told = new TreeSet<>();
            rig.brokers.forEach((broker, sandbox) -> {
                if (sandbox.books()
                        .account(id)
                        .filter(account -> !account.notices().isEmpty())
                        .isPresent()) {
                    told.add(broker);
                }
            });
            boolean started = STARTED.equals(run.withdrawn.get(id));
            if (!started && !told.isEmpty()) {
                run.problems.add(told + " were notified of " + id + ", although no broker had to be");
            } else if (started && !takers.isEmpty()) {
                if (!told.equals(takers)) {
                    run.problems.add(id + " is at " + takers + ", but " + told + " were notified");
                }
                exactly += told.equals(takers) ? 1 : 0;
            } else if (started && !told.isEmpty()) {
                mayHave++;
                if (!log.assigned().getOrDefault(id, Set.of()).containsAll(told)) {
                    run.problems.add(told + " were notified of " + id + ", which they never could have had");
                }
            }
            if (takers.size() > 1) {
                run.problems.add(id + " was accepted by " + takers);
            }
            if ("ERASED_BEFORE_HANDOFF".equals(run.withdrawn.get(id)) && !takers.isEmpty()) {
                run.problems.add(id + " reached " + takers + " although its withdrawal came before");
            }
            if (!log.sent()
                    .getOrDefault(id, Set.of())
                    .containsAll(log.confirmed().getOrDefault(id, Map.of()).keySet())) {
                run.problems.add(id + " is confirmed by a broker that was not sent the notice");
            }
            Instant at = log.withdrawn().get(id);
            for (Instant confirmedAt :
                    log.confirmed().getOrDefault(id, Map.of()).values()) {
                if (at != null) {
                    confirmation.recordValue(
                            Math.max(0, Duration.between(at, confirmedAt).toMillis()));
                }
            }
        }
        Map<String, Integer> answers = new TreeMap<>();
        run.withdrawn.values().forEach(outcome -> answers.merge(outcome, 1, Integer::sum));
        System.out.printf(
                Locale.ROOT,
                "%nsignups %d, withdrawn %d (answered %s), router started %d times, register service %d%n",
                run.accepted.size(),
                run.withdrawn.size(),
                answers,
                rig.router.starts(),
                rig.register.starts());
        System.out.printf(
                Locale.ROOT,
                "held by a broker when withdrawn: %d, told to exactly that broker: %d; told although the broker does not have it: %d%n",
                held(rig, run).size(),
                exactly,
                mayHave);
        System.out.printf(Locale.ROOT, "notices sent %s, escalated %s%n", log.outcomes(), log.escalations());
        System.out.printf(
                Locale.ROOT,
                "from the withdrawal to the confirmation p50 %d ms, p99 %d ms, longest %d ms%n",
                confirmation.getValueAtPercentile(50),
                confirmation.getValueAtPercentile(99),
                confirmation.getMaxValue());
        System.out.printf(
                Locale.ROOT, "the status was asked %d times: %s%n", run.samples.get(), new TreeMap<>(run.states));
    }

    // ---- the register

    /** Stops the services, deletes the register and rebuilds it from the log: its export must be identical. */
    static void registerRebuilt(Rig rig, Set<String> problems) throws IOException, InterruptedException {
        rig.ingest.kill();
        rig.router.kill();
        rig.register.kill();
        Path file = rig.directory.resolve("register.db");
        RegisterSettings settings = new RegisterSettings("jdbc:sqlite:" + file, Optional.empty(), Optional.empty());
        String before;
        try (Register register = Register.open(settings);
                FreshRegister fresh = FreshRegister.of(rig.clients, register);
                RegisterProjector projector = RegisterProjector.start(rig.clients, rig.codec, register)) {
            for (int partition = 0; partition < rig.clients.settings().partitions(); partition++) {
                fresh.passed(List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES), partition, PATIENCE)
                        .toCompletableFuture()
                        .join();
            }
            before = export(register);
            if (projector.unreadableEvents() > 0) {
                problems.add("the register met events that it cannot read");
            }
        }
        for (String name : List.of("register.db", "register.db-wal", "register.db-shm")) {
            Files.deleteIfExists(rig.directory.resolve(name));
        }
        try (Register register = Register.open(settings)) {
            RegisterRebuild.run(rig.clients, rig.codec, register, (done, total) -> {});
            String after = export(register);
            if (!after.equals(before)) {
                problems.add("the register, deleted and rebuilt, exports different bytes");
            }
            System.out.printf(
                    Locale.ROOT,
                    "the register was deleted and rebuilt: %d bytes of export, %s%n",
                    after.length(),
                    after.equals(before) ? "the same" : "NOT the same");
        }
    }

    private static String export(Register register) throws IOException {
        StringWriter text = new StringWriter();
        register.export(text);
        return text.toString();
    }
}
