package org.brokerhandoff.quickstart;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.audit.AuditReplayer;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.replay.ReplayReport;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.embeddedkafka.EmbeddedKafka;
import org.brokerhandoff.embeddedkafka.EmbeddedKafkaSettings;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.erasure.ErasureAgent;
import org.brokerhandoff.erasure.ErasureAgentSettings;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ingest.IngestService;
import org.brokerhandoff.ingest.IngestSettings;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.quickstart.installation.LocalInstallation;
import org.brokerhandoff.quickstart.installation.ReceivingBroker;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.quickstart.observe.LifeObserver;
import org.brokerhandoff.quickstart.report.Ends;
import org.brokerhandoff.quickstart.report.Stage;
import org.brokerhandoff.quickstart.report.Summary;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.sample.SamplePerson;
import org.brokerhandoff.quickstart.search.PersonSearch;
import org.brokerhandoff.quickstart.traffic.InvalidRequests;
import org.brokerhandoff.quickstart.traffic.WebsiteClient;
import org.brokerhandoff.registerservice.RegisterService;
import org.brokerhandoff.registerservice.RegisterServiceSettings;
import org.brokerhandoff.router.RouterService;
import org.brokerhandoff.router.RouterSettings;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.sandbox.SandboxBrokerSettings;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.schemas.EventCodec;

/** A running quickstart: everything in this process, every file below one folder. */
final class Quickstart implements AutoCloseable {
    private static final Duration MAXIMUM_HOLD = Duration.ofMinutes(30);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK_PERIOD = Duration.ofMillis(250);
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 16;
    private static final String POLICY_VERSION = "2026-11-01";
    private static final String POLICY =
            "We do not store your data. After you register we pass it to the broker you are assigned to.";
    private static final String LOG_PROPERTY = "handoff.quickstart.log";
    private static final String HELPDESK = "helpdesk";
    /** As many people write to the helpdesk, beside those who sign up. */
    private static final int MESSAGES = 5;

    private static final List<String> RECIPIENTS = List.of("fjord-markets", "nordlys-invest", "kontinent-handel");

    private final Deque<AutoCloseable> open;
    private final RunDirectory run;
    private final ProgressLine progress;
    private final EventCodec codec = new EventCodec();
    private final Vertx vertx;
    private final LocalInstallation installation;
    private final KafkaClients clients;
    private final IngestService ingest;
    private final WebsiteClient website;
    private final LifeObserver observer;

    private Quickstart(Deque<AutoCloseable> open, RunDirectory run, int port, ProgressLine progress)
            throws IOException {
        this.open = open;
        this.run = run;
        Path directory = run.path();
        this.progress = progress;
        vertx = Vertx.vertx();
        open.push(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
        progress.step("starting Kafka");
        EmbeddedKafka kafka = opened(EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory.resolve("kafka"))));
        progress.step("Kafka at " + kafka.bootstrapServers() + ", data in " + kafka.logDirectory());
        List<ReceivingBroker> brokers = List.of(
                broker("fjord-markets", "Fjord Markets AS", List.of("NO", "DK", "IS"), 1, 3, Behaviour.accepting()),
                broker(
                        "nordlys-invest",
                        "Nordlys Invest AB",
                        List.of("SE", "FI", "NO"),
                        1,
                        1,
                        Behaviour.flaky(0.15, 7)),
                broker("kontinent-handel", "Kontinent Handel GmbH", List.of("*"), 2, 1, Behaviour.refusing(0.15, 11)),
                helpdesk());
        installation = LocalInstallation.create(
                directory,
                kafka.bootstrapServers(),
                brokers,
                MAXIMUM_HOLD,
                Map.of(
                        "HANDOFF_HTTP_PORT",
                        String.valueOf(port),
                        "HANDOFF_ROUTER_HTTP_PORT",
                        "0",
                        // A flaky broker may fail a signup several times in a row. Somebody is looking
                        // on: no minute between tries.
                        "HANDOFF_PARKING_INTERVAL",
                        "PT2S"));
        SettingsReader ingestEnvironment = SettingsReader.of(installation.environment(), Service.INGEST);
        clients = new KafkaClients(EventLogConfiguration.read(ingestEnvironment));
        ingest = opened(IngestService.start(IngestSettings.from(ingestEnvironment), vertx));
        progress.step("ingest at http://127.0.0.1:" + ingest.port());
        open.push(RegisterService.start(
                RegisterServiceSettings.read(SettingsReader.of(installation.environment(), Service.REGISTER_SERVICE)),
                vertx,
                new SimpleMeterRegistry()));
        // Before the router: its first purges shall find an agent that reports.
        opened(ErasureAgent.start(
                new ErasureAgentSettings(clients.settings(), List.of(kafka.logDirectory()), LOOK_PERIOD, HEARTBEAT)));
        open.push(RouterService.start(
                RouterSettings.read(SettingsReader.of(installation.environment(), Service.ROUTER)),
                vertx,
                new SimpleMeterRegistry()));
        progress.step("register service, router, and sandbox brokers "
                + brokers.stream()
                        .map(broker -> broker.id() + " " + broker.countries())
                        .collect(Collectors.joining(", ")));
        website = opened(new WebsiteClient(
                vertx,
                "127.0.0.1",
                ingest.port(),
                CONNECTIONS,
                installation.websiteKey(),
                installation.adminKey(),
                Duration.ofMillis(200)));
        observer = opened(LifeObserver.start(clients, codec));
    }

    /**
     * Starts everything, in an emptied folder.
     *
     * @throws FolderLock.Unusable if another quickstart runs in that folder
     * @throws CannotListen if the port is taken
     */
    static Quickstart start(Path directory, int port, ProgressLine progress) throws IOException {
        if (port != 0 && !LoopbackPorts.isFree(port)) {
            throw CannotListen.portTaken("127.0.0.1", port);
        }
        RunDirectory run = RunDirectory.take(directory);
        // Before the first logger is made: until then the folder, and so its log, may be another quickstart's.
        if (System.getProperty(LOG_PROPERTY) == null) {
            System.setProperty(LOG_PROPERTY, run.logFile().toString());
        }
        Deque<AutoCloseable> open = new ArrayDeque<>();
        open.push(run);
        try {
            return new Quickstart(open, run, port, progress);
        } catch (IOException | RuntimeException e) {
            close(open, progress);
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    private ReceivingBroker broker(
            String id, String name, List<String> countries, int priority, int weight, Behaviour behaviour) {
        WebhookSecret secret = WebhookSecret.random();
        SandboxBroker broker = opened(SandboxBroker.start(
                vertx, SandboxBrokerSettings.named(id).withSecrets(secret).withBehaviour(behaviour)));
        return new ReceivingBroker(id, name, countries, broker.endpoint(), secret.text(), priority, weight);
    }

    /** Listed last, and for messages only. */
    private ReceivingBroker helpdesk() {
        ReceivingBroker desk = broker(HELPDESK, "Helpdesk", List.of("*"), 1, 1, Behaviour.accepting());
        return new ReceivingBroker(
                desk.id(),
                desk.name(),
                desk.countries(),
                desk.endpoint(),
                desk.secret(),
                desk.priority(),
                desk.weight(),
                List.of("kind: helpdesk"));
    }

    /** Sends the sample signups, some withdrawals and some invalid requests, and waits for every purge. */
    Summary run(int signups) throws IOException, InterruptedException {
        List<SamplePerson> people = SamplePeople.first(signups).toList();
        List<SamplePerson> writers =
                SamplePeople.first(signups + MESSAGES).skip(signups).toList();
        await(website.publishPolicy(POLICY_VERSION, POLICY, Instant.now().minusSeconds(60)));
        int refused = 0;
        List<byte[]> invalid = InvalidRequests.all(POLICY_VERSION, RECIPIENTS);
        for (byte[] request : invalid) {
            int status = await(website.signupOnce(request, UUID.randomUUID().toString()))
                    .status();
            refused += status >= 400 && status < 500 ? 1 : 0;
        }
        progress.step("policy " + POLICY_VERSION + " published, " + refused + " of " + invalid.size()
                + " invalid requests refused");
        Set<UUID> accepted = send(people);
        Set<UUID> messages = write(writers);
        Set<UUID> all = new HashSet<>(accepted);
        all.addAll(messages);
        boolean complete = waitForPurges(all);
        progress.step(complete ? "every signup is purged" : "gave up waiting for purges");
        PersonSearch.Result found =
                search(Stream.concat(people.stream(), writers.stream()).toList());
        ReplayReport replay = AuditReplayer.replay(clients, codec, Optional.empty(), (partition, partitions) -> {});
        Verdict verdict = AuditVerifier.verify(clients, codec, Instant.now(), true);
        Collection<Life> lives = observer.lives().stream()
                .filter(life -> accepted.contains(life.signupId()))
                .toList();
        return new Summary(
                signups,
                accepted.size(),
                writers.size(),
                answered(messages),
                refused,
                invalid.size(),
                Ends.of(accepted, lives),
                Summary.withdrawnAfterDelivery(lives),
                Summary.purgesByReason(lives),
                Summary.purgesByLevel(lives),
                Stage.of(lives),
                found.files(),
                found.bytes(),
                (people.size() + writers.size()) * 3,
                found.people(),
                verdict.holds(),
                verdict.render(Verdict.Style.PLAIN),
                replay.counts().decisions(),
                replay.equal(),
                replay.render());
    }

    private Set<UUID> send(List<SamplePerson> people) throws InterruptedException {
        Set<UUID> accepted = ConcurrentHashMap.newKeySet();
        AtomicInteger answered = new AtomicInteger();
        Semaphore slots = new Semaphore(CONNECTIONS);
        for (int i = 0; i < people.size(); i++) {
            awaitAnswers(slots, 1);
            // Every fortieth person changes their mind at once; how far the handoff has come by then differs.
            boolean withdraws = i % 40 == 7;
            byte[] request = SamplePeople.signupRequest(people.get(i), POLICY_VERSION, RECIPIENTS, Instant.now());
            website.signup(request, UUID.randomUUID().toString())
                    .compose(reply -> {
                        if (reply.status() == 202) {
                            reply.signupId().ifPresent(accepted::add);
                        }
                        return withdraws && reply.signupId().isPresent()
                                ? website.withdraw(reply.signupId().get())
                                : Future.succeededFuture(reply);
                    })
                    .onComplete(done -> {
                        answered.incrementAndGet();
                        slots.release();
                    });
            progress.now(state(people.size(), answered.get()));
        }
        awaitAnswers(slots, CONNECTIONS);
        progress.step(people.size() + " signups sent, " + accepted.size() + " accepted");
        return accepted;
    }

    /** Sends messages to the helpdesk; those that were accepted. */
    private Set<UUID> write(List<SamplePerson> writers) {
        Set<UUID> accepted = new HashSet<>();
        for (SamplePerson writer : writers) {
            WebsiteClient.Reply reply = await(website.message(
                    SamplePeople.contactRequest(writer), UUID.randomUUID().toString()));
            if (reply.status() == 202) {
                reply.signupId().ifPresent(accepted::add);
            }
        }
        progress.step(writers.size() + " messages to the helpdesk sent, " + accepted.size() + " accepted");
        return accepted;
    }

    /** Messages that the helpdesk has, and that are purged. */
    private long answered(Set<UUID> messages) {
        return messages.stream()
                .flatMap(id -> observer.life(id).stream())
                .filter(life -> life.deliveredTo().equals(Set.of(HELPDESK))
                        && life.purged().isPresent())
                .count();
    }

    private static void awaitAnswers(Semaphore slots, int count) throws InterruptedException {
        if (!slots.tryAcquire(count, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("ingest has not answered for " + PATIENCE.toMinutes() + " minutes");
        }
    }

    private boolean waitForPurges(Set<UUID> accepted) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            long purged = observer.lives().stream()
                    .filter(life ->
                            accepted.contains(life.signupId()) && life.purged().isPresent())
                    .count();
            if (purged == accepted.size()) {
                return true;
            }
            progress.now(state(accepted.size(), accepted.size()));
            Thread.sleep(100);
        }
        return false;
    }

    private String state(int all, int answered) {
        Collection<Life> lives = observer.lives();
        return "answered " + answered + "/" + all + "   assigned "
                + lives.stream().filter(life -> life.assignedAt().isPresent()).count() + "   delivered "
                + lives.stream().filter(life -> life.delivered().isPresent()).count() + "   purged "
                + lives.stream().filter(life -> life.purged().isPresent()).count();
    }

    /** Searches every file of the run; a control proves first that the search finds what is there. */
    private PersonSearch.Result search(List<SamplePerson> people) throws IOException {
        progress.now("searching all files for the sample people");
        List<List<String>> texts = people.stream()
                .map(person -> List.of(person.fullName(), person.email(), person.phone()))
                .toList();
        PersonSearch search = new PersonSearch(texts);
        for (List<String> person : texts) {
            for (String text : person) {
                if (search.find("control", ("..." + text + "...").getBytes(StandardCharsets.UTF_8))
                        .isEmpty()) {
                    throw new IllegalStateException("the search does not find a person that is there");
                }
            }
        }
        PersonSearch.Result found = search.findInFiles(run.path(), Set.of(run.lockFile()));
        found.findings().stream()
                .limit(10)
                .forEach(finding -> progress.step("FOUND person " + finding.person() + " as " + finding.form() + " in "
                        + finding.place() + " at " + finding.offset()));
        found.unreadable().forEach(file -> progress.step("could not search " + file));
        return found;
    }

    /** What can be tried while it is up. */
    String invitation() {
        return Invitation.text(
                "http://127.0.0.1:" + ingest.port(),
                installation.websiteKey(),
                POLICY_VERSION,
                clients.settings().bootstrapServers());
    }

    private static WebsiteClient.Reply await(Future<WebsiteClient.Reply> reply) {
        return reply.toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void close() {
        close(open, progress);
    }

    private static void close(Deque<AutoCloseable> open, ProgressLine progress) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                progress.step("not closed cleanly: " + e.getClass().getSimpleName());
            }
        }
    }
}
