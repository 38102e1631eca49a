package org.brokerhandoff.router;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.Delivery.DeliverySettings;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.sandbox.SandboxBrokerSettings;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/** Topics, custody and two sandbox brokers of one test; the router is started by the test. */
final class RouterFixture implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final RouterSettings settings;
    final SandboxBroker fjord;
    final SandboxBroker nordlys;
    final SignupSource source;
    private final List<RouterService> open = new ArrayList<>();

    RouterFixture(Path directory, Duration hold) {
        this(directory, hold, TestKafka.shared().bootstrapServers());
    }

    RouterFixture(Path directory, Duration hold, String bootstrapServers) {
        WebhookSecret fjordSecret = WebhookSecret.random();
        WebhookSecret nordlysSecret = WebhookSecret.random();
        fjord = SandboxBroker.start(
                vertx, SandboxBrokerSettings.named("fjord-markets").withSecrets(fjordSecret));
        nordlys = SandboxBroker.start(
                vertx, SandboxBrokerSettings.named("nordlys-invest").withSecrets(nordlysSecret));
        try {
            Files.writeString(directory.resolve("fjord.secret"), fjordSecret.text());
            Files.writeString(directory.resolve("nordlys.secret"), nordlysSecret.text());
            Files.writeString(directory.resolve("brokers.yaml"), """
                    brokers:
                      - id: fjord-markets
                        name: Fjord Markets AS
                        countries: [NO, SE]
                        transferBasis: {default: EEA}
                        privacyPolicy: https://fjord-markets.example/privacy
                        endpoint: %s
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
                    """.formatted(fjord.endpoint(), nordlys.endpoint()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings = new RouterSettings(
                new EventLogSettings(
                        bootstrapServers, Map.of(), TestKafka.shared().randomTopicPrefix(), 3, 1, hold),
                new CustodySettings(directory.resolve("custody.slots"), 1024, 65_536),
                directory.resolve("custody.keyset"),
                directory.resolve("brokers.yaml"),
                "router-" + UUID.randomUUID(),
                256,
                new DeliverySettings(Duration.ofSeconds(2), new Backoff(Duration.ofMillis(20), Duration.ofMillis(200))),
                "127.0.0.1",
                0);
        try (var admin = new KafkaClients(settings.eventLog()).admin("test-provision")) {
            new TopicProvisioner(admin, settings.eventLog()).provision();
        }
        source = new SignupSource(settings);
    }

    RouterService startRouter() {
        RouterService router = RouterService.start(settings, vertx, new SimpleMeterRegistry());
        open.add(router);
        return router;
    }

    List<SpecificRecord> events(Topic topic) {
        List<SpecificRecord> events = new ArrayList<>();
        try (EventReader reader =
                new EventReader(new KafkaClients(settings.eventLog()), new EventCodec(), "test-reader")) {
            reader.readAll(List.of(topic), received -> {
                if (received.decoded() instanceof Decoded.Event event) {
                    events.add(event.event());
                }
            });
        }
        return events;
    }

    List<SpecificRecord> events(Topic topic, UUID signupId) {
        return events(topic).stream()
                .filter(event -> EventId.signup(event).filter(signupId::equals).isPresent())
                .toList();
    }

    List<Purged> purges() {
        return events(Topic.PURGES).stream().map(Purged.class::cast).toList();
    }

    @Override
    public void close() {
        for (RouterService each : open) {
            each.close();
        }
        source.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
