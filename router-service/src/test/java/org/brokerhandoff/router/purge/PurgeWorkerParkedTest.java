package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.HandoffEnd;
import org.brokerhandoff.router.purge.CompletionTracker.Finish;
import org.junit.jupiter.api.Test;

/** Purges of signups that were parked. */
class PurgeWorkerParkedTest extends PurgeWorkerCycles {
    @Test
    void a_signup_that_was_parked_is_claimed_when_all_that_stood_in_the_parked_topic_is_cut() {
        Erased signup = erased(EraseReason.WITHDRAWN, Optional.of(LogPosition.inParked(PARTITION, 6)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        CompletionTracker parked = new CompletionTracker(6);
        parked.begin(6);
        parked.begin(7);
        worker.assignedParked(PARTITION, parked);
        cutter.end = 41;
        parkedCutter.end = 8;
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged).as("the copy is not finished").isEmpty();
        parked.complete(6, Finish.COPY_MOVED_ON);
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged)
                .as("nor is another, which may be one of the same signup")
                .isEmpty();
        parked.complete(7, Finish.ended(UUID.randomUUID()));
        parkedCutter.end = 9;
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
            assertThat(event.getOffset()).isNull();
            assertThat(event.getPartition()).isEqualTo(PARTITION);
            assertThat(event.getParked().getEndOffset()).isEqualTo(8);
            assertThat(event.getParked().getStartOffset()).isEqualTo(8);
        });
        assertThat(awaited(custody.read(signup.slot()))).isEmpty();
    }

    /** The scan finds the slot while the last attempt is in progress; when that fails a copy is written, behind the end that was seen. */
    @Test
    void a_copy_that_was_written_after_the_scan_had_found_the_slot_is_covered_too() {
        Erased signup = erased(EraseReason.WITHDRAWN, Optional.of(LogPosition.inParked(PARTITION, 6)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        CompletionTracker parked = new CompletionTracker(6);
        parked.begin(6);
        worker.assignedParked(PARTITION, parked);
        cutter.end = 41;
        parkedCutter.end = 7;
        cycle(worker, Duration.ZERO);
        parkedCutter.end = 8;
        PendingSignup pending = Examples.signup(
                signup.signupId(), signup.slot(), Examples.KEY_EXPIRY, Examples.ERASE_BY, new byte[0], "a");
        worker.due(
                new HandoffEnd.Finished(pending, awaited(custody.read(signup.slot())), Optional.empty(), true),
                awaited(custody.read(signup.slot())).orElseThrow());
        parked.complete(6, Finish.COPY_MOVED_ON);
        parked.begin(7);
        cycle(worker, Duration.ofSeconds(1));
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged).as("the copy at 7 is served").isEmpty();
        parked.complete(7, Finish.ended(UUID.randomUUID()));
        cycle(worker, Duration.ofSeconds(1));
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged)
                .singleElement()
                .satisfies(event -> assertThat(event.getParked().getEndOffset()).isEqualTo(8));
    }

    @Test
    void a_copy_that_a_late_router_has_parked_is_seen_in_the_slot_before_the_claim() {
        Erased signup = erased(EraseReason.WITHDRAWN, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        worker.assignedParked(PARTITION, finished(9));
        cutter.end = 41;
        parkedCutter.end = 9;
        cycle(worker, Duration.ZERO);
        awaited(custody.position(signup.slot(), signup.signupId(), LogPosition.inParked(PARTITION, 8)));
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged).isEmpty();
        cycle(worker, Duration.ofSeconds(1));
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged)
                .singleElement()
                .satisfies(event -> assertThat(event.getParked()).isNotNull());
    }

    @Test
    void a_parked_topic_that_cannot_be_reached_does_not_hold_up_those_that_were_not_parked() {
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        Erased waiting = erased(EraseReason.DELIVERED, Optional.of(LogPosition.inParked(PARTITION, 6)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        worker.assignedParked(PARTITION, new CompletionTracker(7));
        parkedCutter.away = true;
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged).hasSize(1);
        assertThat(awaited(custody.read(waiting.slot()))).isPresent();
    }
}
