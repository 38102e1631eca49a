package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.Reaction;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.sandbox.SandboxBrokerSettings;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker with a form of its own gets that form, from the sealed record on. */
class FieldMappingIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Anne Nordmann\",\"email\":\"kari@example.no\",\"phone\":\"+4791234567\","
                    + "\"country\":\"NO\",\"language\":\"nb-NO\",\"extra\":{\"city\":\"Bergen\",\"colour\":\"red\"}}";

    @TempDir
    Path directory;

    @Test
    void a_signup_arrives_as_the_brokers_mapping_has_it_signed_and_the_same_in_every_attempt() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            List<String> bodies = new CopyOnWriteArrayList<>();
            SandboxBroker broker = SandboxBroker.start(
                    fixture.vertx,
                    SandboxBrokerSettings.named("mapped")
                            .withSecrets(WebhookSecret.parse(Files.readString(directory.resolve("fjord.secret"))))
                            .withAnyBody()
                            .withInspector((id, body) -> bodies.add(body.toString()))
                            .withBehaviour(Behaviour.script(List.of(Reaction.fail(503)), Behaviour.accepting())));
            Files.writeString(directory.resolve("brokers.yaml"), """
                    brokers:
                      - id: mapped
                        name: Mapped AS
                        countries: ["*"]
                        transferBasis: {default: EEA}
                        privacyPolicy: https://mapped.example/privacy
                        endpoint: %s
                        secretFiles: [fjord.secret]
                        local: true
                        fields:
                          lead.id: signupId
                          lead.firstName: {from: firstName, otherwise: "-"}
                          lead.lastName: lastName
                          lead.phone: {from: phone, as: double-zero}
                          lead.address.country: {from: country, as: alpha-3}
                          lead.address.city: extra.city
                          lead.address.street: extra.street
                          consent.at: {from: consentGivenAt, as: epoch-seconds}
                          source: {constant: broker-handoff}
                    """.formatted(broker.endpoint()));
            fixture.startRouter();
            long before = Instant.now().getEpochSecond();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "mapped");
            UUID id = sent.signupId();
            long after = Instant.now().getEpochSecond();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> fixture.source.slot(sent.slot()).isEmpty());

            assertThat(bodies).hasSize(2);
            assertThat(List.copyOf(bodies).get(0))
                    .as("the repeat is the same, to the byte")
                    .isEqualTo(bodies.get(1))
                    .isIn(body(id, before), body(id, after));
            Books.Account account = broker.books().account(id).orElseThrow();
            assertThat(account.accepted()).isEqualTo(1);
            assertThat(account.idempotencyKeys()).containsExactly(id.toString());
            assertThat(broker.books().totals().badSignatures()).isZero();
            assertThat(broker.books().totals().badRequests()).isZero();
            assertThat(fixture.purges())
                    .singleElement()
                    .satisfies(purged -> assertThat(purged.getReason()).isEqualTo(PurgeReason.DELIVERED));
            assertThat(fixture.events(Topic.HANDOFFS))
                    .filteredOn(DirectoryPublished.class::isInstance)
                    .as("what was in force can be looked up: the mapping by its digest")
                    .allSatisfy(event -> assertThat(((DirectoryPublished) event)
                                    .getBrokers()
                                    .get(0)
                                    .getMappingDigest())
                            .isNotNull());
        }
    }

    private static String body(UUID id, long consentAt) {
        return ("{'lead':{'id':'" + id + "','firstName':'Kari Anne','lastName':'Nordmann','phone':'004791234567',"
                        + "'address':{'country':'NOR','city':'Bergen'}},'consent':{'at':" + consentAt
                        + "},'source':'broker-handoff'}")
                .replace('\'', '"');
    }
}
