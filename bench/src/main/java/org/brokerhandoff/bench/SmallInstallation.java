package org.brokerhandoff.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.brokerhandoff.embeddedkafka.EmbeddedKafka;
import org.brokerhandoff.embeddedkafka.EmbeddedKafkaSettings;
import org.brokerhandoff.erasure.ErasureAgent;
import org.brokerhandoff.erasure.ErasureAgentSettings;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ingest.IngestService;
import org.brokerhandoff.ingest.IngestSettings;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.quickstart.installation.LocalInstallation;
import org.brokerhandoff.quickstart.installation.ReceivingBroker;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.quickstart.observe.LifeObserver;
import org.brokerhandoff.quickstart.traffic.WebsiteClient;
import org.brokerhandoff.registerservice.RegisterService;
import org.brokerhandoff.registerservice.RegisterServiceSettings;
import org.brokerhandoff.router.RouterService;
import org.brokerhandoff.router.RouterSettings;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.sandbox.SandboxBrokerSettings;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.schemas.EventCodec;

/** A complete installation in this process: Kafka, all services, an agent, sandbox brokers and a website. For tests that need a log and no load. */
final class SmallInstallation implements AutoCloseable {
    /** Vert.x and Kafka, which are started first. */
    private static final int BESIDE_WRITERS = 2;

    private static final Duration LOOK_PERIOD = Duration.ofMillis(250);
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    final Path directory;
    private final Vertx vertx;
    final LocalInstallation installation;
    final Map<String, SandboxBroker> brokers = new LinkedHashMap<>();
    final WebsiteClient website;
    final KafkaClients clients;
    final EventCodec codec = new EventCodec();
    final int ingestPort;
    private final LifeObserver observer;

    /** Starts everything in an emptied folder, or leaves nothing running. */
    SmallInstallation(Path directory, List<RigBroker> entrants, Map<String, String> further) throws IOException {
        try {
            this.directory = directory.toAbsolutePath();
            Rig.empty(this.directory);
            vertx = Vertx.vertx();
            open.push(() ->
                    vertx.close().toCompletionStage().toCompletableFuture().join());
            EmbeddedKafka kafka =
                    opened(EmbeddedKafka.start(EmbeddedKafkaSettings.in(this.directory.resolve("kafka"))));
            List<ReceivingBroker> receiving = new ArrayList<>();
            for (RigBroker entrant : entrants) {
                WebhookSecret secret = WebhookSecret.random();
                SandboxBroker broker = opened(SandboxBroker.start(
                        vertx,
                        SandboxBrokerSettings.named(entrant.id())
                                .withSecrets(secret)
                                .withBehaviour(entrant.behaviour())));
                brokers.put(entrant.id(), broker);
                receiving.add(new ReceivingBroker(
                        entrant.id(),
                        entrant.id(),
                        List.of("*"),
                        broker.endpoint(),
                        secret.text(),
                        entrant.priority(),
                        entrant.weight(),
                        entrant.terms()));
            }
            Map<String, String> settings =
                    new HashMap<>(Map.of("HANDOFF_HTTP_PORT", "0", "HANDOFF_ROUTER_HTTP_PORT", "0"));
            settings.putAll(further);
            installation = LocalInstallation.create(
                    this.directory, kafka.bootstrapServers(), receiving, Duration.ofMinutes(30), settings);
            SettingsReader forIngest = SettingsReader.of(installation.environment(), Service.INGEST);
            clients = new KafkaClients(EventLogConfiguration.read(forIngest));
            IngestService ingest = opened(IngestService.start(IngestSettings.from(forIngest), vertx));
            ingestPort = ingest.port();
            open.push(RegisterService.start(
                    RegisterServiceSettings.read(
                            SettingsReader.of(installation.environment(), Service.REGISTER_SERVICE)),
                    vertx,
                    new SimpleMeterRegistry()));
            // Before the router: its first purges need an agent that reports.
            opened(ErasureAgent.start(new ErasureAgentSettings(
                    clients.settings(), List.of(kafka.logDirectory()), LOOK_PERIOD, HEARTBEAT)));
            open.push(RouterService.start(
                    RouterSettings.read(SettingsReader.of(installation.environment(), Service.ROUTER)),
                    vertx,
                    new SimpleMeterRegistry()));
            website = opened(website(ingestPort));
            website.publishPolicy(Rig.POLICY_VERSION, "bench", Instant.now().minusSeconds(60))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            observer = opened(LifeObserver.start(clients, codec));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** A further ingest service, as on another host: it shares none of the first one's files but API keys and what is published. */
    WebsiteClient anotherIngest() {
        Map<String, String> environment = new HashMap<>(installation.environment());
        Path host = directory.resolve("another-host");
        environment.put("HANDOFF_CUSTODY_FILE", host.resolve("custody.slots").toString());
        environment.put(
                "HANDOFF_IDEMPOTENCY_FILE", host.resolve("idempotency.db").toString());
        IngestService another =
                opened(IngestService.start(IngestSettings.from(SettingsReader.of(environment, Service.INGEST)), vertx));
        return opened(website(another.port()));
    }

    private WebsiteClient website(int port) {
        return new WebsiteClient(
                vertx,
                "127.0.0.1",
                port,
                16,
                installation.websiteKey(),
                installation.adminKey(),
                Duration.ofMillis(200));
    }

    /** The broker of this id. */
    SandboxBroker broker(String id) {
        return Objects.requireNonNull(brokers.get(id));
    }

    /** Whether the log has the purge of a signup. */
    boolean purged(UUID signupId) {
        return observer.life(signupId).flatMap(Life::purged).isPresent();
    }

    /** Stops everything but Kafka: nothing writes any more. */
    void stopWriters() {
        close(BESIDE_WRITERS);
    }

    <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    @Override
    public void close() {
        close(0);
    }

    private void close(int left) {
        while (open.size() > left) {
            try {
                open.pop().close();
            } catch (Exception e) {
                System.err.println("not closed cleanly: " + e.getClass().getSimpleName());
            }
        }
    }
}
