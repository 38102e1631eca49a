package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.time.Duration;
import java.util.Optional;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.event.PurgeLevel;
import org.junit.jupiter.api.Test;

/** The interval between a cut and the claim that rests on it. */
class PurgeWorkerIntervalTest extends PurgeWorkerCycles {
    @Test
    void a_cut_that_a_dying_broker_undoes_is_made_again_and_claimed_only_after_the_interval() {
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        cutter.starts.put(PARTITION, 0L);
        cycle(worker, Duration.ofSeconds(6));
        assertThat(cutter.starts).containsEntry(PARTITION, 41L);
        cycle(worker, Duration.ofSeconds(55));
        assertThat(log.purged).isEmpty();
        cycle(worker, Duration.ofSeconds(6));
        assertThat(log.purged).hasSize(1);
    }

    @Test
    void a_replica_that_is_out_of_sync_is_waited_for() {
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cutter.inSync = 0;
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofMinutes(2));
        assertThat(log.purged).isEmpty();
        cutter.inSync = 1;
        cycle(worker, Duration.ofSeconds(1));
        cycle(worker, Duration.ofSeconds(59));
        assertThat(log.purged)
                .as("what it has in memory is not on its disk yet")
                .isEmpty();
        cycle(worker, Duration.ofSeconds(2));
        assertThat(log.purged).hasSize(1);
    }

    @Test
    void a_broker_that_was_away_between_two_looks_is_given_the_interval_anew() {
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        cutter.witness = new LogCutter.Witness(1, 1, 1);
        cycle(worker, Duration.ofSeconds(61));
        cycle(worker, Duration.ofSeconds(59));
        assertThat(log.purged).isEmpty();
        cycle(worker, Duration.ofSeconds(2));
        assertThat(log.purged).hasSize(1);
    }

    @Test
    void a_clock_that_steps_ahead_does_not_shorten_the_interval() {
        PurgeWorker worker = worker();
        Erased signup = erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 4)));
        worker.assigned(PARTITION, finished(5));
        cycle(worker, Duration.ZERO);
        assertThat(cutter.cuts).isEqualTo(1);
        cycle(worker, Duration.ofSeconds(30));

        step(Duration.ofMinutes(2));
        cycle(worker, Duration.ZERO);
        assertThat(log.purged).as("30 of 60 s have passed").isEmpty();
        // Again, as an operator who looks for the right time.
        cycle(worker, Duration.ofSeconds(20));
        step(Duration.ofSeconds(45));
        cycle(worker, Duration.ofSeconds(20));
        assertThat(log.purged).as("it is unknown how much of it was a step").isEmpty();
        cycle(worker, Duration.ofSeconds(59));
        assertThat(log.purged).isEmpty();
        cycle(worker, Duration.ofSeconds(2));
        assertThat(log.purged)
                .singleElement()
                .satisfies(purged -> assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE));
        assertThat(awaited(custody.read(signup.slot()))).isEmpty();
    }

    /** The event gives the times of the cut and of the claim: an auditor finds the interval between them. */
    @Test
    void a_clock_that_steps_back_prolongs_the_interval_by_no_more_than_the_step() {
        PurgeWorker worker = worker();
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 4)));
        worker.assigned(PARTITION, finished(5));
        cycle(worker, Duration.ZERO);
        step(Duration.ofSeconds(-10));
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged).isEmpty();
        cycle(worker, Duration.ofSeconds(10));
        assertThat(log.purged)
                .singleElement()
                .satisfies(purged -> assertThat(Duration.between(purged.getCutConfirmedAt(), purged.getPurgedAt()))
                        .isGreaterThanOrEqualTo(Duration.ofMinutes(1)));
    }
}
