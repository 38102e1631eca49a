package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.brokerhandoff.custody.owners.FileLeases;
import org.brokerhandoff.custody.owners.LeaseOutcome;
import org.brokerhandoff.custody.owners.PartitionLease;
import org.brokerhandoff.router.deliver.PartitionShare;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountedLeasesTest {
    @TempDir
    Path directory;

    private static PartitionLease acquired(CountedLeases leases, int partition) {
        return ((LeaseOutcome.Acquired) leases.tryAcquire(partition)).lease();
    }

    @Test
    void a_lease_counts_from_when_it_was_acquired_until_it_is_given_back_or_has_ended() {
        EndingLeases ending = new EndingLeases(FileLeases.open(directory.resolve("custody.slots"), 4));
        try (CountedLeases leases = new CountedLeases(ending, 4)) {
            assertThat(leases.share().owned()).isEmpty();
            assertThat(leases.share().all()).isEqualTo(4);
            PartitionLease first = acquired(leases, 1);
            acquired(leases, 2);
            assertThat(leases.share().owned())
                    .extracting(PartitionShare.Owned::partition)
                    .containsOnly(1, 2);
            assertThat(leases.tryAcquire(1)).isInstanceOf(LeaseOutcome.Refused.class);
            PartitionShare before = leases.share();
            first.close();
            assertThat(leases.share().owned())
                    .extracting(PartitionShare.Owned::partition)
                    .containsOnly(2);
            acquired(leases, 1);
            assertThat(leases.share().owned())
                    .as("another lease is another part")
                    .hasSize(2)
                    .isNotEqualTo(before.owned());
            ending.end();
            assertThat(leases.share().owned()).isEmpty();
        }
    }

    @Test
    void of_two_routers_one_alone_counts_a_partition() {
        Path file = directory.resolve("custody.slots");
        try (CountedLeases one = new CountedLeases(FileLeases.open(file, 2), 2);
                CountedLeases other = new CountedLeases(FileLeases.open(file, 2), 2)) {
            acquired(one, 0);
            assertThat(other.tryAcquire(0)).isInstanceOf(LeaseOutcome.Refused.class);
            assertThat(other.share().owned()).isEmpty();
        }
    }
}
