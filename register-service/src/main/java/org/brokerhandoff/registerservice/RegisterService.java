package org.brokerhandoff.registerservice;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.custody.time.HostClock;
import org.brokerhandoff.custody.time.TrustedTime;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.operations.health.HealthCheck;
import org.brokerhandoff.operations.lifecycle.LifeCycle;
import org.brokerhandoff.preflight.ClockWatch;
import org.brokerhandoff.register.FreshRegister;
import org.brokerhandoff.register.Register;
import org.brokerhandoff.register.RegisterHealth;
import org.brokerhandoff.register.RegisterProjector;
import org.brokerhandoff.register.RegisterUnavailable;
import org.brokerhandoff.registerservice.deadline.DeadlineWatch;
import org.brokerhandoff.registerservice.feed.FeedWebhooks;
import org.brokerhandoff.registerservice.feed.Feeds;
import org.brokerhandoff.registerservice.notify.NoticeLog;
import org.brokerhandoff.registerservice.notify.NoticeSender;
import org.brokerhandoff.registerservice.notify.NoticeSteps;
import org.brokerhandoff.registerservice.register.RegisterNoticeSource;
import org.brokerhandoff.router.directory.DirectoryFile;
import org.brokerhandoff.router.directory.DirectoryWatch;
import org.brokerhandoff.router.directory.InvalidDirectory;
import org.brokerhandoff.router.directory.ParsedDirectory;
import org.brokerhandoff.router.http.ProxyAddress;
import org.brokerhandoff.router.http.VertxBrokerClient;
import org.brokerhandoff.router.http.VertxNoticeClient;
import org.brokerhandoff.router.http.VertxWebhookClient;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register service, wired. Several instances share the work on one register: Kafka assigns each its partitions, which it projects and
 * whose notices it sends, and reassigns them when it stops or dies.
 *
 * <p>Neither Kafka nor the database has to be available at the start; until then, {@link #health} says what it waits for.
 */
public final class RegisterService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegisterService.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);
    private static final Duration NOTICE_PERIOD = Duration.ofSeconds(1);
    private static final Duration DEADLINE_PERIOD = Duration.ofSeconds(5);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private final RegisterServiceSettings settings;
    private final MeterRegistry meters;
    private final EventCodec codec = new EventCodec();
    private final KafkaClients clients;
    private final TrustedTime time;
    private final EventPublisher publisher;
    private final ClockWatch clock;
    private final DirectoryWatch directory;
    private final VertxBrokerClient client;
    /** Separate: a website that does not accept delays no broker, and is reported elsewhere. */
    private final VertxBrokerClient feedClient;

    private final UnaryOperator<NoticeLog> decoration;
    private final Thread beginning = new Thread(this::beginWhenPossible, "register-begin");
    private final CountDownLatch closing = new CountDownLatch(1);

    private final LifeCycle open = new LifeCycle();

    private volatile Optional<Register> register = Optional.empty();
    private volatile Optional<Working> working = Optional.empty();
    private volatile Optional<Feeds> feeds = Optional.empty();
    private volatile String waitingFor = "";

    private record Working(
            RegisterProjector projector, FreshRegister fresh, NoticeSender notices, DeadlineWatch deadlines) {
        RegisterHealth health() {
            RegisterHealth projection = projector.health();
            return projection instanceof RegisterHealth.Following ? fresh.health() : projection;
        }
    }

    private RegisterService(
            RegisterServiceSettings settings,
            Vertx vertx,
            MeterRegistry meters,
            DirectoryFile.Reading firstDirectory,
            UnaryOperator<NoticeLog> decoration) {
        this.settings = settings;
        this.meters = meters;
        this.decoration = decoration;
        time = opened(TrustedTime.start(settings.slotFile(), HostClock.system()));
        clients = new KafkaClients(settings.eventLog());
        // Replies arrive on event loops, and are recorded there.
        publisher = opened(EventPublisher.neverBlocking(clients, codec, "/register", time));
        publisher.witnessedBy(() -> time.sending()::appended);
        // Its events have append times, which confirm the clock where no other service runs.
        clock = opened(ClockWatch.start(
                ServiceName.OTHER, time, meters, judged -> publisher.publishTo(Topic.PURGES, 0, judged)));
        client = opened(new VertxBrokerClient(
                vertx, CONNECT_LIMIT, settings.brokers().proxy().map(ProxyAddress::of)));
        feedClient = opened(new VertxBrokerClient(
                vertx, CONNECT_LIMIT, settings.brokers().proxy().map(ProxyAddress::of)));
        // The router publishes the versions that decisions rest on.
        directory = new DirectoryWatch(
                () -> DirectoryFile.reading(settings.brokers().file(), codec),
                firstDirectory,
                next -> CompletableFuture.completedFuture(null));
        beginning.setDaemon(true);
    }

    /**
     * Starts the service.
     *
     * @param vertx remains owned by the caller
     * @throws InvalidDirectory if the broker directory is invalid
     * @throws org.brokerhandoff.registerservice.feed.InvalidFeeds if the file with the feeds is invalid
     * @throws IllegalArgumentException if the register's URL is not one of a supported database
     * @throws IllegalStateException if existing topics have another partition count
     */
    public static RegisterService start(RegisterServiceSettings settings, Vertx vertx, MeterRegistry meters) {
        return start(settings, vertx, meters, UnaryOperator.identity());
    }

    /** As above, with a wrapper around the log of notices: for tests that inject faults. */
    static RegisterService start(
            RegisterServiceSettings settings, Vertx vertx, MeterRegistry meters, UnaryOperator<NoticeLog> decoration) {
        EventCodec codec = new EventCodec();
        DirectoryFile.Reading reading = DirectoryFile.reading(settings.brokers().file(), codec);
        if (reading.parsed() instanceof ParsedDirectory.Invalid invalid) {
            throw new InvalidDirectory(invalid.problems());
        }
        settings.brokers().feeds().ifPresent(Feeds::check);
        RegisterService service = new RegisterService(settings, vertx, meters, reading, decoration);
        try {
            service.run();
            return service;
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        return open.opened(part.getClass().getSimpleName(), part);
    }

    private void run() {
        open.atEnd("directory", directory.follow(settings.brokers().period(), () -> {}));
        // Permanent faults fail at once; an unavailable dependency is waited for.
        prepared();
        beginning.start();
    }

    private void beginWhenPossible() {
        try {
            while (closing.getCount() > 0 && !begunSafely()) {
                var unused = closing.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A fault that would fail the start is waited out once running, for example topics created with another partition count. */
    private boolean begunSafely() {
        try {
            return begun();
        } catch (RuntimeException e) {
            String kind = e.getClass().getSimpleName();
            if (!waitingFor.equals(kind)) {
                LOG.error("projecting the register failed, and is retried: {}", kind);
            }
            waitingFor = kind;
            return false;
        }
    }

    private boolean begun() {
        if (working.isEmpty() && !prepared()) {
            return false;
        }
        // Sending, escalating and giving up need more than a lower bound of the time.
        if (!time.state().confirmed()) {
            return false;
        }
        working.orElseThrow().notices().start();
        settings.brokers()
                .feeds()
                .ifPresent(file -> feeds = Optional.of(opened(new FeedWebhooks(
                                clients,
                                codec,
                                new VertxWebhookClient(feedClient, CONNECT_LIMIT, time),
                                settings.brokers().exchangeLimit(),
                                time)
                        .start(
                                file,
                                settings.brokers().period(),
                                working.orElseThrow().fresh(),
                                meters))));
        LOG.info("register service started");
        return true;
    }

    /** Whether the register is open and being projected; otherwise records what it waits for. */
    private boolean prepared() {
        try {
            if (register.isEmpty()) {
                register = Optional.of(opened(Register.open(settings.register())));
            }
            EventLogSettings eventLog = settings.eventLog();
            try (Admin admin = clients.admin("handoff-register-topics")) {
                String logId = new TopicProvisioner(admin, eventLog).provision();
                clients.acknowledged().keepBeside(settings.slotFile(), logId);
            }
            publisher.warmUp();
            working = Optional.of(work(register.orElseThrow(), eventLog));
            waitingFor = "";
            return true;
        } catch (RegisterUnavailable | EventLogUnavailable e) {
            if (!waitingFor.equals(e.getMessage())) {
                LOG.warn("the register is not projected yet: {}", e.getMessage());
            }
            waitingFor = String.valueOf(e.getMessage());
            return false;
        }
    }

    private Working work(Register opened, EventLogSettings eventLog) {
        FreshRegister fresh = opened(FreshRegister.of(clients, opened));
        RegisterProjector projector = opened(RegisterProjector.start(clients, codec, opened));
        NoticeSteps steps = new NoticeSteps(
                decoration.apply((signupId, event) -> publisher.publish(Topic.HANDOFFS, signupId, event)),
                new VertxNoticeClient(client, CONNECT_LIMIT, time),
                directory,
                settings.notices(),
                settings.brokers().exchangeLimit(),
                time,
                meters);
        NoticeSender notices = opened(new NoticeSender(
                new RegisterNoticeSource(fresh, projector::ours, eventLog.partitions()),
                steps,
                NOTICE_PERIOD,
                eventLog.maximumHold(),
                time,
                meters));
        Gauge.builder("handoff.register.projected", projector, RegisterProjector::projectedEvents)
                .description("Events that this process has projected")
                .register(meters);
        Gauge.builder("handoff.register.behind", fresh, RegisterService::eventsBehind)
                .description(
                        "Events that the register, whichever process projects it, had yet to project some seconds ago")
                .register(meters);
        DeadlineWatch deadlines =
                opened(DeadlineWatch.start(fresh::openRequests, fresh::overduePurges, DEADLINE_PERIOD, time, meters));
        return new Working(projector, fresh, notices, deadlines);
    }

    private static double eventsBehind(FreshRegister fresh) {
        RegisterHealth health = fresh.health();
        if (health instanceof RegisterHealth.Behind behind) {
            return behind.eventsBehind();
        }
        return health instanceof RegisterHealth.Following following ? following.eventsBehind() : 0;
    }

    /** Overall health: the register, the host's clock, the broker directory, the notices, the feeds. */
    public List<HealthCheck> health() {
        return List.of(
                HealthCheck.of("register", this::registerHealth),
                clock.health(),
                HealthCheck.of("brokers", this::brokersHealth),
                HealthCheck.of("notices", this::noticesHealth),
                HealthCheck.of("rights", this::rightsHealth),
                HealthCheck.of("feeds", this::feedsHealth));
    }

    private Health registerHealth() {
        return working.map(at -> at.health().asHealth())
                .orElseGet(
                        () -> Health.unhealthy("register-starting", "not joined to the event log yet: " + waitingFor));
    }

    private Health brokersHealth() {
        Map<String, String> details = new TreeMap<>();
        client.unreachable().forEach((broker, why) -> details.put("nothing sent to broker " + broker, why.name()));
        return directory
                .warning()
                .map(warning -> Health.impaired("directory-invalid", warning))
                .orElseGet(() -> Health.healthy(details));
    }

    private Health noticesHealth() {
        return working.map(at -> at.notices().health())
                .orElseGet(() -> Health.impaired("notices-behind", "the register is not projected yet"));
    }

    private Health feedsHealth() {
        if (settings.brokers().feeds().isEmpty()) {
            return Health.healthy();
        }
        return feeds.map(Feeds::health)
                .orElseGet(() -> Health.impaired("feeds-behind", "the register is not projected yet"));
    }

    private Health rightsHealth() {
        return working.map(at -> at.deadlines().health())
                .orElseGet(() -> Health.impaired("rights-requests-unread", "the register is not projected yet"));
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            beginning.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.close();
    }
}
