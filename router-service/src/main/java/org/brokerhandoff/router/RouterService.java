package org.brokerhandoff.router;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.SweepTimer;
import org.brokerhandoff.custody.service.Custodies;
import org.brokerhandoff.custody.service.ServiceCustody;
import org.brokerhandoff.custody.time.HostClock;
import org.brokerhandoff.custody.time.TrustedTime;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LogMarks;
import org.brokerhandoff.eventlog.PurgedSlots;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.operations.health.HealthCheck;
import org.brokerhandoff.operations.lifecycle.LifeCycle;
import org.brokerhandoff.operations.tracing.Tracing;
import org.brokerhandoff.preflight.ClockWatch;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerGuards;
import org.brokerhandoff.router.deliver.BrokerPing;
import org.brokerhandoff.router.deliver.Delivery;
import org.brokerhandoff.router.deliver.PartitionShare;
import org.brokerhandoff.router.directory.DirectoryFile;
import org.brokerhandoff.router.directory.DirectoryWatch;
import org.brokerhandoff.router.directory.InvalidDirectory;
import org.brokerhandoff.router.directory.ParsedDirectory;
import org.brokerhandoff.router.handoff.FactRecorder;
import org.brokerhandoff.router.handoff.Handoff;
import org.brokerhandoff.router.handoff.HandoffSurroundings;
import org.brokerhandoff.router.handoff.SignupLog;
import org.brokerhandoff.router.http.ProxyAddress;
import org.brokerhandoff.router.http.VertxBrokerClient;
import org.brokerhandoff.router.http.VertxCorrectionClient;
import org.brokerhandoff.router.journal.Journal;
import org.brokerhandoff.router.kafka.CountedLeases;
import org.brokerhandoff.router.kafka.ErasureReportReader;
import org.brokerhandoff.router.kafka.KafkaLogCutter;
import org.brokerhandoff.router.kafka.KafkaPlaceBook;
import org.brokerhandoff.router.kafka.KafkaPurgeLog;
import org.brokerhandoff.router.kafka.KafkaSetAsideLook;
import org.brokerhandoff.router.kafka.KafkaSignupLog;
import org.brokerhandoff.router.kafka.SignupConsumer;
import org.brokerhandoff.router.kafka.SuspensionReader;
import org.brokerhandoff.router.lane.EventLoopLanes;
import org.brokerhandoff.router.lane.Lane;
import org.brokerhandoff.router.purge.LogCutter;
import org.brokerhandoff.router.purge.PurgeWorker;
import org.brokerhandoff.router.trace.HandoffTraces;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The wired router: everything opened here is closed in reverse order, also after a failed start. */
public final class RouterService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouterService.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    /** For what has to be in the log before the router begins. */
    private static final Duration START_LIMIT = Duration.ofSeconds(15);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration SUSPENSIONS_LIMIT = Duration.ofSeconds(2);

    private final LifeCycle lifeCycle = new LifeCycle();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final SignupConsumer consumer;
    private final PurgeWorker purges;
    private final HealthCheck readiness;
    private final HealthCheck clock;
    private final HealthCheck preflight;

    private RouterService(
            RouterSettings settings,
            Vertx vertx,
            MeterRegistry registry,
            Decoration decoration,
            DirectoryFile.Reading firstDirectory,
            EventCodec codec) {
        try {
            RouterMeters meters = new RouterMeters(registry);
            TrustedTime time = lifeCycle.opened(
                    "time", TrustedTime.start(settings.custody().file(), HostClock.system()));
            EventLogSettings eventLog = settings.eventLog();
            HandoffTraces traces = new HandoffTraces(lifeCycle.opened(
                    "tracing", Tracing.of(settings.tracing(), "router", eventLog.installation(), registry)));
            KafkaClients clients = new KafkaClients(eventLog);
            Admin admin = clients.admin("handoff-router-admin");
            lifeCycle.atEnd("admin client", () -> admin.close(CLOSE_LIMIT));
            String logId = new TopicProvisioner(admin, eventLog).provision();
            ServiceCustody custody = lifeCycle.opened(
                    "custody", Custodies.open(settings.custody(), settings.keysetFile(), settings.cells(), time));
            clients.acknowledged().keepBeside(settings.custody().file(), logId);
            CountedLeases leases = lifeCycle.opened(
                    "leases", new CountedLeases(custody.leases(eventLog.partitions()), eventLog.partitions()));
            EventPublisher publisher =
                    lifeCycle.opened("publisher", EventPublisher.neverBlocking(clients, codec, "/router", time));
            publisher.witnessedBy(() -> time.sending()::appended);
            publisher.warmUp();
            clock = lifeCycle
                    .opened(
                            "clock watch",
                            ClockWatch.start(
                                    ServiceName.ROUTER,
                                    time,
                                    registry,
                                    judged -> publisher.publishTo(Topic.PURGES, 0, judged)))
                    .health();
            ExaminedCustody examined = new ExaminedCustody(custody.examine(ServiceName.ROUTER, time.instant()));
            preflight = examined.health();
            lifeCycle.opened("custody's upkeep", custody.startUpkeep(time));
            Function<SpecificRecord, CompletionStage<?>> publishing =
                    event -> publisher.publishTo(Topic.PURGES, 0, event);
            Await.published(() -> publishing.apply(examined.event()), START_LIMIT);
            custody.examineAgain(ServiceName.ROUTER, examined.again(publishing::apply));
            lifeCycle.opened("marks", LogMarks.start(admin, eventLog, time, custody::mark));
            DirectoryPublication publication = new DirectoryPublication(
                    publisher, codec, settings.directory().countries().isPresent(), time);
            DirectoryWatch directory =
                    new DirectoryWatch(() -> settings.directory().reading(codec), firstDirectory, publication::publish);
            publication.publishFirst(directory.get(), START_LIMIT);
            meters.bind(directory, time);

            EventLoopLanes lanes = lifeCycle.opened("lanes", EventLoopLanes.deploy(vertx));
            VertxBrokerClient client = lifeCycle.opened(
                    "client",
                    new VertxBrokerClient(vertx, CONNECT_LIMIT, settings.proxy().map(ProxyAddress::of)));
            Journal consumerJournal = lifeCycle.opened(
                    "consumer's journal",
                    new Journal(new EventReader(clients, codec, "handoff-router-recovery"), custody::signups));
            Journal signupJournal = lifeCycle.opened(
                    "journal",
                    new Journal(new EventReader(clients, codec, "handoff-router-journal"), custody::signups));
            ExecutorService journalThread = Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "journal");
                thread.setDaemon(true);
                return thread;
            });
            lifeCycle.atEnd("journal's thread", () -> {
                journalThread.shutdownNow();
                if (!journalThread.awaitTermination(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    LOG.warn("the journal is still reading");
                }
            });
            KafkaSignupLog signupLog = new KafkaSignupLog(publisher, codec, signupJournal, journalThread, time, traces);
            KafkaPlaceBook places = lifeCycle.opened("places", new KafkaPlaceBook(clients, publisher, codec, time));
            AtomicReference<Optional<String>> leaseProblem = new AtomicReference<>(Optional.empty());
            SweepTimer sweeper = lifeCycle.opened(
                    "sweeper",
                    SweepTimer.start(custody.keys(), time::expiryBound, () -> leaseProblem.set(leases.look())));
            BrokerGuards guards = guards(settings, leases::share, time, publisher, lanes, registry);
            lifeCycle.opened("directory", directory.follow(settings.directory().period(), guards::tryAgain));
            SuspensionReader suspensions = lifeCycle.opened(
                    "suspensions",
                    new SuspensionReader(clients, codec, settings.delivery().suspension(), time, guards::heard));
            // Beside the rest of the start, since what it has to look through depends on how busy the log was.
            suspensions.start();

            KeyCustody keys = traces.around(decoration.custody().apply(custody.keys()));
            HandoffSurroundings surroundings = new HandoffSurroundings(
                    directory,
                    guards,
                    decoration.places().apply(places),
                    new BrokerPing(client, settings.delivery().attemptLimit(), time, UUID::randomUUID));
            SignupLog log = traces.around(decoration.log().apply(new MeteredSignupLog(signupLog, registry)));
            BrokerClient brokers = traces.around(decoration.client().apply(client));
            VertxCorrectionClient corrections = new VertxCorrectionClient(client);
            List<SignupConsumer.HandoffLane> handoffs = lanes.all().stream()
                    .map(lane -> {
                        FactRecorder facts = new FactRecorder(log, lane, PAUSE_AFTER_FAILURE);
                        Delivery delivery = new Delivery(
                                new Delivery.Surroundings(
                                        keys, brokers, client, corrections, facts::record, guards, directory),
                                settings.delivery(),
                                time,
                                () -> ThreadLocalRandom.current().nextDouble(),
                                lane);
                        return new SignupConsumer.HandoffLane(
                                lane, new Handoff(keys, delivery, log, surroundings, time, lane), signupLog);
                    })
                    .toList();

            Function<Topic, LogCutter> cutter =
                    topic -> decoration.cutter().apply(new KafkaLogCutter(admin, publisher, eventLog, topic, time));
            ErasureReportReader erasureReports =
                    lifeCycle.opened("erasure reports", new ErasureReportReader(clients, codec, time));
            KafkaSetAsideLook setAside = lifeCycle.opened("set-aside copies", new KafkaSetAsideLook(clients, codec));
            purges = lifeCycle.opened(
                    "purges",
                    new PurgeWorker(
                            new PurgeWorker.Parts(
                                    keys,
                                    cutter.apply(Topic.SIGNUPS),
                                    cutter.apply(Topic.SIGNUPS_PARKED),
                                    setAside,
                                    traces.around(decoration.purgeLog().apply(new KafkaPurgeLog(publisher))),
                                    erasureReports,
                                    meters::purged),
                            new PurgeWorker.Terms(
                                    Duration.ofMillis(Topic.SEGMENT_MILLIS),
                                    examined,
                                    reserve(eventLog),
                                    settings.erasureWait()),
                            signupId -> EventPartitions.of(signupId, eventLog.partitions()),
                            time,
                            () -> Duration.ofNanos(System.nanoTime())));
            meters.bind(purges);
            consumer = lifeCycle.opened(
                    "consumer",
                    new SignupConsumer(
                            clients.groupConsumer(
                                    "handoff-router-consumer",
                                    settings.group(),
                                    Math.min(500, settings.maximumInFlight())),
                            eventLog,
                            new SignupConsumer.Parts(
                                    handoffs,
                                    leases,
                                    codec,
                                    signupLog::setAside,
                                    consumerJournal::histories,
                                    purges,
                                    traces),
                            new SignupConsumer.Limits(settings.maximumInFlight(), settings.parkingInterval()),
                            time));
            meters.bind(consumer);

            StartGate gate = new StartGate(
                    custody,
                    time,
                    (signups, mark, handler) -> PurgedSlots.since(
                            clients,
                            codec,
                            "handoff-router-purges",
                            signups,
                            mark,
                            new PurgedSlots.Handler(
                                    handler::purged,
                                    (signupId, reason) -> handler.ended(signupId, EraseReason.valueOf(reason.name())),
                                    handler::erasureRequested,
                                    handler::restricted)),
                    eventLog.maximumHold(),
                    () -> {
                        suspensions.awaitCaughtUp(SUSPENSIONS_LIMIT);
                        // As when they change under a running router: the cause may have been mended, such as a secret.
                        guards.tryAgainIfSuspendedBefore(firstDirectory.changedAt());
                        erasureReports.start();
                        purges.start();
                        consumer.start();
                        LOG.info("router started");
                    });
            lifeCycle.opened("start", gate);
            readiness = HealthCheck.of(
                    "router",
                    new RouterHealth(
                            new RouterHealth.Keys(
                                    () -> custody.health(sweeper.failing()), leases, leaseProblem::get, gate),
                            consumer,
                            purges,
                            new RouterHealth.Brokers(directory, guards, client, time),
                            erasureReports::silent,
                            List.of(
                                    () -> signupLog.stoppedForSchema().stream(),
                                    () -> places.stopped().stream(),
                                    () -> erasureReports.stopped().stream(),
                                    () -> setAside.stopped().stream(),
                                    () -> suspensions.notUnderstood().stream())));
            gate.start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Duration reserve(EventLogSettings eventLog) {
        HoldTimes times = HoldTimes.of(Instant.EPOCH, eventLog.maximumHold());
        return Duration.between(times.keyExpiry(), times.eraseBy());
    }

    private BrokerGuards guards(
            RouterSettings settings,
            Supplier<PartitionShare> share,
            InstantSource time,
            EventPublisher publisher,
            EventLoopLanes lanes,
            MeterRegistry registry) {
        byte[] instance = new byte[16];
        new SecureRandom().nextBytes(instance);
        AtomicReference<BrokerGuards> made = new AtomicReference<>();
        BrokerGuards guards = new BrokerGuards(
                new BrokerGuards.Times(
                        settings.delivery().breakerPause(),
                        settings.delivery().slow(),
                        settings.delivery().suspension()),
                share,
                time,
                new RandomId(instance),
                event -> announce(publisher, lanes.all().get(0), event),
                broker -> BrokerMeters.bind(registry, broker, made::get));
        made.set(guards);
        return guards;
    }

    /** A router's knowledge about a broker concerns no signup: all of it is in one partition, published until Kafka acknowledges it. */
    private void announce(EventPublisher publisher, Lane lane, SpecificRecord event) {
        var unused = publisher
                .publishTo(Topic.HANDOFFS, SuspensionReader.PARTITION, event)
                .whenComplete((position, failure) -> {
                    if (failure != null && closing.getCount() > 0) {
                        lane.after(PAUSE_AFTER_FAILURE, () -> announce(publisher, lane, event));
                    }
                });
    }

    /**
     * Starts a router.
     *
     * @throws InvalidDirectory if the broker directory has problems
     * @throws org.brokerhandoff.eventlog.EventLogUnavailable if Kafka cannot be reached
     */
    public static RouterService start(RouterSettings settings, Vertx vertx, MeterRegistry meters) {
        return start(settings, vertx, meters, Decoration.NONE);
    }

    /** As {@link #start(RouterSettings, Vertx, MeterRegistry)}, with something around its parts. */
    static RouterService start(RouterSettings settings, Vertx vertx, MeterRegistry meters, Decoration decoration) {
        return start(settings, vertx, meters, decoration, new EventCodec());
    }

    /** As {@link #start(RouterSettings, Vertx, MeterRegistry, Decoration)}, knowing the schemas that {@code codec} knows. */
    static RouterService start(
            RouterSettings settings, Vertx vertx, MeterRegistry meters, Decoration decoration, EventCodec codec) {
        DirectoryFile.Reading reading = settings.directory().reading(codec);
        if (reading.parsed() instanceof ParsedDirectory.Invalid invalid) {
            throw new InvalidDirectory(invalid.problems());
        }
        return new RouterService(settings, vertx, meters, decoration, reading, codec);
    }

    /** Whether the router does its work. */
    public HealthCheck readiness() {
        return readiness;
    }

    /** Whether the host's clock is trusted. */
    public HealthCheck clock() {
        return clock;
    }

    /** How far purges may claim here, and why. */
    public HealthCheck preflight() {
        return preflight;
    }

    /** Signups worked on and purges not published: 0 when the router has nothing left to do. */
    public int unfinished() {
        return consumer.inFlight() + purges.pending();
    }

    /** Takes nothing new, waits for work in progress, and closes everything. */
    @Override
    public void close() {
        closing.countDown();
        lifeCycle.close();
    }
}
