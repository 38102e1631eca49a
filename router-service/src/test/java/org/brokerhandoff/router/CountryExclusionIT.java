package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.router.directory.InvalidDirectory;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A country's rules exclude a broker: nothing from there reaches it, and the log says by which rules. */
class CountryExclusionIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\",\"language\":\"nb\"}";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private static RouterSettings under(Path countries, RouterSettings settings) {
        return new RouterSettings(
                settings.eventLog(),
                settings.custody(),
                settings.keysetFile(),
                new RouterSettings.Directory(
                        settings.directory().brokers(),
                        Optional.of(countries),
                        settings.directory().period()),
                settings.group(),
                settings.maximumInFlight(),
                settings.erasureWait(),
                settings.delivery(),
                settings.proxy(),
                settings.parkingInterval(),
                settings.httpHost(),
                settings.httpPort(),
                settings.tracing());
    }

    private Path write(String rules) throws IOException {
        Path whole = Files.writeString(directory.resolve("countries.new"), rules);
        return Files.move(whole, directory.resolve("countries.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static <E extends SpecificRecord> Stream<E> of(RouterFixture fixture, Topic topic, Class<E> type) {
        return fixture.events(topic).stream().filter(type::isInstance).map(type::cast);
    }

    private static UUID sent(RouterFixture fixture, String... recipients) {
        SignupSource.Sent sent = fixture.source.send("NO", PERSON, recipients);
        await().atMost(LIMIT).until(() -> fixture.source.slot(sent.slot()).isEmpty());
        return sent.signupId();
    }

    private static <E extends SpecificRecord> E decision(RouterFixture fixture, UUID signup, Class<E> type) {
        return fixture.events(Topic.HANDOFFS, signup).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_excluded_broker_gets_nothing_until_the_rule_is_taken_back_and_no_restart_is_needed() throws Exception {
        Path countries = write("countries: {NO: {excludedRecipients: [fjord-markets]}, DE: {minimumAge: 16}}\n");
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1));
                RouterService router = RouterService.start(
                        under(countries, fixture.settings), fixture.vertx, new SimpleMeterRegistry())) {
            UUID first = sent(fixture, "fjord-markets", "nordlys-invest");
            Assigned toOther = decision(fixture, first, Assigned.class);
            assertThat(toOther.getBroker()).isEqualTo("nordlys-invest");
            assertThat(toOther.getExclusions())
                    .containsExactly(new Exclusion("fjord-markets", ExclusionReason.EXCLUDED_IN_COUNTRY));

            UUID alone = sent(fixture, "fjord-markets");
            assertThat(decision(fixture, alone, Undeliverable.class).getExclusions())
                    .contains(new Exclusion("fjord-markets", ExclusionReason.EXCLUDED_IN_COUNTRY));
            assertThat(fixture.purges())
                    .extracting(purged -> purged.getReason())
                    .containsExactlyInAnyOrder(PurgeReason.DELIVERED, PurgeReason.UNDELIVERABLE);
            assertThat(fixture.fjord.books().account(first)).isEmpty();
            assertThat(fixture.fjord.books().account(alone)).isEmpty();

            CountryRulesPublished rules = of(fixture, Topic.CONSENTS, CountryRulesPublished.class)
                    .findFirst()
                    .orElseThrow();
            assertThat(CountryRules.of(rules).countriesExcluding("fjord-markets"))
                    .containsExactly("NO");
            assertThat(CountryRules.of(rules).of(Optional.of("DE")).minimumAge())
                    .contains(16);

            write("countries: {DE: {minimumAge: 16}}\n");
            await().atMost(LIMIT)
                    .until(() -> of(fixture, Topic.HANDOFFS, DirectoryPublished.class)
                                    .count()
                            == 2);
            await().atMost(LIMIT).untilAsserted(() -> {
                UUID next = sent(fixture, "fjord-markets", "nordlys-invest");
                assertThat(decision(fixture, next, Assigned.class).getBroker()).isEqualTo("fjord-markets");
            });
            assertThat(of(fixture, Topic.HANDOFFS, DirectoryPublished.class)
                            .flatMap(version -> version.getBrokers().stream())
                            .filter(broker -> broker.getId().equals("fjord-markets"))
                            .map(PublishedBroker::getExcludedIn)
                            .toList())
                    .containsExactly(List.of("NO"), List.of());
            assertThat(of(fixture, Topic.CONSENTS, CountryRulesPublished.class)).hasSize(2);
            assertThat(router.readiness().check().toString()).doesNotContain("directory-invalid");
        }
    }

    @Test
    void a_router_that_is_given_no_file_says_nothing_of_rules_and_one_with_a_wrong_file_does_not_start()
            throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            Path wrong = write("countries: {NO: {minimumAge: 99}}\n");
            assertThatThrownBy(() -> RouterService.start(
                            under(wrong, fixture.settings), fixture.vertx, new SimpleMeterRegistry()))
                    .isInstanceOf(InvalidDirectory.class)
                    .hasMessageContaining("countries.yaml /countries/NO/minimumAge");
            fixture.startRouter();
            sent(fixture, "fjord-markets");
            assertThat(of(fixture, Topic.CONSENTS, CountryRulesPublished.class)).isEmpty();
        }
    }
}
