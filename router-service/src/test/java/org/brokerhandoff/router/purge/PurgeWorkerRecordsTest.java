package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

/** Purges of records that have no slot, and of slots that have no record. */
class PurgeWorkerRecordsTest extends PurgeWorkerCycles {
    /** The partition is stopped at a record of a newer version, so it is unknown what comes after it. */
    @Test
    void a_slot_without_a_position_is_purged_in_time_though_its_partition_is_not_consumed() {
        erased(EraseReason.EXPIRED, Optional.empty());
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, new CompletionTracker(7));
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofMinutes(1));
        assertClaimsUnreadableInTime(worker);
    }

    @Test
    void a_slot_whose_record_never_came_is_purged_once_all_that_was_published_has_been_consumed() {
        Erased orphan = erased(EraseReason.EXPIRED, Optional.empty());
        PurgeWorker worker = worker();
        CompletionTracker tracker = new CompletionTracker(990);
        tracker.begin(990);
        worker.assigned(PARTITION, tracker);
        cycle(worker, Duration.ofSeconds(29));
        assertThat(log.purged).isEmpty();
        cycle(worker, Duration.ofSeconds(10));
        cycle(worker, Duration.ofSeconds(10));
        assertThat(log.purged).as("not all is consumed").isEmpty();
        // Traffic continues, and the record at 990 is stuck at its broker: neither matters.
        cutter.end = 5_000;
        tracker.begin(999);
        cycle(worker, Duration.ofSeconds(10));
        assertThat(log.purged).singleElement().satisfies(event -> {
            assertThat(event.getOffset()).isNull();
            assertThat(event.getLevel()).isEqualTo(PurgeLevel.UNREADABLE);
        });
        assertThat(awaited(custody.read(orphan.slot()))).isEmpty();
    }

    @Test
    void a_record_without_a_slot_is_finished_only_when_its_purge_is_acknowledged() {
        PendingSignup signup = Examples.signup(UUID.randomUUID(), "a");
        log.failing.add(signup.signupId());
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, new CompletionTracker(40));
        CompletableFuture<Boolean> acknowledged = worker.dueWithoutSlot(signup).toCompletableFuture();
        cycle(worker, Duration.ofSeconds(1));
        assertThat(acknowledged).isNotDone();
        log.failing.clear();
        cycle(worker, Duration.ofSeconds(1));
        assertThat(acknowledged).isCompletedWithValue(true);
        assertThat(log.purged).hasSize(1);
    }

    @Test
    void a_record_whose_slot_is_somebody_elses_by_now_and_that_signup_are_each_purged() {
        Erased later = erased(EraseReason.WITHDRAWN, Optional.of(LogPosition.inSignups(PARTITION, 41)));
        PendingSignup earlier = Examples.signup(
                UUID.randomUUID(), later.slot(), Examples.KEY_EXPIRY, Examples.ERASE_BY, new byte[0], "a");
        log.failing.add(later.signupId());
        PurgeWorker worker = worker(PurgeLevel.UNREADABLE);
        worker.assigned(PARTITION, finished(40));
        CompletableFuture<Boolean> acknowledged = worker.dueWithoutSlot(earlier).toCompletableFuture();
        cycle(worker, Duration.ZERO);
        assertThat(acknowledged).isCompleted();
        assertThat(log.purged)
                .singleElement()
                .satisfies(
                        event -> assertThat(SignupIds.uuid(event.getSignupId())).isEqualTo(earlier.signupId()));
        assertThat(awaited(custody.read(later.slot()))).isPresent();
        log.failing.clear();
        cycle(worker, Duration.ofSeconds(1));
        assertThat(log.purged.stream().map(event -> SignupIds.uuid(event.getSignupId())))
                .containsExactly(earlier.signupId(), later.signupId());
        assertThat(log.withdrawn.stream().map(event -> SignupIds.uuid(event.getSignupId())))
                .containsOnly(later.signupId());
        assertThat(awaited(custody.read(later.slot()))).isEmpty();
    }

    @Test
    void a_record_whose_purge_is_not_published_when_the_partition_goes_does_not_count_as_finished() {
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, new CompletionTracker(40));
        CompletableFuture<Boolean> acknowledged =
                worker.dueWithoutSlot(Examples.signup(UUID.randomUUID(), "a")).toCompletableFuture();
        worker.revoked(PARTITION);
        assertThat(acknowledged).isCompletedWithValue(false);
    }
}
