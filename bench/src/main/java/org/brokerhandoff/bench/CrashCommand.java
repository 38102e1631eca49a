package org.brokerhandoff.bench;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.search.PersonSearch;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.quickstart.report.Summary;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.sample.SamplePerson;
import org.brokerhandoff.sandbox.Behaviour;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench crash}: {@code kill -9} of router, ingest and both while signups flow. */
@Command(
        name = "crash",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Kills ingest, the router, or both with kill -9, repeatedly, while signups and withdrawals flow, and",
            "then checks: every accepted signup delivered or withdrawn, exactly one distinct purge each, none",
            "accepted by two brokers, none lost, no person found in any file, the audit passed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all checks passed", "1:a check failed", "2:could not run"})
final class CrashCommand implements Callable<Integer> {
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @Option(names = "--signups", defaultValue = "2000", description = "signups to send (default: ${DEFAULT-VALUE})")
    private int signups;

    @Option(names = "--kills", defaultValue = "20", description = "times to kill (default: ${DEFAULT-VALUE})")
    private int kills;

    @Option(names = "--seed", description = "seed of the random choices (default: the time)")
    private long seed = System.nanoTime();

    @Option(
            names = "--directory",
            defaultValue = "var/bench-crash",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-crash");

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Map<String, Behaviour> behaviours = new LinkedHashMap<>();
        behaviours.put("steady", Behaviour.accepting());
        behaviours.put("flaky", Behaviour.flaky(0.1, 3));
        behaviours.put("forgetful", Behaviour.losingReplies(0.1, 5));
        try (Rig rig = new Rig(directory, behaviours, 32, Map.of("HANDOFF_DELIVERY_ATTEMPT_TIMEOUT", "PT2S"))) {
            List<SamplePerson> people = SamplePeople.first(signups).toList();
            Map<Integer, UUID> accepted = new ConcurrentHashMap<>();
            Map<UUID, String> withdrawn = new ConcurrentHashMap<>();
            AtomicInteger answered = new AtomicInteger();
            Semaphore released = new Semaphore(0);
            Thread sender = new Thread(
                    () -> send(rig, people, released, random.nextLong(), accepted, withdrawn, answered), "send");
            sender.start();
            killAgainAndAgain(rig, random, released, answered);
            sender.join();
            Rig.waitFor(() -> answered.get() == signups, PATIENCE, "answers");
            boolean settled =
                    Rig.waitFor(() -> accepted.values().stream().allMatch(id -> rig.purged(id)), PATIENCE, "purges");
            return report(rig, people, accepted, withdrawn, settled) ? 0 : 1;
        }
    }

    private void killAgainAndAgain(Rig rig, Random random, Semaphore released, AtomicInteger answered)
            throws IOException, InterruptedException {
        for (int cycle = 1; cycle <= kills; cycle++) {
            // A burst of signups, and a kill somewhere in the middle of it.
            released.release(Math.max(1, signups / kills));
            Thread.sleep(random.nextInt(1_200));
            int which = 1 + random.nextInt(7);
            List<ServiceProcess> services = List.of(rig.ingest, rig.router, rig.register);
            List<ServiceProcess> victims = new ArrayList<>();
            for (int i = 0; i < services.size(); i++) {
                if ((which >> i & 1) == 1) {
                    victims.add(services.get(i));
                }
            }
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
                    "kill %2d of %d: %s; %d of %d signups answered%n",
                    cycle,
                    kills,
                    victims.stream().map(ServiceProcess::name).toList(),
                    answered.get(),
                    signups);
        }
        released.release(signups);
    }

    private static void send(
            Rig rig,
            List<SamplePerson> people,
            Semaphore released,
            long seed,
            Map<Integer, UUID> accepted,
            Map<UUID, String> withdrawn,
            AtomicInteger answered) {
        Random random = new Random(seed);
        for (int i = 0; i < people.size(); i++) {
            released.acquireUninterruptibly();
            int number = i;
            boolean withdraws = random.nextInt(33) == 0;
            byte[] request = SamplePeople.signupRequest(
                    people.get(i), Rig.POLICY_VERSION, List.copyOf(rig.brokers.keySet()), Instant.now());
            var unused = rig.website
                    .signup(request, UUID.randomUUID().toString())
                    .compose(reply -> {
                        if (reply.status() == 202 && reply.signupId().isPresent()) {
                            UUID id = reply.signupId().get();
                            accepted.put(number, id);
                            if (withdraws) {
                                return rig.website
                                        .withdraw(id)
                                        .onSuccess(answer -> withdrawn.put(
                                                id,
                                                String.valueOf(answer.members().get("outcome"))));
                            }
                        } else {
                            System.out.println("signup " + number + " was answered " + reply.status());
                        }
                        return Future.succeededFuture(reply);
                    })
                    .onComplete(done -> answered.incrementAndGet());
        }
    }

    private boolean report(
            Rig rig,
            List<SamplePerson> people,
            Map<Integer, UUID> accepted,
            Map<UUID, String> withdrawn,
            boolean settled)
            throws IOException {
        List<String> problems = new ArrayList<>();
        if (accepted.size() != signups) {
            problems.add((signups - accepted.size()) + " signups were never accepted");
        }
        if (accepted.values().stream().distinct().count() != accepted.size()) {
            problems.add("two requests got one signup id");
        }
        if (!settled) {
            problems.add("some signups have no purge");
        }
        int delivered = 0;
        int withdrawals = 0;
        for (UUID id : accepted.values()) {
            List<String> takers = rig.takers(id);
            Life life = rig.observer.life(id).orElse(Life.of(id));
            if (takers.size() > 1) {
                problems.add(id + " was accepted by " + takers);
            }
            boolean wasDelivered = life.delivered().isPresent();
            boolean wasWithdrawn = life.purged()
                    .filter(purged -> purged.getReason() == PurgeReason.WITHDRAWN)
                    .isPresent();
            delivered += wasDelivered ? 1 : 0;
            withdrawals += wasWithdrawn ? 1 : 0;
            if (!wasDelivered && !wasWithdrawn) {
                problems.add(id + " was neither delivered nor withdrawn: "
                        + life.purged().map(purged -> purged.getReason().name()).orElse("no purge"));
            }
            if (wasDelivered && takers.isEmpty()) {
                problems.add(id + " is reported delivered, but no broker has it");
            }
            if ("ERASED_BEFORE_HANDOFF".equals(withdrawn.get(id)) && !takers.isEmpty()) {
                problems.add(id + " reached a broker although its withdrawal was answered ERASED_BEFORE_HANDOFF");
            }
        }
        PersonSearch search = new PersonSearch(people.stream()
                .map(person -> List.of(person.fullName(), person.email(), person.phone()))
                .toList());
        PersonSearch.Result found = search.findInFiles(rig.directory);
        found.findings().stream().limit(10).forEach(finding -> problems.add("found: " + finding));
        Verdict verdict = AuditVerifier.verify(rig.clients, rig.codec, Instant.now(), true);
        if (!verdict.holds()) {
            problems.add(verdict.render(Verdict.Style.PLAIN));
        }
        System.out.printf(
                Locale.ROOT,
                "%nsignups %d, accepted %d, delivered %d, withdrawn %d (answered %s)%n",
                signups,
                accepted.size(),
                delivered,
                withdrawals,
                count(withdrawn));
        System.out.printf(
                Locale.ROOT,
                "ingest started %d times, router %d times, register service %d times, requests repeated %d%n",
                rig.ingest.starts(),
                rig.router.starts(),
                rig.register.starts(),
                rig.website.repeats());
        System.out.printf(
                Locale.ROOT,
                "purges by level %s, people found %d in %d files (%d KiB), audit %s%n",
                Summary.purgesByLevel(rig.observer.lives()),
                found.people(),
                found.files(),
                found.bytes() / 1024,
                verdict.holds() ? "passed" : "FAILED");
        problems.stream().limit(30).forEach(problem -> System.out.println("PROBLEM " + problem));
        System.out.println(problems.isEmpty() ? "all checks passed" : problems.size() + " problems");
        return problems.isEmpty();
    }

    private static Map<String, Integer> count(Map<UUID, String> withdrawn) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        withdrawn.values().forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
        return counts;
    }
}
