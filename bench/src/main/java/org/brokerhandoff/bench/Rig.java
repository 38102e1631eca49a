package org.brokerhandoff.bench;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.brokerhandoff.bench.hosts.Host;
import org.brokerhandoff.bench.hosts.Hosts;
import org.brokerhandoff.embeddedkafka.EmbeddedKafkaSettings;
import org.brokerhandoff.embeddedkafka.KafkaCluster;
import org.brokerhandoff.embeddedkafka.KafkaProcess;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.quickstart.installation.LocalInstallation;
import org.brokerhandoff.quickstart.installation.ReceivingBroker;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.quickstart.observe.LifeObserver;
import org.brokerhandoff.quickstart.traffic.WebsiteClient;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.sandbox.SandboxBrokerSettings;
import org.brokerhandoff.sandbox.SandboxCertificate;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.schemas.EventCodec;

/** A complete installation of real processes – Kafka, ingest, router, register service – with sandbox brokers and a website in this one. */
final class Rig implements AutoCloseable {
    static final String POLICY_VERSION = "bench-1";
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    final Path directory;
    final Vertx vertx;
    /** All Kafka brokers. */
    final List<KafkaProcess> kafka;

    final LocalInstallation installation;
    private final List<String> javaOptions;
    private final Hosts hosts;
    final Map<String, SandboxBroker> brokers = new LinkedHashMap<>();
    private final Map<String, SandboxBrokerSettings> brokerSettings = new LinkedHashMap<>();
    final ServiceProcess ingest;
    final ServiceProcess router;
    /** All routers, {@link #router} first. */
    final List<ServiceProcess> routers = new ArrayList<>();

    final ServiceProcess register;
    /** All register services, {@link #register} first. */
    final List<ServiceProcess> registers = new ArrayList<>();

    final WebsiteClient website;
    final KafkaClients clients;
    final EventCodec codec = new EventCodec();
    final LifeObserver observer;

    /**
     * Starts everything in an emptied folder.
     *
     * @param behaviours the brokers, by id, with their behaviour; all serve every country
     * @param connections connections of the website
     * @param further settings that override the defaults
     */
    Rig(Path directory, Map<String, Behaviour> behaviours, int connections, Map<String, String> further)
            throws IOException, InterruptedException {
        this(directory, behaviours, connections, further, List.of());
    }

    /** As above, with options for the services' JVMs. */
    Rig(
            Path directory,
            Map<String, Behaviour> behaviours,
            int connections,
            Map<String, String> further,
            List<String> javaOptions)
            throws IOException, InterruptedException {
        this(
                directory,
                behaviours.entrySet().stream()
                        .map(broker -> new RigBroker(broker.getKey(), broker.getValue(), 1, 1, List.of(), false))
                        .toList(),
                connections,
                further,
                javaOptions,
                1);
    }

    /**
     * As above, with brokers that differ in the directory, and with several routers.
     *
     * @param routerCount number of routers
     */
    Rig(
            Path directory,
            List<RigBroker> entrants,
            int connections,
            Map<String, String> further,
            List<String> javaOptions,
            int routerCount)
            throws IOException, InterruptedException {
        this(RigSettings.in(directory, entrants, connections)
                .withServices(new RigSettings.Services(routerCount, 1, further, javaOptions)));
    }

    /** Starts what {@code settings} specify, or leaves nothing running. */
    Rig(RigSettings rig) throws IOException, InterruptedException {
        try {
            this.directory = rig.directory().toAbsolutePath();
            empty(this.directory);
            vertx = Vertx.vertx();
            open.push(() ->
                    vertx.close().toCompletionStage().toCompletableFuture().join());
            hosts = rig.hosts();
            kafka = kafka(rig.kafkaBrokers());
            List<ReceivingBroker> receiving = new ArrayList<>();
            Path authorities = this.directory.resolve("certificate.pem");
            Optional<SandboxCertificate> certificate = rig.brokers().stream().anyMatch(RigBroker::tls)
                    ? Optional.of(SandboxCertificate.make(SandboxCertificate.Kind.GOOD))
                    : Optional.empty();
            if (certificate.isPresent()) {
                Files.writeString(authorities, certificate.get().pem());
            }
            rig.brokers().forEach(entrant -> {
                String id = entrant.id();
                WebhookSecret secret = WebhookSecret.random();
                SandboxBrokerSettings plain = SandboxBrokerSettings.named(id)
                        .withHost(hosts.own())
                        .withSecrets(secret)
                        .withBehaviour(entrant.behaviour());
                SandboxBrokerSettings own = entrant.tls() ? plain.withCertificate(certificate.orElseThrow()) : plain;
                List<String> terms = new ArrayList<>(entrant.terms());
                if (entrant.tls()) {
                    terms.add("tls: {caFile: \"" + authorities + "\"}");
                }
                SandboxBroker broker = opened(SandboxBroker.start(vertx, own));
                brokers.put(id, broker);
                brokerSettings.put(id, own.withPort(broker.port()));
                receiving.add(new ReceivingBroker(
                        id,
                        id,
                        List.of("*"),
                        broker.endpoint(),
                        secret.text(),
                        entrant.priority(),
                        entrant.weight(),
                        terms));
            });
            receiving.addAll(rig.elsewhere());
            int ingestPort = LoopbackPorts.free();
            Map<String, String> settings = new HashMap<>(Map.of(
                    "HANDOFF_HTTP_PORT",
                    String.valueOf(ingestPort),
                    "HANDOFF_DELIVERY_BACKOFF_MAXIMUM",
                    "PT2S",
                    "HANDOFF_LOG_LEVEL",
                    "INFO"));
            settings.put("HANDOFF_REPLICATION_FACTOR", String.valueOf(rig.kafkaBrokers()));
            settings.putAll(rig.services().further());
            installation = LocalInstallation.create(
                    this.directory,
                    kafka.stream().map(KafkaProcess::bootstrapServers).collect(Collectors.joining(",")),
                    receiving,
                    Duration.ofMinutes(30),
                    settings);
            javaOptions = rig.services().javaOptions();
            ingest = service("ingest", "org.brokerhandoff.ingest.Main", "HANDOFF_HTTP_PORT", ingestPort);
            for (int number = 1; number <= rig.services().routers(); number++) {
                addRouter();
            }
            router = routers.get(0);
            for (int number = 1; number <= rig.services().registers(); number++) {
                addRegister();
            }
            register = registers.get(0);
            // Sequentially: the first one creates the topics.
            ingest.bringUp(START_LIMIT);
            for (ServiceProcess each : registers) {
                each.bringUp(START_LIMIT);
            }
            for (ServiceProcess each : routers) {
                each.bringUp(START_LIMIT);
            }
            clients = new KafkaClients(
                    EventLogConfiguration.read(SettingsReader.of(installation.environment(), Service.INGEST)));
            website = opened(new WebsiteClient(
                    vertx,
                    ingest.host().address(),
                    ingestPort,
                    rig.connections(),
                    installation.websiteKey(),
                    installation.adminKey(),
                    Duration.ofMillis(200)));
            website.publishPolicy(POLICY_VERSION, "bench", Instant.now().minusSeconds(60))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            observer = opened(LifeObserver.start(clients, codec));
        } catch (IOException | InterruptedException | RuntimeException e) {
            // Processes must not outlive a failed start: there is no rig to close.
            close();
            throw e;
        }
    }

    private List<KafkaProcess> kafka(int brokers) {
        if (brokers == 1) {
            return List.of(opened(KafkaProcess.start(
                    EmbeddedKafkaSettings.in(directory.resolve("kafka")).withHost(hosts.own()))));
        }
        KafkaCluster cluster = opened(KafkaCluster.start(directory.resolve("kafka"), brokers, Map.of()));
        return IntStream.rangeClosed(1, brokers).mapToObj(cluster::broker).toList();
    }

    /** A further router, not started yet. */
    ServiceProcess addRouter() throws IOException, InterruptedException {
        return added(routers, "router", "org.brokerhandoff.router.RouterMain", "HANDOFF_ROUTER_HTTP_PORT");
    }

    private void addRegister() throws IOException, InterruptedException {
        var unused = added(
                registers,
                "register",
                "org.brokerhandoff.registerservice.RegisterServiceMain",
                "HANDOFF_REGISTER_HTTP_PORT");
    }

    private ServiceProcess added(List<ServiceProcess> to, String kind, String main, String portSetting)
            throws IOException, InterruptedException {
        String name = to.isEmpty() ? kind : kind + "-" + (to.size() + 1);
        ServiceProcess added = service(name, main, portSetting, LoopbackPorts.free());
        to.add(added);
        return added;
    }

    /** A service that is not started yet. */
    ServiceProcess service(String name, String main, String portSetting, int port)
            throws IOException, InterruptedException {
        Host host = hosts.host(name);
        Map<String, String> environment = new HashMap<>(installation.environment());
        environment.put(portSetting, String.valueOf(port));
        environment.put("HANDOFF_HTTP_HOST", host.address());
        environment.put("HANDOFF_OPERATIONS_HOST", host.address());
        if (hosts.separate()) {
            Path local = Files.createDirectories(directory.resolve("hosts").resolve(name));
            environment.put(
                    "HANDOFF_CUSTODY_FILE", local.resolve("custody.slots").toString());
        }
        return opened(new ServiceProcess(
                name,
                main,
                javaOptions,
                environment,
                directory.resolve(name + ".log"),
                host,
                "http://" + host.address() + ":" + port + "/health/ready"));
    }

    /** The broker of this id. */
    SandboxBroker broker(String id) {
        return Objects.requireNonNull(brokers.get(id));
    }

    /** Changes a broker's behaviour from now on. */
    void behave(String id, Behaviour behaviour) {
        Objects.requireNonNull(brokers.get(id)).behave(behaviour);
    }

    /** Stops a broker: connections to its port are refused from now on. */
    void stopBroker(String id) {
        Objects.requireNonNull(brokers.get(id)).close();
    }

    /** Starts a stopped broker on its port, with empty books. */
    void startBroker(String id) {
        brokers.put(id, opened(SandboxBroker.start(vertx, Objects.requireNonNull(brokerSettings.get(id)))));
    }

    /** The books of a broker. */
    Books books(String id) {
        return Objects.requireNonNull(brokers.get(id)).books();
    }

    /** The brokers that have accepted a signup, by their books. */
    List<String> takers(UUID signupId) {
        return brokers.entrySet().stream()
                .filter(broker -> broker.getValue()
                        .books()
                        .account(signupId)
                        .filter(Books.Account::isAccepted)
                        .isPresent())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether the log has the purge of a signup. */
    boolean purged(UUID signupId) {
        return observer.life(signupId).flatMap(Life::purged).isPresent();
    }

    /** Waits until {@code condition} holds, and names {@code what} it waited for if it gives up after {@code patience}. */
    static boolean waitFor(BooleanSupplier condition, Duration patience, String what) throws InterruptedException {
        Instant deadline = Instant.now().plus(patience);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                System.out.println("gave up waiting for " + what);
                return false;
            }
            Thread.sleep(100);
        }
        return true;
    }

    /** Has {@code part} closed with the rig, before what was opened earlier. */
    <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    static void empty(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<Path> paths;
        try (Stream<Path> below = Files.walk(directory)) {
            paths = below.sorted(Comparator.reverseOrder())
                    .filter(path -> !path.equals(directory))
                    .toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                System.err.println("not closed cleanly: " + e.getClass().getSimpleName());
            }
        }
    }
}
