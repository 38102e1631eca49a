package org.brokerhandoff.quickstart;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.audit.AuditReplayer;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.replay.ReplayReport;
import org.brokerhandoff.audit.search.PersonSearch;
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
import org.brokerhandoff.quickstart.documents.SampleDocument;
import org.brokerhandoff.quickstart.installation.LocalInstallation;
import org.brokerhandoff.quickstart.installation.SampleBrokers;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.quickstart.observe.LifeObserver;
import org.brokerhandoff.quickstart.report.Ends;
import org.brokerhandoff.quickstart.report.Stage;
import org.brokerhandoff.quickstart.report.Summary;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.sample.SamplePerson;
import org.brokerhandoff.quickstart.traffic.InvalidRequests;
import org.brokerhandoff.quickstart.traffic.SampleTraffic;
import org.brokerhandoff.quickstart.traffic.WebsiteClient;
import org.brokerhandoff.registerservice.RegisterService;
import org.brokerhandoff.registerservice.RegisterServiceSettings;
import org.brokerhandoff.router.RouterService;
import org.brokerhandoff.router.RouterSettings;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.website.NamedBroker;
import org.brokerhandoff.website.SampleWebsite;
import org.brokerhandoff.website.WebsiteSettings;

/** A running quickstart: everything in this process, every file below one folder. */
final class Quickstart implements AutoCloseable {
    private static final Duration MAXIMUM_HOLD = Duration.ofMinutes(30);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK_PERIOD = Duration.ofMillis(250);
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 16;
    private static final String LOG_PROPERTY = "handoff.quickstart.log";
    /** Where the website listens, unless that is taken or any port will do. */
    private static final int SITE_PORT = 8088;
    /** As many people write to the helpdesk, beside those who sign up. */
    private static final int MESSAGES = 5;

    private final Deque<AutoCloseable> open;
    private final RunDirectory run;
    private final ProgressLine progress;
    private final EventCodec codec = new EventCodec();
    private final Vertx vertx;
    private final LocalInstallation installation;
    private final KafkaClients clients;
    private final IngestService ingest;
    private final List<String> recipients;
    private final Map<String, URI> brokerPages;
    private final SampleTraffic traffic;
    private final SampleWebsite site;
    private final LifeObserver observer;

    private Quickstart(
            Deque<AutoCloseable> open, RunDirectory run, int port, ProgressLine progress, Map<String, String> further)
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
        SampleBrokers brokers = opened(SampleBrokers.start(vertx));
        Map<String, String> settings = new HashMap<>(further);
        settings.put("HANDOFF_HTTP_PORT", String.valueOf(port));
        settings.put("HANDOFF_ROUTER_HTTP_PORT", "0");
        // A flaky broker may fail a signup several times in a row, and the user is waiting: no minute between tries.
        settings.put("HANDOFF_PARKING_INTERVAL", "PT2S");
        installation = LocalInstallation.create(
                directory, kafka.bootstrapServers(), brokers.entries(), MAXIMUM_HOLD, settings);
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
                + brokers.entries().stream()
                        .map(broker -> broker.id() + " " + broker.countries())
                        .collect(Collectors.joining(", ")));
        WebsiteClient website = opened(new WebsiteClient(
                vertx,
                "127.0.0.1",
                ingest.port(),
                CONNECTIONS,
                installation.websiteKey(),
                installation.adminKey(),
                Duration.ofMillis(200)));
        brokerPages = brokers.pages();
        recipients = brokers.named().stream().map(NamedBroker::id).toList();
        traffic = new SampleTraffic(website, CONNECTIONS, recipients);
        site = opened(SampleWebsite.start(
                vertx,
                new WebsiteSettings(
                        "127.0.0.1",
                        port != 0 && LoopbackPorts.isFree(SITE_PORT) ? SITE_PORT : 0,
                        URI.create(address()),
                        installation.websiteKey(),
                        brokers.named(),
                        false),
                new SimpleMeterRegistry()));
        progress.step("website at " + siteAddress());
        observer = opened(LifeObserver.start(clients, codec));
    }

    /**
     * Starts everything, in an emptied folder.
     *
     * @throws FolderLock.Unusable if another quickstart runs in that folder
     * @throws CannotListen if the port is taken
     */
    static Quickstart start(Path directory, int port, ProgressLine progress) throws IOException {
        return start(directory, port, progress, Map.of());
    }

    /** As {@link #start(Path, int, ProgressLine)}, with further settings of ingest and router. */
    static Quickstart start(Path directory, int port, ProgressLine progress, Map<String, String> further)
            throws IOException {
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
            return new Quickstart(open, run, port, progress, further);
        } catch (IOException | RuntimeException e) {
            close(open, progress);
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    /** Sends the sample signups, some withdrawals and some invalid requests, and waits for every purge. */
    Summary run(int signups) throws IOException, InterruptedException {
        List<SamplePerson> people = SamplePeople.first(signups).toList();
        List<SamplePerson> writers =
                SamplePeople.first(signups + MESSAGES).skip(signups).toList();
        traffic.publishDocuments();
        List<byte[]> invalid = InvalidRequests.all(SampleDocument.VERSION, recipients);
        int refused = traffic.refused(invalid);
        progress.step("policies " + SampleDocument.VERSION + " published, " + refused + " of " + invalid.size()
                + " invalid requests refused");
        Set<UUID> accepted = traffic.signUp(people, answered -> progress.now(state(people.size(), answered)));
        progress.step(people.size() + " signups sent, " + accepted.size() + " accepted");
        Set<UUID> messages = traffic.write(writers);
        progress.step(writers.size() + " messages to the helpdesk sent, " + messages.size() + " accepted");
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

    /** Messages that the helpdesk has, and that are purged. */
    private long answered(Set<UUID> messages) {
        return messages.stream()
                .flatMap(id -> observer.life(id).stream())
                .filter(life -> life.deliveredTo().equals(Set.of(SampleBrokers.HELPDESK))
                        && life.purged().isPresent())
                .count();
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

    /** Where ingest listens. */
    String address() {
        return "http://127.0.0.1:" + ingest.port();
    }

    /** The key that documents are published with, and requests for disclosure entered. */
    String adminKey() {
        return installation.adminKey();
    }

    /** Its files. */
    LocalInstallation installation() {
        return installation;
    }

    /** Clients of its Kafka. */
    KafkaClients clients() {
        return clients;
    }

    /** Signups and messages so far, and what has become of them. */
    Collection<Life> lives() {
        return observer.lives();
    }

    /** Where the website listens. */
    String siteAddress() {
        return "http://127.0.0.1:" + site.port();
    }

    /** Where each sandbox broker shows what it received, by their ids. */
    Map<String, URI> brokerPages() {
        return brokerPages;
    }

    /** What can be tried while it is up. */
    String invitation() {
        return Invitation.text(
                siteAddress(),
                address(),
                installation,
                SampleDocument.VERSION,
                clients.settings().bootstrapServers(),
                brokerPages);
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
