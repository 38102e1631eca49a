package org.brokerhandoff.router;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.preflight.Preflight;
import org.brokerhandoff.custody.preflight.PurgeCeiling;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.operations.configuration.Setting;
import org.brokerhandoff.operations.process.JvmOptions;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.DeliverySettings;
import org.brokerhandoff.router.deliver.Patience;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.sandbox.SandboxBrokerSettings;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Assumptions;

/** Topics, custody and two sandbox brokers of one test; the router is started by the test. */
final class RouterFixture implements AutoCloseable {
    /** The shortest that a Kafka broker allows: a killed router's partitions are free after it. */
    private static final Map<String, String> SHORT_SESSION =
            Map.of("session.timeout.ms", "6000", "heartbeat.interval.ms", "1000");

    final Vertx vertx = Vertx.vertx();
    final RouterSettings settings;
    final SandboxBroker fjord;
    final SandboxBroker nordlys;
    final SignupSource source;
    private final PublishedEvents published;
    private final List<RouterService> open = new ArrayList<>();

    /** Hours that no test runs in: a minute of a day, six days from now. */
    static String closed() {
        String day = LocalDate.now(ZoneOffset.UTC)
                .plusDays(6)
                .getDayOfWeek()
                .getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
        return "hours: {zone: UTC, open: [\"" + day + " 12:00-12:01\"]}";
    }

    private static final Set<String> ADDED = Set.of("caps", "hours", "ping", "limits");

    RouterFixture(Path directory, Duration hold) {
        this(directory, hold, TestKafka.shared().bootstrapServers());
    }

    RouterFixture(Path directory, Duration hold, String bootstrapServers) {
        this(directory, hold, bootstrapServers, 1);
    }

    RouterFixture(Path directory, Duration hold, String bootstrapServers, int replicationFactor) {
        WebhookSecret fjordSecret = WebhookSecret.random();
        WebhookSecret nordlysSecret = WebhookSecret.random();
        fjord = SandboxBroker.start(
                vertx, SandboxBrokerSettings.named("fjord-markets").withSecrets(fjordSecret));
        nordlys = SandboxBroker.start(
                vertx, SandboxBrokerSettings.named("nordlys-invest").withSecrets(nordlysSecret));
        try {
            PrivateFiles.write(directory.resolve("fjord.secret"), fjordSecret.text());
            PrivateFiles.write(directory.resolve("nordlys.secret"), nordlysSecret.text());
            Files.writeString(directory.resolve("brokers.yaml"), """
                    brokers:
                      - id: fjord-markets
                        name: Fjord Markets AS
                        countries: [NO, SE]
                        transferBasis: {default: EEA}
                        privacyPolicy: https://fjord-markets.example/privacy
                        endpoint: %s
                        notices: %s
                        secretFiles: [fjord.secret]
                        priority: 1
                        local: true
                      - id: nordlys-invest
                        name: Nordlys Invest AB
                        countries: ["*"]
                        transferBasis: {default: EEA}
                        privacyPolicy: https://nordlys-invest.example/privacy
                        endpoint: %s
                        secretFiles: [nordlys.secret]
                        priority: 2
                        local: true
                    """.formatted(
                            fjord.endpoint(), fjord.notices(), nordlys.endpoint()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String prefix = "test-" + UUID.randomUUID() + ".";
        settings = new RouterSettings(
                new EventLogSettings(bootstrapServers, SHORT_SESSION, prefix, 3, replicationFactor, hold),
                new CustodySettings(custodyFile(directory), 1024, 65_536),
                directory.resolve("custody.keyset"),
                new RouterSettings.Directory(
                        directory.resolve("brokers.yaml"), Optional.empty(), Duration.ofMillis(200)),
                prefix + "router",
                256,
                Duration.ofMinutes(2),
                new DeliverySettings(
                        Duration.ofSeconds(2),
                        new Backoff(Duration.ofMillis(20), Duration.ofMillis(200)),
                        new Patience(3),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        3),
                Optional.empty(),
                Duration.ofSeconds(1),
                "127.0.0.1",
                0,
                Optional.empty());
        try (var admin = new KafkaClients(settings.eventLog()).admin("test-provision")) {
            new TopicProvisioner(admin, settings.eventLog()).provision();
        }
        source = new SignupSource(settings);
        published = new PublishedEvents(settings.eventLog());
    }

    /** The same settings, with a broker's word that it does not know a signup final after a second. */
    static RouterSettings impatient(RouterSettings settings) {
        DeliverySettings usual = settings.delivery();
        return new RouterSettings(
                settings.eventLog(),
                settings.custody(),
                settings.keysetFile(),
                settings.directory(),
                settings.group(),
                settings.maximumInFlight(),
                settings.erasureWait(),
                new DeliverySettings(
                        usual.attemptLimit(),
                        usual.backoff(),
                        usual.patience(),
                        usual.breakerPause(),
                        Duration.ofSeconds(1),
                        usual.suspension(),
                        usual.unauthorizedLimit()),
                settings.proxy(),
                settings.parkingInterval(),
                settings.httpHost(),
                settings.httpPort(),
                settings.tracing());
    }

    /** Gives a broker more terms, each a line of YAML, from the next look at the directory on. */
    void terms(String broker, String... terms) {
        try {
            Path file = settings.directory().brokers();
            StringBuilder yaml = new StringBuilder();
            boolean here = false;
            for (String line : Files.readAllLines(file)) {
                here = line.startsWith("  - id: ") ? line.equals("  - id: " + broker) : here;
                if (!here || !ADDED.contains(line.strip().split(":", 2)[0])) {
                    yaml.append(line).append('\n');
                }
                if (line.equals("  - id: " + broker)) {
                    for (String term : terms) {
                        yaml.append("    ").append(term).append('\n');
                    }
                }
            }
            // Never a part of it: the routers look at any time.
            Path whole = Files.writeString(file.resolveSibling("brokers.new"), yaml);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RouterService startRouter() {
        RouterService router = RouterService.start(settings, vertx, new SimpleMeterRegistry());
        open.add(router);
        return router;
    }

    /** A router that knows the schemas that {@code codec} knows. */
    RouterService startRouter(EventCodec codec) {
        RouterService router = RouterService.start(settings, vertx, new SimpleMeterRegistry(), Decoration.NONE, codec);
        open.add(router);
        return router;
    }

    /** A router in a separate JVM, started with {@code main}; its output goes to a file in {@code directory}. */
    Process forkRouter(Path directory, Class<?> main, String... arguments) throws IOException {
        Path kafka = directory.resolve("kafka.properties");
        // Once only: a router that was forked before reads it perhaps just now.
        if (Files.notExists(kafka)) {
            StringBuilder properties = new StringBuilder();
            SHORT_SESSION.forEach((name, value) ->
                    properties.append(name).append('=').append(value).append('\n'));
            Files.writeString(kafka, properties);
            Files.setPosixFilePermissions(kafka, PosixFilePermissions.fromString("rw-------"));
        }
        List<String> command = JvmOptions.command(main, "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("router-output.txt").toFile()));
        EventLogSettings eventLog = settings.eventLog();
        // What the developer or CI has set is not for this router, and an unknown name would stop it.
        builder.environment().keySet().removeIf(name -> name.startsWith(Setting.PREFIX));
        builder.environment()
                .putAll(Map.ofEntries(
                        Map.entry("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", eventLog.bootstrapServers()),
                        Map.entry("HANDOFF_KAFKA_CONFIG_FILE", kafka.toString()),
                        Map.entry("HANDOFF_TOPIC_PREFIX", eventLog.topicPrefix()),
                        Map.entry("HANDOFF_PARTITIONS", String.valueOf(eventLog.partitions())),
                        Map.entry("HANDOFF_REPLICATION_FACTOR", "1"),
                        Map.entry("HANDOFF_MAX_HOLD", eventLog.maximumHold().toString()),
                        Map.entry(
                                "HANDOFF_CUSTODY_FILE",
                                settings.custody().file().toString()),
                        Map.entry("HANDOFF_KEYSET_FILE", settings.keysetFile().toString()),
                        Map.entry(
                                "HANDOFF_BROKERS_FILE",
                                settings.directory().brokers().toString()),
                        Map.entry("HANDOFF_ROUTER_GROUP", "router"),
                        Map.entry("HANDOFF_ROUTER_HTTP_PORT", "0"),
                        Map.entry("HANDOFF_ROUTER_MAX_IN_FLIGHT", "16"),
                        Map.entry("HANDOFF_DELIVERY_ATTEMPT_TIMEOUT", "PT2S"),
                        Map.entry("HANDOFF_DELIVERY_BACKOFF_INITIAL", "PT0.02S"),
                        Map.entry("HANDOFF_DELIVERY_BACKOFF_MAXIMUM", "PT0.2S"),
                        Map.entry("HANDOFF_PARKING_INTERVAL", "PT1S")));
        return builder.start();
    }

    /**
     * Kills a forked router, if it lives still, and has Kafka forget its membership: the next one would only wait for the end of its
     * session.
     */
    void kill(Process router) throws Exception {
        if (!router.destroyForcibly().waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the router cannot be killed");
        }
        try (var admin = new KafkaClients(settings.eventLog()).admin("test-group")) {
            if (!members(admin).isEmpty()) {
                admin.removeMembersFromConsumerGroup(settings.group(), new RemoveMembersFromConsumerGroupOptions())
                        .all()
                        .get(20, TimeUnit.SECONDS);
            }
        }
    }

    /** How many members of the routers' group have partitions. */
    long membersWithPartitions() throws Exception {
        try (var admin = new KafkaClients(settings.eventLog()).admin("test-group")) {
            return members(admin).stream()
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .count();
        }
    }

    /**
     * None, if Kafka cannot say: a router that ended before it joined leaves no group, and what it printed says more; and where a busy
     * Kafka takes longer than the client waits, a test that awaits members asks again.
     */
    private List<MemberDescription> members(Admin admin) throws Exception {
        try {
            return admin
                    .describeConsumerGroups(Set.of(settings.group()))
                    .all()
                    .get(20, TimeUnit.SECONDS)
                    .values()
                    .stream()
                    .flatMap(group -> group.members().stream())
                    .toList();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof GroupIdNotFoundException
                    || failed.getCause() instanceof RetriableException) {
                return List.of();
            }
            throw failed;
        }
    }

    /** The distinct purges, by event id, of each signup. */
    Map<UUID, Set<String>> distinctPurges() {
        Map<UUID, Set<String>> distinct = new HashMap<>();
        purges().forEach(purged -> distinct.computeIfAbsent(SignupIds.uuid(purged.getSignupId()), id -> new HashSet<>())
                .add(EventId.of(purged)));
        return distinct;
    }

    List<SpecificRecord> events(Topic topic) {
        return published.of(topic);
    }

    List<SpecificRecord> events(Topic topic, UUID signupId) {
        return events(topic).stream()
                .filter(event -> EventId.signup(event).filter(signupId::equals).isPresent())
                .toList();
    }

    /** What is served of the topics with sealed data. */
    List<SpecificRecord> sealedRecords() {
        return Stream.of(Topic.SIGNUPS, Topic.SIGNUPS_PARKED)
                .flatMap(topic -> events(topic).stream())
                .filter(event -> !(event instanceof SegmentMarker))
                .toList();
    }

    List<Purged> purges() {
        return events(Topic.PURGES).stream()
                .filter(Purged.class::isInstance)
                .map(Purged.class::cast)
                .toList();
    }

    /** What routers said at their start. */
    List<CustodyExamined> examinations() {
        return events(Topic.PURGES).stream()
                .filter(CustodyExamined.class::isInstance)
                .map(CustodyExamined.class::cast)
                .toList();
    }

    /** A file where purges may claim more than the least: these tests are about what they then claim. */
    private static Path custodyFile(Path directory) {
        for (Path candidate : List.of(directory, Path.of("/dev/shm/handoff-" + UUID.randomUUID()))) {
            Path file = candidate.resolve("custody.slots");
            if (Preflight.ofPlace(file, directory.resolve("custody.keyset"), Instant.now())
                            .highest()
                    != PurgeCeiling.UNREADABLE) {
                file.toFile().deleteOnExit();
                candidate.toFile().deleteOnExit();
                return file;
            }
        }
        return Assumptions.abort(
                "neither " + directory + " nor /dev/shm is a place where purges may claim UNREACHABLE");
    }

    @Override
    public void close() {
        for (RouterService each : open) {
            each.close();
        }
        source.close();
        published.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
