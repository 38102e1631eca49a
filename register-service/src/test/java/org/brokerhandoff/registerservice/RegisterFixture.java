package org.brokerhandoff.registerservice;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.operations.configuration.Setting;
import org.brokerhandoff.operations.process.JvmOptions;
import org.brokerhandoff.register.RegisterSettings;
import org.brokerhandoff.registerservice.notify.NoticeSchedule;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.sandbox.SandboxBrokerSettings;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/**
 * Topics, a register and two sandbox brokers of one test, and a publisher that records what ingest and router would. The test starts the
 * register service.
 */
final class RegisterFixture implements AutoCloseable {
    static final Duration LIMIT = Duration.ofMinutes(2);
    static final int PARTITIONS = 6;
    static final NoticeSchedule NOTICES = new NoticeSchedule(
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            Duration.ofMinutes(10),
            Duration.ofSeconds(3),
            Duration.ofSeconds(4));
    private static final String FJORD = "fjord-markets";

    final Vertx vertx = Vertx.vertx();
    final RegisterServiceSettings settings;
    final KafkaClients clients;
    final SandboxBroker fjord;
    private final Path directory;
    private final EventPublisher publisher;
    private final EventCodec codec = new EventCodec();
    private final EventReader reader;
    private final List<SpecificRecord> handoffs = new ArrayList<>();
    private final List<RegisterService> services = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    RegisterFixture(Path directory) {
        this(directory, Optional.empty());
    }

    /** One whose register services send the webhooks that {@code feeds} names. */
    RegisterFixture(Path directory, Optional<Path> feeds) {
        this.directory = directory;
        WebhookSecret secret = WebhookSecret.random();
        fjord = SandboxBroker.start(vertx, SandboxBrokerSettings.named(FJORD).withSecrets(secret));
        writePrivately(directory.resolve("fjord.secret"), secret.text());
        writePrivately(
                directory.resolve("brokers.yaml"), """
                brokers:
                  - id: fjord-markets
                    name: Fjord Markets AS
                    countries: ["*"]
                    transferBasis: {default: EEA}
                    privacyPolicy: https://fjord-markets.example/privacy
                    endpoint: %s
                    notices: %s
                    secretFiles: [fjord.secret]
                    local: true
                  - id: nordlys-invest
                    name: Nordlys Invest AB
                    countries: ["*"]
                    transferBasis: {default: EEA}
                    privacyPolicy: https://nordlys-invest.example/privacy
                    endpoint: %s
                    secretFiles: [fjord.secret]
                    local: true
                """.formatted(fjord.endpoint(), fjord.notices(), fjord.endpoint()));
        settings = new RegisterServiceSettings(
                new EventLogSettings(
                        TestKafka.shared().bootstrapServers(),
                        Map.of(),
                        TestKafka.shared().randomTopicPrefix(),
                        PARTITIONS,
                        1,
                        Duration.ofHours(1)),
                directory.resolve("custody.slots"),
                new RegisterSettings(
                        "jdbc:sqlite:" + directory.resolve("register.db"), Optional.empty(), Optional.empty()),
                new RegisterServiceSettings.Brokers(
                        directory.resolve("brokers.yaml"),
                        Duration.ofMillis(200),
                        // No broker here is slow, but the machine may be.
                        Duration.ofSeconds(20),
                        Optional.empty(),
                        feeds),
                NOTICES,
                "127.0.0.1",
                0);
        clients = new KafkaClients(settings.eventLog());
        try (var admin = clients.admin("test-provision")) {
            // Newly created topics may not be describable yet.
            await().atMost(1, TimeUnit.MINUTES)
                    .ignoreExceptionsInstanceOf(EventLogUnavailable.class)
                    .untilAsserted(() -> new TopicProvisioner(admin, settings.eventLog()).provision());
        }
        publisher = new EventPublisher(clients, codec, "/test", InstantSource.system());
        reader = new EventReader(clients, codec, "test-reader");
    }

    static void writePrivately(Path file, String text) {
        try {
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RegisterService start() {
        RegisterService service = RegisterService.start(settings, vertx, new SimpleMeterRegistry());
        services.add(service);
        return service;
    }

    /** A separate JVM that runs {@code main}; its output goes to a file in the test's directory. */
    Process fork(Class<?> main, String... arguments) throws IOException {
        return fork(main, environment(), arguments);
    }

    Process fork(Class<?> main, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = JvmOptions.command(main, "-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
        // Settings of the developer or CI must not reach this process, and an unknown name would stop it.
        builder.environment().keySet().removeIf(name -> name.startsWith(Setting.PREFIX));
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    Path output() {
        return directory.resolve("output.txt");
    }

    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(withoutFeeds());
        settings.brokers().feeds().ifPresent(file -> environment.put("HANDOFF_FEEDS_FILE", file.toString()));
        return environment;
    }

    private Map<String, String> withoutFeeds() {
        EventLogSettings eventLog = settings.eventLog();
        return Map.ofEntries(
                Map.entry("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", eventLog.bootstrapServers()),
                Map.entry("HANDOFF_TOPIC_PREFIX", eventLog.topicPrefix()),
                Map.entry("HANDOFF_PARTITIONS", String.valueOf(eventLog.partitions())),
                Map.entry("HANDOFF_MAX_HOLD", eventLog.maximumHold().toString()),
                Map.entry("HANDOFF_CUSTODY_FILE", settings.slotFile().toString()),
                Map.entry("HANDOFF_REGISTER_URL", settings.register().url()),
                Map.entry("HANDOFF_BROKERS_FILE", settings.brokers().file().toString()),
                Map.entry(
                        "HANDOFF_DELIVERY_ATTEMPT_TIMEOUT",
                        settings.brokers().exchangeLimit().toString()),
                Map.entry("HANDOFF_NOTICE_BACKOFF_INITIAL", NOTICES.initial().toString()),
                Map.entry("HANDOFF_NOTICE_BACKOFF_MAXIMUM", NOTICES.maximum().toString()),
                Map.entry("HANDOFF_NOTICE_LIMIT", NOTICES.limit().toString()),
                Map.entry(
                        "HANDOFF_NOTICE_ESCALATE_AFTER", NOTICES.escalateAfter().toString()),
                Map.entry("HANDOFF_NOTICE_SETTLE_AFTER", NOTICES.settleAfter().toString()),
                Map.entry("HANDOFF_REGISTER_HTTP_PORT", "0"));
    }

    CompletableFuture<?> publish(Topic topic, UUID id, SpecificRecord event) {
        return publisher.publish(topic, id, event).toCompletableFuture();
    }

    /** Publishes an event without a signup. */
    CompletableFuture<?> publish(Topic topic, SpecificRecord event) {
        return publisher.publishTo(topic, 0, event).toCompletableFuture();
    }

    /** A signup that {@code broker} has accepted. */
    UUID delivered(String broker) {
        UUID id = UUID.randomUUID();
        publish(Topic.CONSENTS, id, Facts.granted(id, broker)).join();
        publish(Topic.HANDOFFS, id, Facts.assigned(id, broker)).join();
        publish(Topic.HANDOFFS, id, Facts.delivered(id, broker)).join();
        return id;
    }

    UUID delivered() {
        return delivered(FJORD);
    }

    /** Its consent is withdrawn now. */
    void withdraw(UUID id) {
        publish(Topic.CONSENTS, id, Facts.withdrawn(id)).join();
    }

    /** All events of the topic. A waiting test polls ten times a second: earlier events are not read again. */
    synchronized List<SpecificRecord> handoffs() {
        List<SpecificRecord> added = new ArrayList<>();
        reader.readNew(List.of(Topic.HANDOFFS), received -> {
            if (received.decoded() instanceof Decoded.Event event) {
                added.add(event.event());
            }
        });
        handoffs.addAll(added);
        return List.copyOf(handoffs);
    }

    <E extends SpecificRecord> List<E> events(UUID id, Class<E> type) {
        return handoffs().stream()
                .filter(type::isInstance)
                .filter(event -> EventId.signup(event).filter(id::equals).isPresent())
                .map(type::cast)
                .toList();
    }

    /** The ids of events: a repeated event has one. */
    Set<String> distinct(UUID id, Class<? extends SpecificRecord> type) {
        return events(id, type).stream().map(EventId::of).collect(Collectors.toSet());
    }

    /**
     * The sendings of a notice that the broker answered, by the ids of their events. On a busy machine a connection may not be established in
     * time; another sending then follows.
     */
    Set<String> answeredSendings(UUID id) {
        return sendings(id, sent -> sent.getOutcome() != NoticeOutcome.NO_ANSWER);
    }

    /** The unanswered sendings of a notice, by the ids of their events: the broker may have received them. */
    Set<String> unansweredSendings(UUID id) {
        return sendings(id, sent -> sent.getOutcome() == NoticeOutcome.NO_ANSWER);
    }

    private Set<String> sendings(UUID id, Predicate<NoticeSent> chosen) {
        return events(id, NoticeSent.class).stream()
                .filter(chosen)
                .map(EventId::of)
                .collect(Collectors.toSet());
    }

    void awaitEvent(UUID id, Class<? extends SpecificRecord> type) {
        await().atMost(LIMIT).until(() -> !events(id, type).isEmpty());
    }

    Optional<Books.NoticeAccount> notice(UUID id) {
        return fjord.books()
                .account(id)
                .flatMap(account -> account.notices().stream().findFirst());
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        services.forEach(RegisterService::close);
        publisher.close();
        reader.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
