package org.brokerhandoff.custody.cells.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.owners.LeaseHolder;
import org.brokerhandoff.custody.owners.LeaseOutcome;
import org.brokerhandoff.custody.owners.PartitionLease;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases of two routers over a real database, which is stopped. */
class TokenLeasesIT {
    private static final Duration TIME = Duration.ofSeconds(6);

    @TempDir
    static Path folder;

    private static DatabaseProcess database;
    private static DecisionStore oneHost;
    private static DecisionStore otherHost;

    @BeforeAll
    static void start() {
        DatabaseProcess.assumeInstalled();
        database = DatabaseProcess.start(folder.resolve("primary"));
        oneHost = DecisionStore.open(database.settings(Duration.ofSeconds(2)));
        otherHost = DecisionStore.open(database.settings(Duration.ofSeconds(2)));
    }

    @AfterAll
    static void stop() {
        if (otherHost != null) {
            oneHost.close();
            otherHost.close();
        }
        if (database != null) {
            database.close();
        }
    }

    private static PartitionLeases leases(DecisionStore host) {
        return TokenLeases.start(host.leases(UUID.randomUUID()), 8, TIME);
    }

    private static PartitionLease acquired(PartitionLeases leases, int partition) {
        AtomicReference<PartitionLease> lease = new AtomicReference<>();
        await().atMost(60, TimeUnit.SECONDS).until(() -> {
            if (leases.tryAcquire(partition) instanceof LeaseOutcome.Acquired acquired) {
                lease.set(acquired.lease());
                return true;
            }
            return false;
        });
        return Objects.requireNonNull(lease.get());
    }

    private static long token(PartitionLease lease) {
        return lease.fence().map(FencingToken::token).orElseThrow();
    }

    @Test
    void one_of_two_routers_has_a_partition_as_long_as_it_runs_and_the_other_once_it_is_given_back() {
        try (PartitionLeases one = leases(oneHost);
                PartitionLeases other = leases(otherHost)) {
            PartitionLease first = acquired(one, 3);
            long began = System.nanoTime();
            await().atMost(60, TimeUnit.SECONDS).until(() -> {
                assertThat(other.tryAcquire(3)).isInstanceOf(LeaseOutcome.Refused.class);
                return System.nanoTime() - began
                        > TIME.multipliedBy(3).dividedBy(2).toNanos();
            });
            assertThat(other.waiting()).containsKey(3);
            assertThat(first.held()).as("it was prolonged").isTrue();
            assertThat(one.tryAcquire(3)).isEqualTo(new LeaseOutcome.Refused(new LeaseHolder.ThisProcess()));
            first.close();
            assertThat(first.held()).isFalse();
            PartitionLease second = acquired(other, 3);
            assertThat(token(second)).isGreaterThan(token(first));
            assertThat(other.waiting()).isEmpty();
            second.close();
        }
    }

    @Test
    void a_lease_that_was_not_taken_up_is_given_back_when_it_is_not_wanted_any_more() {
        try (PartitionLeases one = leases(oneHost);
                PartitionLeases other = leases(otherHost)) {
            assertThat(one.tryAcquire(5)).isInstanceOf(LeaseOutcome.Refused.class);
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> !database.ask("SELECT count(*) FROM partition_lease WHERE log_partition = 5")
                            .equals("0"));
            one.abandon(5);
            acquired(other, 5).close();
        }
    }

    @Test
    void a_lease_that_could_not_be_prolonged_in_time_is_lost_for_good_and_its_partition_can_be_acquired_again() {
        try (PartitionLeases one = leases(oneHost);
                PartitionLeases other = leases(otherHost)) {
            PartitionLease first = acquired(one, 4);
            database.signal("STOP");
            try {
                await().atMost(60, TimeUnit.SECONDS).until(() -> !first.held());
                assertThat(one.look()).isEqualTo(Optional.empty());
            } finally {
                database.signal("CONT");
            }
            assertThat(one.tryAcquire(4))
                    .as("what was begun under it has not ended")
                    .isEqualTo(new LeaseOutcome.Refused(new LeaseHolder.ThisProcess()));
            PartitionLease second = acquired(other, 4);
            assertThat(first.held()).isFalse();
            first.close();
            second.close();
            assertThat(token(acquired(one, 4))).isGreaterThan(token(second));
        }
    }
}
