package org.brokerhandoff.router;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.custody.EpochTimer;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.PurgeHistory;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.brokerhandoff.custody.time.HostClock;
import org.brokerhandoff.custody.time.TrustedTime;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LogMarks;
import org.brokerhandoff.eventlog.PurgedSlots;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.operations.health.HealthCheck;
import org.brokerhandoff.preflight.ClockWatch;
import org.brokerhandoff.preflight.CustodyExamination;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerGuards;
import org.brokerhandoff.router.deliver.BrokerPing;
import org.brokerhandoff.router.deliver.Delivery;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.directory.DirectoryFile;
import org.brokerhandoff.router.directory.DirectoryWatch;
import org.brokerhandoff.router.directory.InvalidDirectory;
import org.brokerhandoff.router.directory.ParsedDirectory;
import org.brokerhandoff.router.handoff.FactRecorder;
import org.brokerhandoff.router.handoff.Handoff;
import org.brokerhandoff.router.handoff.HandoffSurroundings;
import org.brokerhandoff.router.handoff.PlaceBook;
import org.brokerhandoff.router.handoff.SignupLog;
import org.brokerhandoff.router.http.ProxyAddress;
import org.brokerhandoff.router.http.VertxBrokerClient;
import org.brokerhandoff.router.journal.Journal;
import org.brokerhandoff.router.kafka.ErasureReportReader;
import org.brokerhandoff.router.kafka.KafkaLogCutter;
import org.brokerhandoff.router.kafka.KafkaPlaceBook;
import org.brokerhandoff.router.kafka.KafkaPurgeLog;
import org.brokerhandoff.router.kafka.KafkaSetAsideLook;
import org.brokerhandoff.router.kafka.KafkaSignupLog;
import org.brokerhandoff.router.kafka.SignupConsumer;
import org.brokerhandoff.router.kafka.SuspensionReader;
import org.brokerhandoff.router.lane.EventLoopLanes;
import org.brokerhandoff.router.purge.LogCutter;
import org.brokerhandoff.router.purge.PurgeLog;
import org.brokerhandoff.router.purge.PurgeWaits;
import org.brokerhandoff.router.purge.PurgeWorker;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The router, wired. Starts on {@link #start} and stops on {@link #close}, in this process or another's. */
public final class RouterService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouterService.class);
    private static final Duration SWEEP_PERIOD = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration SUSPENSIONS_LIMIT = Duration.ofSeconds(5);

    private final TrustedTime time;
    private final ClockWatch clockWatch;
    private final SlotFile custody;
    private final PartitionLeases leases;
    private final EpochTimer epochs;
    private final PurgeHistory purgeHistory;
    private final Duration maximumHold;
    private final CustodyExamination examination;
    private final LogMarks marks;
    private final Admin admin;
    private final EventPublisher publisher;
    private final ScheduledExecutorService sweeper;
    private final ScheduledExecutorService directoryThread;
    private final DirectoryWatch directory;
    private final Duration directoryPeriod;
    /** As of the last look; for the thread that looks. */
    private BrokerDirectory directoryBefore;

    private final KafkaSignupLog kafkaLog;
    private final KafkaPlaceBook places;
    private final ExecutorService journalThread;
    private final EventLoopLanes lanes;
    private final VertxBrokerClient client;
    private final BrokerGuards guards;
    private final SuspensionReader suspensions;
    private final Instant directoryChangedAt;
    private final Journal consumerJournal;
    private final Journal signupJournal;
    private final ErasureReportReader erasureReports;
    private final KafkaSetAsideLook setAside;
    private final PurgeWorker purges;
    private final SignupConsumer consumer;
    /** Whether the consumer was started, which happens once. */
    private final AtomicBoolean begun = new AtomicBoolean();

    private volatile String uncheckedBecause = "";
    private volatile Optional<String> leaseProblem = Optional.empty();

    private final CountDownLatch closing = new CountDownLatch(1);

    /** What stands around the parts at which the world can be seen to go wrong: for tests that make it do so. */
    record Decoration(
            UnaryOperator<KeyCustody> custody,
            UnaryOperator<SignupLog> log,
            UnaryOperator<BrokerClient> client,
            UnaryOperator<LogCutter> cutter,
            UnaryOperator<PurgeLog> purgeLog,
            UnaryOperator<PlaceBook> places) {
        static final Decoration NONE = new Decoration(
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity());
    }

    private RouterService(
            RouterSettings settings,
            Vertx vertx,
            MeterRegistry meters,
            Decoration decoration,
            DirectoryFile.Reading firstDirectory,
            EventCodec codec) {
        TrustedTime clock = TrustedTime.start(settings.custody().file(), HostClock.system());
        time = clock;
        EventLogSettings eventLog = settings.eventLog();
        KafkaClients clients = new KafkaClients(eventLog);
        admin = clients.admin("handoff-router-admin");
        String logId = new TopicProvisioner(admin, eventLog).provision();
        custody = SlotFile.open(settings.custody(), FileKeyset.openOrCreate(settings.keysetFile(), clock), clock);
        clients.acknowledged().keepBeside(settings.custody().file(), logId);
        leases = PartitionLeases.open(settings.custody().file(), eventLog.partitions());
        purgeHistory = (from, mark, handler) -> PurgedSlots.since(
                clients,
                codec,
                "handoff-router-purges",
                from,
                mark,
                handler::purged,
                (signupId, reason) -> handler.ended(signupId, EraseReason.valueOf(reason.name())));
        maximumHold = eventLog.maximumHold();
        publisher = EventPublisher.neverBlocking(clients, codec, "/router", clock);
        publisher.witnessedBy(() -> clock.sending()::appended);
        publisher.warmUp();
        clockWatch = ClockWatch.start(
                ServiceName.ROUTER, clock, meters, judged -> publisher.publishTo(Topic.PURGES, 0, judged));
        examination = CustodyExamination.atStart(
                ServiceName.ROUTER, custody, settings.custody().file(), settings.keysetFile(), clock.instant());
        // After the examination, which opens and closes the slot file: that drops this process's locks on it.
        epochs = EpochTimer.start(custody, settings.custody().epochInterval(), clock);
        // Before any purge: an auditor holds each claim against the examination before it.
        publisher
                .publishTo(Topic.PURGES, 0, examination.event())
                .toCompletableFuture()
                .join();
        marks = LogMarks.start(admin, eventLog, clock, custody::mark);
        directory = new DirectoryWatch(
                settings.brokersFile(),
                codec,
                firstDirectory,
                next -> publisher.publishTo(Topic.HANDOFFS, 0, next.published(clock.instant())));
        publisher
                .publishTo(Topic.HANDOFFS, 0, directory.get().published(clock.instant()))
                .toCompletableFuture()
                .join();
        directoryPeriod = settings.brokersPeriod();
        directoryBefore = directory.get();
        directoryChangedAt = firstDirectory.changedAt();

        sweeper = Executors.newSingleThreadScheduledExecutor(thread("sweep"));
        directoryThread = Executors.newSingleThreadScheduledExecutor(thread("directory"));
        journalThread = Executors.newSingleThreadExecutor(thread("journal"));
        lanes = EventLoopLanes.deploy(vertx);
        client = new VertxBrokerClient(vertx, CONNECT_LIMIT, settings.proxy().map(ProxyAddress::of));
        consumerJournal = new Journal(new EventReader(clients, codec, "handoff-router-recovery"));
        signupJournal = new Journal(new EventReader(clients, codec, "handoff-router-journal"));

        kafkaLog = new KafkaSignupLog(publisher, codec, signupJournal, journalThread, clock);
        KeyCustody keys = decoration.custody().apply(custody);
        SignupLog log = decoration.log().apply(new MeteredSignupLog(kafkaLog, meters));
        guards = new BrokerGuards(
                settings.delivery().breakerPause(),
                settings.delivery().slow(),
                settings.delivery().suspension(),
                clock,
                instance(),
                this::announce,
                broker -> BrokerMeters.bind(meters, broker, this::guards));
        suspensions = new SuspensionReader(clients, codec, settings.delivery().suspension(), clock, guards::heard);
        HoldTimes times = HoldTimes.of(Instant.EPOCH, eventLog.maximumHold());
        Duration reserve = Duration.between(times.keyExpiry(), times.eraseBy());
        places = new KafkaPlaceBook(clients, publisher, codec, clock);
        BrokerPing ping = new BrokerPing(client, settings.delivery().attemptLimit(), clock, UUID::randomUUID);
        HandoffSurroundings surroundings =
                new HandoffSurroundings(directory, guards, decoration.places().apply(places), ping);
        BrokerClient brokers = decoration.client().apply(client);
        List<SignupConsumer.HandoffLane> handoffs = lanes.all().stream()
                .map(lane -> {
                    FactRecorder facts = new FactRecorder(log, lane, PAUSE_AFTER_FAILURE);
                    Delivery delivery = new Delivery(
                            new Delivery.Surroundings(keys, brokers, client, facts::record, guards),
                            settings.delivery(),
                            clock,
                            () -> ThreadLocalRandom.current().nextDouble(),
                            lane);
                    return new SignupConsumer.HandoffLane(
                            lane, new Handoff(keys, delivery, log, surroundings, clock, lane), kafkaLog);
                })
                .toList();
        erasureReports = new ErasureReportReader(clients, codec, clock);
        setAside = new KafkaSetAsideLook(clients, codec);
        purges = new PurgeWorker(
                new PurgeWorker.Parts(
                        keys,
                        decoration.cutter().apply(new KafkaLogCutter(admin, publisher, eventLog, Topic.SIGNUPS, clock)),
                        decoration
                                .cutter()
                                .apply(new KafkaLogCutter(admin, publisher, eventLog, Topic.SIGNUPS_PARKED, clock)),
                        setAside,
                        decoration.purgeLog().apply(new KafkaPurgeLog(publisher)),
                        erasureReports,
                        (purged, at) -> count(meters, purged, at)),
                new PurgeWorker.Terms(
                        Duration.ofMillis(Topic.SEGMENT_MILLIS),
                        examination.highestLevel(),
                        reserve,
                        settings.erasureWait()),
                signupId -> EventPartitions.of(signupId, eventLog.partitions()),
                clock,
                () -> Duration.ofNanos(System.nanoTime()));
        consumer = new SignupConsumer(
                clients.groupConsumer(
                        "handoff-router-consumer", settings.group(), Math.min(500, settings.maximumInFlight())),
                eventLog,
                new SignupConsumer.Parts(
                        handoffs, leases, codec, kafkaLog::setAside, consumerJournal::histories, purges),
                new SignupConsumer.Limits(settings.maximumInFlight(), settings.parkingInterval()),
                clock);
        Gauge.builder("handoff.router.in.flight", consumer, SignupConsumer::inFlight)
                .register(meters);
        Gauge.builder("handoff.router.purges.pending", purges, PurgeWorker::pending)
                .register(meters);
        Gauge.builder(
                        "handoff.directory.problems",
                        directory,
                        watch -> watch.problems().size())
                .register(meters);
        waiting(meters, "cut", PurgeWaits::forCut);
        waiting(meters, "replicas", PurgeWaits::forReplicas);
        waiting(meters, "erasure", PurgeWaits::forErasure);
    }

    private BrokerGuards guards() {
        return guards;
    }

    private static RandomId instance() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return new RandomId(random);
    }

    /** What a router knows of a broker is of no signup: all of it stands in one partition, until Kafka acknowledges it. */
    private void announce(SpecificRecord event) {
        var unused = publisher
                .publishTo(Topic.HANDOFFS, SuspensionReader.PARTITION, event)
                .whenComplete((position, failure) -> {
                    if (failure != null && closing.getCount() > 0) {
                        announceLater(event);
                    }
                });
    }

    private void announceLater(SpecificRecord event) {
        lanes.all().get(0).after(PAUSE_AFTER_FAILURE, () -> announce(event));
    }

    private void waiting(MeterRegistry meters, String reason, ToIntFunction<PurgeWaits> count) {
        Gauge.builder("handoff.router.purges.waiting", purges, worker -> count.applyAsInt(worker.waits()))
                .tag("reason", reason)
                .register(meters);
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
        DirectoryFile.Reading reading = DirectoryFile.reading(settings.brokersFile(), codec);
        if (reading.parsed() instanceof ParsedDirectory.Invalid invalid) {
            throw new InvalidDirectory(invalid.problems());
        }
        RouterService service = new RouterService(settings, vertx, meters, decoration, reading, codec);
        service.run();
        return service;
    }

    private void run() {
        var unused = sweeper.scheduleWithFixedDelay(
                this::sweep, SWEEP_PERIOD.toMillis(), SWEEP_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        var unusedWatching = directoryThread.scheduleWithFixedDelay(
                this::lookAtDirectory, directoryPeriod.toMillis(), directoryPeriod.toMillis(), TimeUnit.MILLISECONDS);
        if (custody.serving() && time.state().confirmed()) {
            begin();
        } else {
            // Kafka may go away while the purges are read: it is tried until it works, and ready says
            // what it waits for.
            thread("custody-check").newThread(this::beginWhenChecked).start();
        }
    }

    private void beginWhenChecked() {
        while (closing.getCount() > 0) {
            try {
                var unused = custody.serveKeysAfter(purgeHistory, maximumHold);
                // An offer, a signature and a deadline need more than a lower bound of the time.
                if (time.state().confirmed()) {
                    begin();
                    return;
                }
            } catch (RuntimeException | InternalError e) {
                // InternalError is what a fault of the mapped file throws.
                uncheckedBecause = e instanceof UnknownSchema ? "; " + e.getMessage() : "";
                LOG.warn(
                        "the slots could not be compared with the purges in the log: {}",
                        e.getClass().getSimpleName());
            }
            try {
                var unused = closing.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void begin() {
        if (begun.compareAndSet(false, true)) {
            suspensions.start();
            suspensions.awaitCaughtUp(SUSPENSIONS_LIMIT);
            // As when they change under a running router: the cause may have been mended, such as a secret.
            guards.tryAgainIfSuspendedBefore(directoryChangedAt);
            erasureReports.start();
            purges.start();
            consumer.start();
            LOG.info("router started");
        }
    }

    private void lookAtDirectory() {
        try {
            directory.look();
            BrokerDirectory now = directory.get();
            if (!now.equals(directoryBefore)) {
                directoryBefore = now;
                guards.tryAgain();
            }
        } catch (RuntimeException e) {
            // A failure that nobody catches would end the watching.
            LOG.error(
                    "the broker directory could not be looked at: {}",
                    e.getClass().getSimpleName());
        }
    }

    private void sweep() {
        try {
            leaseProblem = leases.look();
            Instant due = time.expiryBound();
            // Not before the time is known at all: a claim that was seen then would count as abandoned at the next
            // sweep.
            if (due.isAfter(Instant.EPOCH)) {
                custody.sweep(due);
            }
        } catch (RuntimeException | InternalError e) {
            // InternalError is what a fault of the mapped file throws; a sweep that is not tried again would be worse.
            LOG.error("the sweep failed: {}", e.getClass().getSimpleName());
        }
    }

    private static void count(MeterRegistry meters, Purged purged, Instant at) {
        meters.counter(
                        "handoff.purged",
                        "level",
                        purged.getLevel().name(),
                        "reason",
                        purged.getReason().name())
                .increment();
        meters.timer("handoff.key.erased.to.purged").record(Duration.between(purged.getKeyErasedAt(), at));
    }

    /** Whether the router does its work. */
    public HealthCheck readiness() {
        return HealthCheck.of("router", () -> {
            if (custody.failed()) {
                return Health.unhealthy(
                        "custody-failed",
                        custody.failure().orElse("a sync or a read-back failed")
                                + "; restart after a look at the disk");
            } else if (!begun.get() && custody.serving()) {
                return Health.unhealthy(
                        "clock-unconfirmed", "the host's clock is not confirmed yet; see the check of the clock");
            } else if (!begun.get()) {
                return Health.unhealthy(
                        "custody-unchecked",
                        "the slots are not compared with the purges in the log yet; no key is served"
                                + uncheckedBecause);
            } else if (leaseProblem.isPresent()) {
                return Health.unhealthy("leases-lost", leaseProblem.get());
            } else if (!purges.running()) {
                return Health.unhealthy("not-purging", "the purge thread has stopped");
            }
            if (!consumer.polling()) {
                return Health.unhealthy("not-polling", "the consumer has not polled yet or has stopped");
            }
            if (!consumer.stoppedForSchema().isEmpty()) {
                return Health.unhealthy("unknown-schema", String.join("; ", consumer.stoppedForSchema()));
            }
            List<String> newerEvents = newerEvents();
            if (!newerEvents.isEmpty()) {
                return Health.impaired("unknown-schema", String.join("; ", newerEvents));
            } else if (!consumer.stoppedAfterFailure().isEmpty()) {
                return Health.impaired("partition-stopped", String.join("; ", consumer.stoppedAfterFailure()));
            }
            if (!leases.waiting().isEmpty()) {
                return Health.impaired(
                        "waiting-for-lease",
                        leases.waiting().entrySet().stream()
                                .map(each -> "partition " + each.getKey() + " is still owned by " + each.getValue())
                                .collect(Collectors.joining("; ")));
            }
            Optional<String> olderDirectory = directory.warning();
            if (olderDirectory.isPresent()) {
                return Health.impaired("directory-invalid", olderDirectory.get());
            }
            PurgeWaits waits = purges.waits();
            return waits.forReplicas() == 0
                    ? Health.healthy(suspended())
                    : Health.impaired(
                            "replicas-away",
                            waits.forReplicas() + " purges wait for Kafka brokers " + new TreeSet<>(waits.brokersAway())
                                    + " to be in sync; their keys are destroyed");
        });
    }

    /** Events of a newer version that something waits for, or goes without; deliveries go on. */
    private List<String> newerEvents() {
        return Stream.of(
                        kafkaLog.stoppedForSchema().stream(),
                        places.stopped().stream(),
                        erasureReports.stopped().stream(),
                        setAside.stopped().stream(),
                        suspensions.notUnderstood().stream())
                .flatMap(each -> each)
                .toList();
    }

    private Map<String, String> suspended() {
        Map<String, String> details = new TreeMap<>();
        guards.suspended().forEach((broker, why) -> details.put("suspended broker " + broker, why));
        client.unreachable().forEach((broker, why) -> details.put("nothing sent to broker " + broker, why.name()));
        return details;
    }

    /** Whether the host's clock is trusted. */
    public HealthCheck clock() {
        return clockWatch.health();
    }

    /** How far purges may claim here, and why. */
    public HealthCheck preflight() {
        return examination.health();
    }

    /** Signups worked on and purges not published: 0 when the router has nothing left to do. */
    public int unfinished() {
        return consumer.inFlight() + purges.pending();
    }

    @Override
    public void close() {
        closing.countDown();
        close("consumer", consumer::close);
        if (begun.compareAndSet(false, true)) {
            // Its thread closes its Kafka client, and ends at once.
            consumer.start();
            close("consumer", consumer::close);
        }
        close("purges", purges::close);
        close("set-aside copies", setAside::close);
        close("erasure reports", erasureReports::close);
        close("suspensions", suspensions::close);
        // Not interrupted: that would close the slot file's channel in the middle of a sweep.
        sweeper.shutdown();
        close("sweeper", () -> {
            if (!sweeper.awaitTermination(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("a sweep is still running");
            }
        });
        directoryThread.shutdownNow();
        close("places", places::close);
        journalThread.shutdownNow();
        close("journal", () -> {
            if (!journalThread.awaitTermination(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the journal is still reading");
            }
        });
        close("client", client::close);
        close("lanes", lanes::close);
        close("consumer's journal", consumerJournal::close);
        close("journal", signupJournal::close);
        close("clock watch", clockWatch::close);
        close("marks", marks::close);
        close("publisher", publisher::close);
        close("admin client", () -> admin.close(CLOSE_LIMIT));
        close("leases", leases::close);
        close("epochs", epochs::close);
        close("custody", custody::close);
        close("time", time::close);
    }

    @FunctionalInterface
    private interface Closing {
        void run() throws Exception;
    }

    /** What cannot be closed must not keep the rest open, custody least of all. */
    private static void close(String part, Closing closing) {
        try {
            closing.run();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.warn("{} did not close: {}", part, e.getClass().getSimpleName());
        }
    }

    private static ThreadFactory thread(String name) {
        return runnable -> {
            Thread thread = new Thread(runnable, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
