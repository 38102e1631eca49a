package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.owners.FileLeases;
import org.brokerhandoff.custody.owners.LeaseOutcome;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two routers on one host, one group and one slot file, coming and going. */
class TwoRoutersIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";

    @TempDir
    Path directory;

    @Test
    void partitions_that_wander_between_them_cost_no_signup_its_one_broker_and_its_one_purge() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.flaky(0.3, 1).otherwise(Behaviour.losingReplies(0.2, 2)));
            RouterService first = fixture.startRouter();
            Set<UUID> ids = new HashSet<>();
            for (int i = 0; i < 150; i++) {
                ids.add(fixture.source
                        .send("NO", PERSON, "fjord-markets", "nordlys-invest")
                        .signupId());
                if (i == 50) {
                    fixture.startRouter();
                } else if (i == 100) {
                    first.close();
                }
            }
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> fixture.distinctPurges().keySet().containsAll(ids));
            Map<UUID, Set<String>> purges = fixture.distinctPurges();
            for (UUID id : ids) {
                assertThat(fixture.fjord.books().account(id).map(Books.Account::accepted))
                        .contains(1);
                assertThat(fixture.nordlys.books().account(id)).isEmpty();
                assertThat(purges.get(id)).hasSize(1);
            }
        }
    }

    /** Both make what they share, Kafka's topics and the files of custody, and neither may end for that, or be left without work. */
    @Tag("faults")
    @RepeatedTest(3)
    void two_that_start_at_the_same_moment_where_there_is_nothing_yet_both_get_partitions() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            List<Process> routers = List.of(
                    fixture.forkRouter(directory, RouterMain.class), fixture.forkRouter(directory, RouterMain.class));
            try {
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    assertThat(routers)
                            .as(Files.readString(directory.resolve("router-output.txt")))
                            .allMatch(Process::isAlive);
                    return fixture.membersWithPartitions() == 2;
                });
            } finally {
                routers.forEach(Process::destroyForcibly);
            }
        }
    }

    @Test
    void a_router_whose_partition_another_process_owns_says_so_until_it_gets_it() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1));
                PartitionLeases leases = FileLeases.open(
                        fixture.settings.custody().file(),
                        fixture.settings.eventLog().partitions())) {
            LeaseOutcome outcome = leases.tryAcquire(1);
            RouterService router = fixture.startRouter();
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(router.readiness().check())
                            .isEqualTo(Health.impaired(
                                    "waiting-for-lease", "partition 1 is still owned by this process")));
            ((LeaseOutcome.Acquired) outcome).lease().close();
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(router.readiness().check()).isEqualTo(Health.healthy()));
        }
    }

    @Test
    void a_router_whose_leases_mean_nothing_any_more_begins_no_attempt_and_says_so() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            RouterService router = fixture.startRouter();
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(router.readiness().check()).isEqualTo(Health.healthy()));
            Files.delete(FileLeases.of(fixture.settings.custody().file()));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(router.readiness().check().toString())
                            .contains("leases-lost", "was deleted while it was in use"));
            UUID signup = fixture.source.send("NO", PERSON, "fjord-markets").signupId();
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> fixture.fjord.books().account(signup).isEmpty());
        }
    }
}
