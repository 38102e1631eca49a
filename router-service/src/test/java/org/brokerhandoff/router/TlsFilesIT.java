package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.sandbox.SandboxBrokerSettings;
import org.brokerhandoff.sandbox.SandboxCertificate;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates on both sides, from the files that the directory names, as a whole router uses them. */
class TlsFilesIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final SandboxCertificate OF_BROKER = SandboxCertificate.make(SandboxCertificate.Kind.GOOD);
    private static final Certificates.Issued AUTHORITY = Certificates.authority("authority of clients");
    private static final Certificates.Issued STRANGER = Certificates.authority("another authority");

    @TempDir
    Path directory;

    private SandboxBroker broker(RouterFixture fixture, boolean asking) throws IOException {
        SandboxBrokerSettings settings = SandboxBrokerSettings.named("fjord-markets")
                .withHost("localhost")
                .withSecrets(WebhookSecret.parse(Files.readString(directory.resolve("fjord.secret"))))
                .withCertificate(OF_BROKER);
        return SandboxBroker.start(
                fixture.vertx, asking ? settings.withClientAuthorities(AUTHORITY.certificatePem()) : settings);
    }

    private static String entry(String id, SandboxBroker broker, String tls) {
        return """
                - id: %s
                  name: %1$s
                  countries: ["*"]
                  transferBasis: {default: EEA}
                  privacyPolicy: https://%1$s.example/privacy
                  endpoint: %s
                  secretFiles: [fjord.secret]
                  local: true
                  tls: %s
                """.formatted(id, broker.endpoint(), tls);
    }

    /** Writes {@code name.pem} and {@code name.key}. */
    private void write(String name, Certificates.Issued certificate) throws IOException {
        Files.writeString(directory.resolve(name + ".pem"), certificate.certificatePem());
        PrivateFiles.write(directory.resolve(name + ".key"), certificate.keyPem());
    }

    private static UUID send(RouterFixture fixture, String broker) {
        return fixture.source.send("NO", PERSON, broker).signupId();
    }

    private static void awaitDelivered(RouterFixture fixture, UUID id) {
        await().atMost(LIMIT)
                .until(() -> fixture.events(Topic.HANDOFFS, id).stream().anyMatch(Delivered.class::isInstance));
    }

    private static void awaitAttempt(RouterFixture fixture, UUID id) {
        await().atMost(LIMIT)
                .until(() -> fixture.events(Topic.HANDOFFS, id).stream().anyMatch(AttemptMade.class::isInstance));
    }

    @Test
    void a_broker_that_asks_for_a_certificate_gets_people_from_nobody_who_has_not_the_right_one() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            SandboxBroker broker = broker(fixture, true);
            Files.writeString(directory.resolve("ca.pem"), OF_BROKER.pem());
            write("own", AUTHORITY.issue("handoff.example"));
            write("wrong", STRANGER.issue("handoff.example"));
            Files.writeString(
                    directory.resolve("brokers.yaml"),
                    "brokers:\n"
                            + entry("with-none", broker, "{caFile: ca.pem}")
                            + entry(
                                    "with-another",
                                    broker,
                                    "{caFile: ca.pem, certificateFile: wrong.pem, keyFile: wrong.key}")
                            + entry("with-it", broker, "{caFile: ca.pem, certificateFile: own.pem, keyFile: own.key}"));
            UUID none = send(fixture, "with-none");
            UUID another = send(fixture, "with-another");
            UUID right = send(fixture, "with-it");
            fixture.startRouter();
            awaitDelivered(fixture, right);
            awaitAttempt(fixture, none);
            awaitAttempt(fixture, another);
            assertThat(broker.books().accounts().map(Books.Account::signupId)).containsExactly(right);
            assertThat(fixture.events(Topic.HANDOFFS))
                    .filteredOn(Delivered.class::isInstance)
                    .hasSize(1);
        }
    }

    @Test
    void files_that_are_replaced_under_a_running_router_are_those_of_the_next_connection() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            SandboxBroker plain = broker(fixture, false);
            SandboxBroker asking = broker(fixture, true);
            Path authority = Files.writeString(directory.resolve("ca.pem"), STRANGER.certificatePem());
            Files.writeString(directory.resolve("asking-ca.pem"), OF_BROKER.pem());
            write("own", STRANGER.issue("handoff.example"));
            Files.writeString(
                    directory.resolve("brokers.yaml"),
                    "brokers:\n"
                            + entry("new-authority", plain, "{caFile: ca.pem}")
                            + entry(
                                    "new-certificate",
                                    asking,
                                    "{caFile: asking-ca.pem, certificateFile: own.pem, keyFile: own.key}"));
            UUID first = send(fixture, "new-authority");
            UUID second = send(fixture, "new-certificate");
            fixture.startRouter();
            awaitAttempt(fixture, first);
            awaitAttempt(fixture, second);
            assertThat(plain.books().accounts()).isEmpty();
            assertThat(asking.books().accounts()).isEmpty();

            Files.writeString(authority, OF_BROKER.pem());
            // One file after the other: a certificate without its key is no version of the directory.
            write("own", AUTHORITY.issue("handoff.example"));
            awaitDelivered(fixture, first);
            awaitDelivered(fixture, second);
            assertThat(plain.books().account(first).orElseThrow().accepted()).isEqualTo(1);
            assertThat(asking.books().account(second).orElseThrow().accepted()).isEqualTo(1);
            assertThat(fixture.events(Topic.HANDOFFS, first))
                    .filteredOn(AttemptMade.class::isInstance)
                    .as("who is not known to be the broker is sent nothing")
                    .allSatisfy(event ->
                            assertThat(((AttemptMade) event).getOutcome()).isEqualTo(AttemptOutcome.NOT_SENT));
            assertThat(fixture.events(Topic.HANDOFFS))
                    .filteredOn(DirectoryPublished.class::isInstance)
                    .as("no decision rests on them: the published directory is the same")
                    .hasSize(1);
        }
    }
}
