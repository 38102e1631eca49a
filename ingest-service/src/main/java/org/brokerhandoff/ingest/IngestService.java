package org.brokerhandoff.ingest;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.country.file.CountryRulesWatch;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.service.Custodies;
import org.brokerhandoff.custody.service.ServiceCustody;
import org.brokerhandoff.custody.time.HostClock;
import org.brokerhandoff.custody.time.TrustedTime;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LogMarks;
import org.brokerhandoff.eventlog.PurgedSlots;
import org.brokerhandoff.ingest.accept.ExtraMembers;
import org.brokerhandoff.ingest.accept.SignupTerms;
import org.brokerhandoff.ingest.authentication.Callers;
import org.brokerhandoff.ingest.authentication.CurrentApiKeys;
import org.brokerhandoff.ingest.cookies.CookieChoices;
import org.brokerhandoff.ingest.disclosure.DisclosureReception;
import org.brokerhandoff.ingest.disclosure.Disclosures;
import org.brokerhandoff.ingest.disclosure.Preservations;
import org.brokerhandoff.ingest.evidence.LedgerEvidence;
import org.brokerhandoff.ingest.feed.FeedStreams;
import org.brokerhandoff.ingest.http.HttpSurface;
import org.brokerhandoff.ingest.http.PromisedAnswers;
import org.brokerhandoff.ingest.http.Routes;
import org.brokerhandoff.ingest.idempotency.Reservations;
import org.brokerhandoff.ingest.intake.Admission;
import org.brokerhandoff.ingest.intake.ContactReception;
import org.brokerhandoff.ingest.intake.FaultPoints;
import org.brokerhandoff.ingest.intake.Intake;
import org.brokerhandoff.ingest.intake.IntakeMeters;
import org.brokerhandoff.ingest.intake.Reception;
import org.brokerhandoff.ingest.intake.SignupKeys;
import org.brokerhandoff.ingest.intake.SignupLog;
import org.brokerhandoff.ingest.intake.TimeOfReceipt;
import org.brokerhandoff.ingest.operator.Operator;
import org.brokerhandoff.ingest.operator.OperatorFile;
import org.brokerhandoff.ingest.policy.Documents;
import org.brokerhandoff.ingest.policy.Policies;
import org.brokerhandoff.ingest.publish.OperatorEvents;
import org.brokerhandoff.ingest.published.PublishedReader;
import org.brokerhandoff.ingest.published.PublishedTexts;
import org.brokerhandoff.ingest.receipt.ReceiptKeys;
import org.brokerhandoff.ingest.recipient.Recipients;
import org.brokerhandoff.ingest.rights.Corrections;
import org.brokerhandoff.ingest.rights.Restrictions;
import org.brokerhandoff.ingest.rights.RightsRequests;
import org.brokerhandoff.ingest.rights.SignupLocks;
import org.brokerhandoff.ingest.status.DisclosureReader;
import org.brokerhandoff.ingest.status.RegisterReader;
import org.brokerhandoff.ingest.withdraw.Withdrawals;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.operations.health.HealthCheck;
import org.brokerhandoff.operations.http.OperationsEndpoints;
import org.brokerhandoff.operations.http.OperationsServer;
import org.brokerhandoff.operations.lifecycle.LifeCycle;
import org.brokerhandoff.operations.telemetry.Telemetry;
import org.brokerhandoff.operations.tracing.Tracing;
import org.brokerhandoff.preflight.ClockWatch;
import org.brokerhandoff.preflight.CustodyExamination;
import org.brokerhandoff.register.FreshRegister;
import org.brokerhandoff.register.Register;
import org.brokerhandoff.register.feed.FeedOwners;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running ingest service. */
public final class IngestService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IngestService.class);
    private static final Duration KAFKA_LIMIT = Duration.ofSeconds(3);
    private static final int BLOCKING_THREADS = 4;
    private static final int MOST_BLOCKING_TASKS = 256;
    private static final int MOST_DOCUMENT_READINGS = 64;

    private final LifeCycle open = new LifeCycle();

    private int port;
    private int operationsPort;

    private IngestService() {}

    /**
     * Starts the service; blocks until it listens. Kafka may still be unavailable.
     *
     * @param vertx remains owned by the caller
     * @throws RuntimeException if a file, the register or the port cannot be opened, or the API keys or existing topics do not fit;
     *     the message says which
     */
    public static IngestService start(IngestSettings settings, Vertx vertx) {
        return start(settings, vertx, FaultPoints.NONE);
    }

    static IngestService start(IngestSettings settings, Vertx vertx, FaultPoints faultPoints) {
        IngestService service = new IngestService();
        try {
            service.open(settings, vertx, faultPoints);
            return service;
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
    }

    /** The TCP port that it listens on. */
    public int port() {
        return port;
    }

    /** The TCP port of health and metrics. */
    public int operationsPort() {
        return operationsPort;
    }

    /** Stops accepting, finishes work in progress, and closes everything. Not to be called on an event loop. */
    @Override
    public void close() {
        open.close();
    }

    private void open(IngestSettings settings, Vertx vertx, FaultPoints faultPoints) {
        Optional<Operator> operator = settings.receipts().operatorFile().map(OperatorFile::read);
        ReceiptKeys receiptKeys = ReceiptKeys.read(settings.receipts().keyFiles());
        CurrentApiKeys apiKeys = opened(CurrentApiKeys.follow(settings.apiKeysFile()));
        Telemetry telemetry = opened(Telemetry.start("ingest"));
        Tracing tracing = opened(
                Tracing.of(settings.tracing(), "ingest", settings.eventLog().installation(), telemetry.registry()));

        TrustedTime clock = opened(TrustedTime.start(settings.custody().file(), HostClock.system()));
        ServiceCustody shared =
                opened(Custodies.open(settings.custody(), settings.keysetFile(), settings.cells(), clock));
        KeyCustody custody = shared.keys();
        CustodyExamination examination = shared.examine(ServiceName.INGEST, clock.instant());
        CustodyUpkeep upkeep = opened(CustodyUpkeep.start(shared, clock::expiryBound, telemetry.registry()));
        opened(shared.startUpkeep(clock));
        Reservations reservations = opened(HostsShare.reservations(settings, shared, clock::expiryBound));

        EventCodec codec = new EventCodec();
        KafkaClients clients = new KafkaClients(settings.eventLog());
        Admin admin = opened(clients.admin("handoff-ingest-admin"));
        EventPublisher publisher = opened(EventPublisher.neverBlocking(clients, codec, "/ingest", clock));
        publisher.witnessedBy(() -> clock.sending()::appended);
        ClockWatch clockWatch = opened(ClockWatch.start(
                ServiceName.INGEST,
                clock,
                telemetry.registry(),
                judged -> publisher.publishTo(Topic.PURGES, 0, judged)));
        Preparation preparation = opened(Preparation.start(
                admin,
                settings.eventLog(),
                publisher,
                logId -> clients.acknowledged().keepBeside(settings.custody().file(), logId),
                shared,
                (signups, mark, handler) -> PurgedSlots.since(
                        clients,
                        codec,
                        "handoff-ingest-purges",
                        signups,
                        mark,
                        new PurgedSlots.Handler(
                                handler::purged,
                                (signupId, reason) -> handler.ended(signupId, EraseReason.valueOf(reason.name())),
                                handler::erasureRequested,
                                handler::restricted)),
                examination.event()));
        opened(LogMarks.start(admin, settings.eventLog(), clock, shared::mark));
        Register register = opened(Register.open(settings.register()));
        FreshRegister fresh = opened(FreshRegister.of(clients, register));
        RegisterReader reader = new RegisterReader(fresh, settings.eventLog().partitions());

        PublishedReader published = opened(PublishedReader.open(
                clients,
                codec,
                settings.idempotencyFile()
                        .resolveSibling(settings.idempotencyFile().getFileName() + ".published"),
                clock));

        CountryRulesWatch countries = new CountryRulesWatch(
                settings.countriesFile(),
                rules -> publisher.publishTo(
                        Topic.CONSENTS, 0, rules.published(clock.instant().truncatedTo(ChronoUnit.MILLIS), codec)));

        // Scans and register queries block; they must not run on an event loop.
        ExecutorService blocking = executor("ingest-blocking", BLOCKING_THREADS, MOST_BLOCKING_TASKS);
        // A separate executor: destruction must not queue behind status queries, which wait for the register.
        ExecutorService withdrawing = executor("ingest-withdrawing", BLOCKING_THREADS, MOST_BLOCKING_TASKS);

        // A separate executor: once the policies are stale, no signup is accepted.
        ExecutorService following = executor("ingest-following", 2, MOST_BLOCKING_TASKS);

        PromisedAnswers promises = new PromisedAnswers(settings.receipts().promise(), receiptKeys, clock);
        IntakeMeters intakeMeters = new IntakeMeters(telemetry.registry());
        PublishedTexts texts = opened(new PublishedTexts(clients, codec, publisher, faultPoints));
        Policies policies = new Policies(published, texts, HostsShare.versions(shared), publisher, following);
        // A separate executor: documents are public, and reading them must not delay other requests.
        Documents documents =
                new Documents(policies, texts, clock, executor("ingest-documents", 1, MOST_DOCUMENT_READINGS));
        Intake intake = new Intake(
                new SignupKeys(custody, reader, blocking),
                new SignupLog(publisher, promises.promise()),
                reservations,
                new Admission(settings.mostUnderWay()),
                intakeMeters,
                tracing,
                faultPoints);
        TimeOfReceipt receipt = () -> clock.state().agrees() ? Optional.of(clock.instant()) : Optional.empty();
        ExtraMembers extraMembers =
                new ExtraMembers(operator.flatMap(known -> known.website().extraMembers()));
        Reception reception = new Reception(
                policies,
                new Recipients(published, following),
                intake,
                () -> countries.inForce().map(rules -> new SignupTerms(extraMembers, rules)),
                receipt,
                settings.eventLog().maximumHold(),
                intakeMeters);
        ContactReception contactReception = new ContactReception(
                intake,
                receipt,
                settings.contacts().recipients(),
                settings.contacts().hold(),
                intakeMeters);
        DisclosureReader disclosureReader =
                new DisclosureReader(fresh, settings.eventLog().partitions(), blocking);
        Withdrawals withdrawals =
                new Withdrawals(custody, publisher, reader, clock, withdrawing, telemetry.registry(), faultPoints);
        // These wait for each other per signup, possibly for seconds.
        ExecutorService deciding = executor("ingest-requests", BLOCKING_THREADS, MOST_BLOCKING_TASKS);
        SignupLocks locks = opened(HostsShare.locks(settings, shared));
        RightsRequests rightsRequests = new RightsRequests(
                new Restrictions(custody),
                locks,
                withdrawals,
                publisher,
                reader,
                new Corrections(
                        intake,
                        reader,
                        custody,
                        receipt,
                        new Corrections.Terms(
                                settings.eventLog().partitions(),
                                settings.eventLog().maximumHold(),
                                blocking)),
                new RightsRequests.Surroundings(clock, countries::inForce, deciding, faultPoints));
        operator.ifPresent(known -> preparation.publishFirst(
                Topic.CONSENTS,
                OperatorEvents.published(known, clock.instant().truncatedTo(ChronoUnit.MILLIS), codec)));
        preparation.follow(policies, countries);

        FeedStreams feed = opened(new FeedStreams(
                clients,
                codec,
                new FeedOwners(fresh, settings.eventLog().partitions()),
                apiKeys,
                clock,
                telemetry.registry()));

        OperationsEndpoints operations = new OperationsEndpoints(
                vertx,
                List.of(),
                List.of(
                        HealthCheck.of("kafka", () -> kafka(admin)),
                        HealthCheck.of("preparation", () -> preparation.health(policies, countries)),
                        HealthCheck.of("custody", upkeep::health),
                        HealthCheck.of("idempotency", () -> health(reservations.complaint())),
                        apiKeys.health(),
                        countries.health(),
                        clockWatch.health(),
                        examination.health(),
                        // Signups are accepted without it; requests that need it are answered 503 meanwhile.
                        HealthCheck.of("register", () -> fresh.health().asReadersHealth())),
                telemetry.registry());
        HttpSurface http = opened(HttpSurface.start(
                vertx,
                new HttpSurface.Address(settings.host(), settings.port(), settings.connections()),
                new Callers(apiKeys, receiptKeys::isCapability),
                Routes.of(
                        new Routes.Signups(reception, contactReception, extraMembers, blocking),
                        reader,
                        withdrawals,
                        new Routes.Published(policies, documents, clock),
                        new Routes.Receipts(
                                operator,
                                receiptKeys,
                                promises,
                                opened(new LedgerEvidence(
                                        vertx, settings.receipts().ledger()))),
                        new CookieChoices(policies, publisher, receipt),
                        new Routes.Requests(
                                new DisclosureReception(
                                        disclosureReader,
                                        reservations,
                                        contactReception,
                                        publisher,
                                        receipt,
                                        blocking,
                                        faultPoints),
                                new Disclosures(
                                        disclosureReader,
                                        publisher,
                                        locks,
                                        id -> apiKeys.get().named(id),
                                        opened(Preservations.start(disclosureReader, custody, locks, clock)),
                                        new Disclosures.Surroundings(receipt, deciding, faultPoints)),
                                disclosureReader,
                                rightsRequests),
                        feed),
                operations,
                telemetry.registry(),
                shared::late));
        port = http.port();
        // A separate port: a client that exhausts the connections of the other one leaves health and metrics reachable.
        operationsPort = opened(OperationsServer.start(
                                vertx,
                                settings.operationsHost(),
                                settings.operationsPort(),
                                Settings.OPERATIONS_PORT,
                                operations)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join())
                .port();
        LOG.info("listening on {}:{}", settings.host(), port);
    }

    private <T extends AutoCloseable> T opened(T resource) {
        return open.opened(resource.getClass().getSimpleName(), resource);
    }

    private ExecutorService executor(String name, int threads, int mostTasks) {
        AtomicInteger number = new AtomicInteger();
        ExecutorService executor = new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(mostTasks), task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        return open.executor(name, executor);
    }

    private static Health kafka(Admin admin) {
        try {
            Await.result(admin.describeCluster().clusterId(), KAFKA_LIMIT, "Kafka does not answer");
            return Health.healthy();
        } catch (EventLogUnavailable e) {
            return Health.unhealthy("kafka-unreachable", "Kafka does not answer");
        }
    }

    private static Health health(Optional<String> complaint) {
        return complaint
                .map(detail -> Health.unhealthy("idempotency-unavailable", detail))
                .orElseGet(Health::healthy);
    }
}
