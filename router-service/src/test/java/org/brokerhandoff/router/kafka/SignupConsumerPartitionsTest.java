package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.brokerhandoff.custody.owners.LeaseOutcome;
import org.brokerhandoff.custody.owners.PartitionLease;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.domain.PendingSignup;
import org.junit.jupiter.api.Test;

/** Partitions that are assigned, owned by another, and taken away. */
class SignupConsumerPartitionsTest extends ConsumeLoop {
    @Test
    void a_partition_that_could_not_be_asked_for_its_end_in_the_rebalance_is_consumed_all_the_same() {
        failingEnds.set(1);
        awaitDelivered(start(5, 5));
    }

    /** Its slots may wait for their purge since a crash, and no record comes that would have it adopted. */
    @Test
    void a_partition_that_could_not_be_asked_in_the_rebalance_is_taken_up_though_nothing_stands_in_it() {
        failingEnds.set(1);
        kafka.schedulePollTask(() -> {
            kafka.updateBeginningOffsets(Map.of(PARTITION, 7L));
            kafka.updateEndOffsets(Map.of(PARTITION, 7L));
            kafka.rebalance(List.of(PARTITION));
        });
        consumer.start();
        purges.start();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(cuts).contains(7L));
    }

    @Test
    void a_partition_that_another_still_owns_is_neither_worked_on_nor_cut_until_its_lease_is_given_back() {
        PartitionLease other = ((LeaseOutcome.Acquired) leases.tryAcquire(2)).lease();
        List<PendingSignup> signups = start(5, 5);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(leases.waiting()).containsKey(2));
        assertThat(kafka.paused()).contains(PARTITION);
        assertThat(delivered).isEmpty();
        assertThat(cuts).isEmpty();
        other.close();
        awaitDelivered(signups);
        assertThat(leases.waiting()).isEmpty();
    }

    /** As over several hosts, where a lease ends by time. */
    @Test
    void a_partition_whose_lease_has_ended_drains_and_is_taken_up_again_at_its_first_unfinished_record() {
        CompletableFuture<BrokerReply> late = new CompletableFuture<>();
        answer = signupId -> late;
        List<PendingSignup> signups = start(2, 2);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(delivered).hasSize(2));
        leases.end();
        await().atMost(LIMIT).until(() -> kafka.paused().contains(PARTITION));
        assertThat(leases.given()).as("what is under way keeps its lease").isEqualTo(1);
        assertThat(consumer.inFlight()).isEqualTo(2);
        answer = signupId -> CompletableFuture.completedFuture(ACCEPTED);
        late.complete(ACCEPTED);
        awaitDelivered(signups);
        assertThat(leases.given()).isEqualTo(2);
    }

    @Test
    void a_partition_that_is_taken_away_is_let_go_though_its_offset_cannot_be_committed() {
        failingCommits = true;
        kafka.schedulePollTask(() -> {
            kafka.updateBeginningOffsets(Map.of(PARTITION, 0L));
            kafka.updateEndOffsets(Map.of(PARTITION, 0L));
            kafka.rebalance(List.of(PARTITION));
        });
        List<PendingSignup> signups = List.of(signup());
        kafka.schedulePollTask(() -> kafka.addRecord(record(0, signups.get(0))));
        consumer.start();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(delivered).hasSize(1));
        kafka.schedulePollTask(() -> kafka.rebalance(List.of()));
        // Nothing is published here, so a waiting caller is released only because the partition is.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(purges.dueWithoutSlot(Examples.signup(UUID.randomUUID(), "first")))
                        .isCompleted());
    }
}
