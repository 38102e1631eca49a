package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Signups whose broker is down leave the main topic, and nothing of them is lost or left over. */
@Execution(ExecutionMode.CONCURRENT)
class ParkingIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";

    @TempDir
    Path directory;

    private static Set<UUID> purged(RouterFixture fixture) {
        return fixture.purges().stream()
                .map(purged -> SignupIds.uuid(purged.getSignupId()))
                .collect(Collectors.toSet());
    }

    private static Purged purge(RouterFixture fixture, UUID signupId) {
        List<Purged> purges = fixture.purges().stream()
                .filter(purged -> SignupIds.uuid(purged.getSignupId()).equals(signupId))
                .toList();
        assertThat(purges).hasSize(1);
        return purges.get(0);
    }

    private static Set<UUID> send(RouterFixture fixture, int count, String broker) {
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            ids.add(fixture.source.send("NO", PERSON, broker).signupId());
        }
        return ids;
    }

    @Test
    void a_broker_that_is_down_holds_up_nobody_elses_purge_and_gets_its_signups_when_it_is_back() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.unavailable());
            fixture.startRouter();
            Set<UUID> waiting = new HashSet<>();
            Set<UUID> others = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                waiting.addAll(send(fixture, 3, "fjord-markets"));
                others.addAll(send(fixture, 3, "nordlys-invest"));
            }
            await().atMost(LIMIT).until(() -> purged(fixture).containsAll(others));
            assertThat(purged(fixture)).isEqualTo(others);
            assertThat(fixture.events(Topic.SIGNUPS))
                    .isNotEmpty()
                    .noneMatch(event -> event instanceof org.brokerhandoff.event.SealedSignup);

            fixture.fjord.behave(Behaviour.accepting());
            await().atMost(LIMIT).until(() -> purged(fixture).containsAll(waiting));
            for (UUID id : waiting) {
                assertThat(fixture.fjord.books().account(id).orElseThrow().accepted())
                        .isEqualTo(1);
                Purged purged = purge(fixture, id);
                assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
                assertThat(purged.getReason()).isEqualTo(PurgeReason.DELIVERED);
                assertThat(purged.getParked().getStartOffset())
                        .isGreaterThanOrEqualTo(purged.getParked().getEndOffset());
                assertThat(fixture.events(Topic.HANDOFFS, id))
                        .filteredOn(Parked.class::isInstance)
                        .hasSize(1);
            }
            assertThat(fixture.sealedRecords()).isEmpty();
        }
    }

    @Test
    void a_parked_signup_can_be_withdrawn_and_expires_in_time() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofSeconds(40))) {
            fixture.fjord.behave(Behaviour.unavailable());
            fixture.startRouter();
            SignupSource.Sent withdrawn = fixture.source.send("NO", PERSON, "fjord-markets");
            SignupSource.Sent expiring = fixture.source.send("NO", PERSON, "fjord-markets");
            await().atMost(LIMIT)
                    .until(() -> fixture.source
                            .slot(withdrawn.slot())
                            .flatMap(slot -> slot.position())
                            .filter(position -> position.parked())
                            .isPresent());
            fixture.source
                    .custody()
                    .erase(withdrawn.slot(), withdrawn.signupId(), EraseReason.WITHDRAWN)
                    .toCompletableFuture()
                    .join();
            await().atMost(LIMIT)
                    .until(() -> purged(fixture).containsAll(Set.of(withdrawn.signupId(), expiring.signupId())));
            assertThat(purge(fixture, withdrawn.signupId()).getReason()).isEqualTo(PurgeReason.WITHDRAWN);
            Purged expired = purge(fixture, expiring.signupId());
            assertThat(expired.getReason()).isEqualTo(PurgeReason.EXPIRED);
            assertThat(expired.getPurgedAt()).isBefore(expired.getEraseBy());
            assertThat(fixture.purges())
                    .allSatisfy(purged -> assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE));
            assertThat(fixture.sealedRecords()).isEmpty();
            assertThat(fixture.fjord
                            .books()
                            .account(expiring.signupId())
                            .orElseThrow()
                            .isAccepted())
                    .isFalse();
        }
    }

    @Test
    void another_router_that_takes_over_goes_on_with_what_is_parked() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.unavailable());
            List<UUID> ids = new ArrayList<>();
            try (RouterService first = fixture.startRouter()) {
                ids.addAll(send(fixture, 20, "fjord-markets"));
                await().atMost(LIMIT)
                        .until(() -> fixture.events(Topic.HANDOFFS).stream()
                                        .filter(Parked.class::isInstance)
                                        .count()
                                >= 20);
                assertThat(first.unfinished()).isGreaterThanOrEqualTo(0);
            }
            fixture.fjord.behave(Behaviour.accepting());
            fixture.startRouter();
            await().atMost(LIMIT).until(() -> purged(fixture).containsAll(ids));
            assertThat(ids)
                    .allSatisfy(id -> assertThat(fixture.fjord
                                    .books()
                                    .account(id)
                                    .orElseThrow()
                                    .accepted())
                            .isEqualTo(1));
            assertThat(fixture.sealedRecords()).isEmpty();
        }
    }
}
