package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.Reaction;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The router as a process that dies without warning, at any time and while it takes a signup back. */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
class RouterKilledIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";
    private static final int SIGNUPS_PER_KILL = 40;
    private static final int KILLS = LongRuns.instead(3, 20);

    @TempDir
    Path directory;

    @Test
    void however_often_it_is_killed_every_signup_reaches_one_broker_and_ends_in_one_purge() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.flaky(0.2, 1)
                    .otherwise(Behaviour.losingReplies(0.1, 2))
                    .otherwise(Behaviour.refusing(0.2, 3)));
            fixture.nordlys.behave(Behaviour.losingReplies(0.2, 4));
            Set<UUID> ids = ConcurrentHashMap.newKeySet();
            for (int kill = 0; kill < KILLS; kill++) {
                long enough = deliveries(fixture) + SIGNUPS_PER_KILL / 2;
                // While the router starts and works, and more than it has to deliver before it is killed.
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < SIGNUPS_PER_KILL; i++) {
                        ids.add(fixture.source
                                .send("NO", PERSON, "fjord-markets", "nordlys-invest")
                                .signupId());
                    }
                });
                Process router = fixture.forkRouter(directory, RouterMain.class);
                try {
                    await().atMost(Duration.ofSeconds(90))
                            .pollInterval(Duration.ofMillis(2))
                            .until(() -> deliveries(fixture) >= enough || !router.isAlive());
                    assertThat(router.isAlive()).as("killed, not ended").isTrue();
                } finally {
                    fixture.kill(router);
                }
                sending.get(60, TimeUnit.SECONDS);
            }
            Process last = fixture.forkRouter(directory, RouterMain.class);
            try {
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> fixture.distinctPurges().keySet().containsAll(ids));
            } finally {
                fixture.kill(last);
            }
            check(fixture, ids);
        }
    }

    private static long deliveries(RouterFixture fixture) {
        return fixture.fjord.books().totals().deliveries()
                + fixture.nordlys.books().totals().deliveries();
    }

    private static void check(RouterFixture fixture, Set<UUID> ids) {
        Map<UUID, Set<String>> purges = fixture.distinctPurges();
        for (UUID id : ids) {
            long accepted = List.of(fixture.fjord, fixture.nordlys).stream()
                    .filter(broker -> broker.books()
                            .account(id)
                            .filter(Books.Account::isAccepted)
                            .isPresent())
                    .count();
            assertThat(accepted).as("brokers that have %s", id).isEqualTo(1);
            assertThat(purges.get(id)).as("purges of %s", id).hasSize(1);
        }
        assertThat(purges).hasSize(ids.size());
        assertThat(fixture.purges()).allSatisfy(purged -> {
            assertThat(purged.getReason()).isEqualTo(PurgeReason.DELIVERED);
            assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
        });
    }

    /** A request that was lost, and then a broker that is gone: it is asked until it is certain that it has nothing. */
    @ParameterizedTest
    @EnumSource(
            value = FaultyRouterMain.Fault.class,
            names = {"LAST_ANSWER_ACKNOWLEDGED", "RELEASED_ACKNOWLEDGED"})
    void killed_at_any_arrow_of_a_release_one_other_broker_gets_the_signup(FaultyRouterMain.Fault fault)
            throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.script(List.of(new Reaction.DropConnection()), Behaviour.gone()));
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");
            Process router = fixture.forkRouter(directory, FaultyRouterMain.class, fault.name());
            try {
                assertThat(router.waitFor(120, TimeUnit.SECONDS)).isTrue();
                assertThat(router.exitValue()).isEqualTo(FaultyRouterMain.HALTED);
            } finally {
                fixture.kill(router);
            }
            assertThat(fixture.nordlys.books().account(sent.signupId())).isEmpty();
            fixture.startRouter();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> fixture.source.slot(sent.slot()).isEmpty());
            assertThat(fixture.nordlys
                            .books()
                            .account(sent.signupId())
                            .orElseThrow()
                            .accepted())
                    .isEqualTo(1);
            assertThat(fixture.fjord.books().account(sent.signupId()).filter(Books.Account::isAccepted))
                    .isEmpty();
            assertThat(fixture.events(Topic.HANDOFFS, sent.signupId()).stream()
                            .filter(Released.class::isInstance)
                            .map(EventId::of)
                            .distinct())
                    .hasSize(1);
            assertThat(fixture.purges())
                    .singleElement()
                    .satisfies(purged -> assertThat(purged.getReason()).isEqualTo(PurgeReason.DELIVERED));
        }
    }
}
