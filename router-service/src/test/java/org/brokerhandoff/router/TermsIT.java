package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.PingMade;
import org.brokerhandoff.event.PingOutcome;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.PingBehaviour;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A broker's caps, hours and ping, against real brokers and a real Kafka. */
@Execution(ExecutionMode.CONCURRENT)
class TermsIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private static long accepted(SandboxBroker broker) {
        return broker.books().accounts().filter(Books.Account::isAccepted).count();
    }

    private static UUID send(RouterFixture fixture, String... brokers) {
        return fixture.source.send("NO", PERSON, brokers).signupId();
    }

    private static void awaitPurges(RouterFixture fixture, Set<UUID> ids) {
        await().atMost(LIMIT).until(() -> fixture.distinctPurges().keySet().containsAll(ids));
    }

    /** A day of the cap's zone ends while a test runs once in a great while; the daily cap would then allow more. */
    @Tag("faults")
    @Test
    void two_routers_that_are_killed_never_exceed_a_cap_and_use_it_up() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.terms("fjord-markets", "caps: {daily: 12}");
            fixture.fjord.behave(Behaviour.losingReplies(0.2, 3).otherwise(Behaviour.refusing(0.3, 4)));
            Set<UUID> ids = new HashSet<>();
            Process killed = fixture.forkRouter(directory, RouterMain.class);
            fixture.startRouter();
            for (int i = 0; i < 60; i++) {
                ids.add(send(fixture, "fjord-markets", "nordlys-invest"));
            }
            await().atMost(LIMIT).until(() -> fixture.fjord.books().totals().deliveries() >= 3);
            killed.destroyForcibly().waitFor();
            awaitPurges(fixture, ids);
            assertThat(accepted(fixture.fjord)).isLessThanOrEqualTo(12);
            // The refused place is available for the next one.
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
                ids.add(send(fixture, "fjord-markets", "nordlys-invest"));
                return accepted(fixture.fjord) >= 12;
            });
            for (int i = 0; i < 10; i++) {
                ids.add(send(fixture, "fjord-markets", "nordlys-invest"));
            }
            awaitPurges(fixture, ids);
            assertThat(accepted(fixture.fjord)).isEqualTo(12);
            assertThat(accepted(fixture.fjord) + accepted(fixture.nordlys)).isEqualTo(ids.size());
            assertThat(fixture.events(Topic.PLACES))
                    .anyMatch(PlaceRequested.class::isInstance)
                    .as("refusals give their places back")
                    .anyMatch(PlaceReleased.class::isInstance);
        }
    }

    @Test
    void while_all_are_closed_a_signup_waits_and_goes_out_once_a_new_directory_opens_one() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.terms("fjord-markets", RouterFixture.closed());
            fixture.startRouter();
            UUID id = send(fixture, "fjord-markets");
            await().atMost(LIMIT)
                    .until(() -> fixture.events(Topic.HANDOFFS, id).stream().anyMatch(Parked.class::isInstance));
            List<?> waiting = fixture.events(Topic.HANDOFFS, id);
            assertThat(waiting).hasSize(2);
            assertThat(waiting.get(0)).isInstanceOfSatisfying(Postponed.class, postponed -> {
                assertThat(postponed.getExclusions()).contains(new Exclusion("fjord-markets", ExclusionReason.CLOSED));
                assertThat(postponed.getUntil()).isNotNull();
            });
            assertThat(waiting.get(1)).isInstanceOfSatisfying(Parked.class, parked -> {
                assertThat(parked.getReason()).isEqualTo(ParkingReason.NO_BROKER_NOW);
                assertThat(parked.getBroker()).isNull();
            });
            fixture.terms("fjord-markets", "hours: {zone: UTC, open: [\"Mon-Sun 00:00-24:00\"]}");
            awaitPurges(fixture, Set.of(id));
            assertThat(accepted(fixture.fjord)).isEqualTo(1);
            assertThat(fixture.events(Topic.HANDOFFS))
                    .filteredOn(DirectoryPublished.class::isInstance)
                    .hasSize(2);
            assertThat(fixture.events(Topic.HANDOFFS, id))
                    .filteredOn(Postponed.class::isInstance)
                    .hasSize(1);
        }
    }

    @Test
    void a_broker_that_declines_a_ping_never_sees_the_person_and_its_place_is_free_again() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.terms("fjord-markets", "ping: true", "caps: {daily: 1}");
            fixture.fjord.behaveOnPings(country -> PingBehaviour.Reaction.REJECT);
            fixture.startRouter();
            UUID declined = send(fixture, "fjord-markets", "nordlys-invest");
            awaitPurges(fixture, Set.of(declined));
            assertThat(fixture.fjord.books().account(declined)).isEmpty();
            assertThat(fixture.nordlys.books().account(declined).orElseThrow().isAccepted())
                    .isTrue();
            assertThat(fixture.events(Topic.HANDOFFS, declined))
                    .filteredOn(PingMade.class::isInstance)
                    .singleElement()
                    .isInstanceOfSatisfying(PingMade.class, ping -> {
                        assertThat(ping.getOutcome()).isEqualTo(PingOutcome.DECLINED);
                        assertThat(ping.getStatus()).isEqualTo(409);
                    });
            await().atMost(LIMIT)
                    .until(() -> fixture.events(Topic.PLACES).stream().anyMatch(PlaceReleased.class::isInstance));

            fixture.fjord.behaveOnPings(country -> PingBehaviour.Reaction.ACCEPT);
            UUID wanted = send(fixture, "fjord-markets", "nordlys-invest");
            awaitPurges(fixture, Set.of(wanted));
            assertThat(fixture.fjord.books().account(wanted).orElseThrow().isAccepted())
                    .isTrue();
            assertThat(fixture.fjord.books().pings()).isEqualTo(2);
            assertThat(fixture.fjord.books().totals().badRequests()).isZero();
        }
    }
}
