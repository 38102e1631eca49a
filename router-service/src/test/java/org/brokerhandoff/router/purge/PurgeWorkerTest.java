package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.time.Duration;
import java.util.Optional;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.HandoffEnd;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

/** Purges of erased slots. */
class PurgeWorkerTest extends PurgeWorkerCycles {
    @Test
    void an_erased_slot_is_cut_marked_verified_purged_and_freed_in_this_order() {
        Erased signup = erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        assertThat(cutter.starts).containsEntry(PARTITION, 41L);
        assertThat(cutter.markers).isEmpty();
        cycle(worker, Duration.ofSeconds(2));
        assertThat(cutter.markers).containsExactly(PARTITION);
        assertThat(log.purged).isEmpty();
        cycle(worker, Duration.ofMinutes(1));
        assertThat(log.purged)
                .singleElement()
                .satisfies(event -> assertThat(event.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE));
        assertThat(awaited(custody.read(signup.slot()))).isEmpty();
        cycle(worker, Duration.ofMinutes(1));
        assertThat(log.purged).hasSize(1);
        assertThat(cutter.cuts).isEqualTo(1);
    }

    @Test
    void where_no_more_than_unreadable_may_be_claimed_the_purge_does_not_wait_and_the_record_is_cut() {
        Erased signup = erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker(PurgeLevel.UNREADABLE);
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        assertThat(log.purged).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(PurgeLevel.UNREADABLE);
            assertThat(event.getStartOffset()).isNull();
        });
        assertThat(awaited(custody.read(signup.slot()))).isEmpty();
        assertThat(cutter.starts).containsEntry(PARTITION, 41L);
    }

    @Test
    void a_log_that_cannot_be_cut_does_not_keep_the_weaker_claim_from_being_made_in_time() {
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cutter.away = true;
        cycle(worker, Duration.ofSeconds(1));
        assertThat(log.purged).isEmpty();
        now = Examples.ERASE_BY.minusSeconds(149);
        cycle(worker, Duration.ZERO);
        assertThat(log.purged).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(PurgeLevel.UNREADABLE);
            assertThat(event.getPurgedAt()).isBefore(Examples.ERASE_BY);
        });
    }

    @Test
    void a_partition_without_a_leader_does_not_hold_up_the_others() {
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(1, 40)));
        Erased stuck = erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker();
        worker.assigned(1, finished(41));
        worker.assigned(PARTITION, finished(41));
        cutter.withoutLeader.add(PARTITION);
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged)
                .singleElement()
                .satisfies(event -> assertThat(event.getPartition()).isEqualTo(1));
        assertThat(awaited(custody.read(stuck.slot()))).isPresent();
    }

    @Test
    void a_purge_that_is_not_acknowledged_is_published_again_and_the_others_are_not() {
        Erased failing = erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 39)));
        Erased good = erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        log.failing.add(failing.signupId());
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        for (int i = 0; i < 3; i++) {
            cycle(worker, Duration.ofSeconds(61));
        }
        assertThat(log.purged).hasSize(1);
        assertThat(awaited(custody.read(good.slot()))).isEmpty();
        assertThat(awaited(custody.read(failing.slot()))).isPresent();
        log.failing.clear();
        cycle(worker, Duration.ofSeconds(1));
        assertThat(log.purged).hasSize(2);
        assertThat(awaited(custody.read(failing.slot()))).isEmpty();
    }

    @Test
    void of_a_signup_with_a_copy_that_was_set_aside_it_is_not_claimed_that_no_broker_serves_it() {
        Erased copied = erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        Erased other = erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 41)));
        setAside.add(copied.signupId());
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(42));
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getLevel())
                        .isEqualTo(
                                SignupIds.uuid(event.getSignupId()).equals(other.signupId())
                                        ? PurgeLevel.UNREACHABLE
                                        : PurgeLevel.UNREADABLE));
    }

    @Test
    void while_it_is_not_known_what_was_set_aside_no_more_than_unreadable_is_claimed_and_that_in_time() {
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        setAsideAway = true;
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofSeconds(61));
        assertClaimsUnreadableInTime(worker);
    }

    @Test
    void an_unrecorded_withdrawal_is_recorded_before_its_purge() {
        erased(EraseReason.WITHDRAWN, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.withdrawn).hasSize(1);
        assertThat(log.purged).hasSize(1);
    }

    @Test
    void what_a_handoff_tells_is_claimed_though_a_scan_found_the_slot_first() {
        Erased signup = erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        PendingSignup pending = Examples.signup(
                signup.signupId(), signup.slot(), Examples.KEY_EXPIRY, Examples.ERASE_BY, new byte[0], "a");
        worker.due(
                new HandoffEnd.Finished(
                        pending, awaited(custody.read(signup.slot())), Optional.of(custody.readBack()), false),
                awaited(custody.read(signup.slot())).orElseThrow());
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged)
                .singleElement()
                .satisfies(event -> assertThat(event.getEraseBy()).isEqualTo(Examples.ERASE_BY));
    }

    @Test
    void a_partition_whose_end_cannot_be_seen_does_not_keep_the_slots_of_others_from_being_found() {
        erased(EraseReason.EXPIRED, Optional.empty());
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(1, 40)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        worker.assigned(1, finished(41));
        cutter.away = true;
        cycle(worker, Duration.ofSeconds(31));
        assertThat(worker.pending()).isEqualTo(1);
    }

    @Test
    void a_clock_that_is_set_back_does_not_put_the_scan_off() {
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        now = now.minus(Duration.ofHours(1));
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        cycle(worker, Duration.ofSeconds(1));
        assertThat(worker.pending()).isEqualTo(1);
    }
}
