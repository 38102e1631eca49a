package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.sandbox.SandboxBrokerSettings;
import org.brokerhandoff.sandbox.SandboxCertificate;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole router behind a real proxy: what goes through it, what it sees, and what is still checked here. */
@Execution(ExecutionMode.CONCURRENT)
class ProxyIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** For {@code elsewhere.example}, a name that only the proxy can find. */
    private static final SandboxCertificate CERTIFICATE = SandboxCertificate.make(SandboxCertificate.Kind.WRONG_HOST);

    @TempDir
    Path directory;

    /** The same settings, with a proxy. */
    private static RouterSettings behind(String proxy, RouterSettings settings) {
        return new RouterSettings(
                settings.eventLog(),
                settings.custody(),
                settings.keysetFile(),
                settings.directory(),
                settings.group(),
                settings.maximumInFlight(),
                settings.erasureWait(),
                settings.delivery(),
                Optional.of(proxy),
                settings.parkingInterval(),
                settings.httpHost(),
                settings.httpPort(),
                settings.tracing());
    }

    private static UUID send(RouterFixture fixture, String broker) {
        return fixture.source.send("NO", PERSON, broker).signupId();
    }

    private static String entry(String id, String endpoint, String... more) {
        return """
                - id: %s
                  name: %1$s
                  countries: ["*"]
                  transferBasis: {default: EEA}
                  privacyPolicy: https://%1$s.example/privacy
                  endpoint: %s
                  secretFiles: [fjord.secret]
                """.formatted(id, endpoint) + String.join("\n", more).indent(2);
    }

    @ParameterizedTest(name = "{0}, login {1}")
    @CsvSource({"http, ''", "http, proxy-user:p%40ss:word", "socks5, ''", "socks5, proxy-user:p%40ss:word"})
    void brokers_that_are_not_local_are_reached_by_it_and_it_learns_their_names_and_nothing_of_the_people(
            String scheme, String login) throws Exception {
        Optional<String> needed = Optional.of(login.replace("%40", "@")).filter(text -> !text.isEmpty());
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1));
                TunnelProxy proxy = new TunnelProxy(scheme, needed)) {
            SandboxBroker broker = SandboxBroker.start(
                    fixture.vertx,
                    SandboxBrokerSettings.named("elsewhere")
                            .withCertificate(CERTIFICATE)
                            .withSecrets(WebhookSecret.parse(Files.readString(directory.resolve("fjord.secret")))));
            for (String name : List.of("elsewhere.example:443", "other.example:443", "elsewhere.example:8443")) {
                proxy.route(name, broker.port());
            }
            Files.writeString(directory.resolve("ca.pem"), CERTIFICATE.pem());
            String trusted = "tls: {caFile: ca.pem}";
            Files.writeString(
                    directory.resolve("brokers.yaml"),
                    "brokers:\n"
                            + entry("right", "https://elsewhere.example/handoffs", trusted)
                            + entry("other-name", "https://other.example/handoffs", trusted)
                            + entry("unknown-authority", "https://elsewhere.example:8443/handoffs")
                            + entry("name-inside", "https://localhost:" + broker.port() + "/handoffs", trusted)
                            + entry("address-inside", "https://127.0.0.1:" + broker.port() + "/handoffs", trusted)
                            + entry("nearby", fixture.fjord.endpoint().toString(), "local: true"));
            UUID right = send(fixture, "right");
            UUID nearby = send(fixture, "nearby");
            List<UUID> unsendable = Stream.of("other-name", "unknown-authority", "name-inside", "address-inside")
                    .map(id -> send(fixture, id))
                    .toList();
            String at = login.isEmpty() ? "" : login + "@";
            try (RouterService router = RouterService.start(
                    behind(scheme + "://" + at + "127.0.0.1:" + proxy.port(), fixture.settings),
                    fixture.vertx,
                    new SimpleMeterRegistry())) {
                for (UUID id : List.of(right, nearby)) {
                    await().atMost(LIMIT)
                            .until(() ->
                                    fixture.events(Topic.HANDOFFS, id).stream().anyMatch(Delivered.class::isInstance));
                }
                for (UUID id : unsendable) {
                    await().atMost(LIMIT)
                            .until(() -> fixture.events(Topic.HANDOFFS, id).stream()
                                    .anyMatch(AttemptMade.class::isInstance));
                    assertThat(fixture.events(Topic.HANDOFFS, id))
                            .filteredOn(AttemptMade.class::isInstance)
                            .allSatisfy(event -> assertThat(((AttemptMade) event).getOutcome())
                                    .isEqualTo(AttemptOutcome.NOT_SENT));
                }
                assertThat(router.unfinished()).isNotNegative();
            }

            assertThat(broker.books().accounts().map(Books.Account::signupId)).containsExactly(right);
            assertThat(broker.books().totals().badSignatures()).isZero();
            assertThat(fixture.fjord.books().accounts().map(Books.Account::signupId))
                    .containsExactly(nearby);
            assertThat(proxy.asked)
                    .as("names, which are the proxy's to judge; no address inside, and nothing of a local broker")
                    .containsOnly(
                            "elsewhere.example:443",
                            "other.example:443",
                            "elsewhere.example:8443",
                            "localhost:" + broker.port())
                    .contains("elsewhere.example:443", "other.example:443", "elsewhere.example:8443")
                    .contains("localhost:" + broker.port());
            assertThat(proxy.seen())
                    .as("what went through it")
                    .contains("elsewhere.example")
                    .hasSizeGreaterThan(2_000)
                    .doesNotContain("Kari", "Nordmann", "kari@example.no", "/handoffs", "webhook", "accepted")
                    .doesNotContain(right.toString());
        }
    }
}
