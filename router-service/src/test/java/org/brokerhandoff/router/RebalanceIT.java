package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Partitions that go while signups are in progress, with real consumers: taken away in a rebalance, lost because the group has thrown
 * the router out, lost because the process was stopped for longer than its session, and given up at a shutdown. A record that was
 * cut unseen would show as a signup that expires, or is never purged.
 */
@Execution(ExecutionMode.CONCURRENT)
class RebalanceIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    Path directory;

    private final Set<UUID> ids = new HashSet<>();

    private void send(RouterFixture fixture, int count) {
        for (int i = 0; i < count; i++) {
            ids.add(fixture.source.send("NO", PERSON, "fjord-markets").signupId());
        }
    }

    private void assertNothingIsLost(RouterFixture fixture) {
        await().atMost(LIMIT).until(() -> fixture.distinctPurges().keySet().containsAll(ids));
        Map<UUID, Set<String>> purges = fixture.distinctPurges();
        for (UUID id : ids) {
            assertThat(fixture.fjord.books().account(id).map(Books.Account::accepted))
                    .contains(1);
            assertThat(purges.get(id)).hasSize(1);
        }
        assertThat(fixture.purges()).extracting(Purged::getReason).containsOnly(PurgeReason.DELIVERED);
    }

    @Test
    void a_router_that_the_group_throws_out_again_and_again_loses_no_signup() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1));
                Admin admin = new KafkaClients(fixture.settings.eventLog()).admin("test-admin")) {
            fixture.fjord.behave(Behaviour.flaky(0.4, 1).otherwise(Behaviour.losingReplies(0.2, 2)));
            fixture.startRouter();
            fixture.startRouter();
            for (int round = 0; round < LongRuns.instead(3, 20); round++) {
                long enough = fixture.fjord.books().totals().deliveries() + 5;
                send(fixture, 25);
                await().atMost(LIMIT)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> fixture.fjord.books().totals().deliveries() >= enough);
                // Thrown out by the round before, they may not be back yet; a removal of no member is an error.
                await("a router is a member").atMost(LIMIT).until(() -> fixture.membersWithPartitions() > 0);
                // Their next heartbeat is answered with "unknown member": the partitions are lost, not revoked.
                admin.removeMembersFromConsumerGroup(
                                fixture.settings.group(), new RemoveMembersFromConsumerGroupOptions())
                        .all()
                        .get(20, TimeUnit.SECONDS);
            }
            assertNothingIsLost(fixture);
        }
    }

    /** Kafka gives a stopped router's partitions to the other one. It may have a request in progress, and so it still owns them. */
    @Tag("faults")
    @Test
    void a_stopped_routers_partitions_wait_until_it_goes_on_or_is_killed_and_no_signup_is_lost() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.flaky(0.4, 3).otherwise(Behaviour.losingReplies(0.2, 4)));
            List<Process> routers = List.of(
                    fixture.forkRouter(directory, RouterMain.class), fixture.forkRouter(directory, RouterMain.class));
            try {
                for (Process stopped : routers) {
                    boolean last = stopped.equals(routers.get(1));
                    await("both have partitions").atMost(LIMIT).until(() -> fixture.membersWithPartitions() == 2);
                    long enough = fixture.fjord.books().totals().deliveries() + 10;
                    send(fixture, 40);
                    await().atMost(LIMIT)
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> fixture.fjord.books().totals().deliveries() >= enough);
                    signal(stopped, "STOP");
                    send(fixture, 20);
                    await("Kafka has given the other all partitions")
                            .atMost(LIMIT)
                            .until(() -> fixture.membersWithPartitions() == 1);
                    send(fixture, 20);
                    assertThat(fixture.distinctPurges().keySet())
                            .as("what the stopped one owns is left alone")
                            .isNotEqualTo(ids);
                    if (last) {
                        stopped.destroyForcibly();
                    } else {
                        signal(stopped, "CONT");
                    }
                    await("what waited is worked on")
                            .atMost(LIMIT)
                            .until(() -> fixture.distinctPurges().keySet().containsAll(ids));
                }
                send(fixture, 20);
                assertNothingIsLost(fixture);
            } finally {
                for (Process router : routers) {
                    router.destroyForcibly();
                    assertThat(router.waitFor(20, TimeUnit.SECONDS)).isTrue();
                }
            }
        }
    }

    @Test
    void a_router_that_shuts_down_while_its_broker_does_not_answer_leaves_what_it_has_to_the_next() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.flaky(0.9, 5));
            for (int round = 0; round < 3; round++) {
                RouterService router = fixture.startRouter();
                long enough = fixture.fjord.books().totals().deliveries() + 5;
                send(fixture, 20);
                await().atMost(LIMIT)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> fixture.fjord.books().totals().deliveries() >= enough);
                router.close();
            }
            fixture.fjord.behave(Behaviour.losingReplies(0.1, 6));
            fixture.startRouter();
            assertNothingIsLost(fixture);
        }
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
