package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.FinishedRecords;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.purge.CompletionTracker.Finish;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

/** When the worker cuts, and how far. */
class PurgeWorkerCutsTest extends PurgeWorkerCycles {
    @Test
    void what_was_cut_before_a_crash_and_undone_after_its_purge_is_cut_again_by_whoever_takes_over() {
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        assertThat(cutter.starts).containsEntry(PARTITION, 41L);
        cycle(worker, Duration.ofSeconds(2));
        assertThat(cutter.markers).containsExactly(PARTITION);
    }

    @Test
    void nothing_is_cut_before_the_log_has_what_stood_there() {
        UUID id = UUID.randomUUID();
        CompletionTracker tracker = new CompletionTracker(40);
        tracker.begin(40);
        tracker.begin(41);
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, tracker);
        cycle(worker, Duration.ZERO);
        tracker.complete(40, Finish.ended(id));
        tracker.complete(41, Finish.MARKER);
        log.silent = true;
        cycle(worker, Duration.ofSeconds(1));
        assertThat(cutter.starts).doesNotContainEntry(PARTITION, 42L);
        assertThat(tracker.completed().prefix()).isEqualTo(40);
        log.silent = false;
        cycle(worker, Duration.ofSeconds(1));
        assertThat(cutter.starts).containsEntry(PARTITION, 42L);
        assertThat(log.finished).singleElement().satisfies(event -> {
            assertThat(event.getTopic()).isEqualTo(SealedTopic.SIGNUPS);
            assertThat(event.getPartition()).isEqualTo(PARTITION);
            assertThat(event.getFirstOffset()).isEqualTo(40);
            assertThat(event.getFinishedAt()).isEqualTo(now);
            assertThat(event.getRecords())
                    .extracting(FinishedRecords::getEnd, FinishedRecords::getCount, FinishedRecords::getSignups)
                    .containsExactly(
                            tuple(RecordEnd.ENDED, 1, List.of(SignupIds.fixed(id))),
                            tuple(RecordEnd.MARKER, 1, List.of()));
        });
    }

    @Test
    void under_traffic_cuts_are_half_a_second_apart_and_after_a_quiet_time_one_is_made_at_once() {
        CompletionTracker tracker = new CompletionTracker(0);
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, tracker);
        cycle(worker, Duration.ZERO);
        assertThat(cutter.cuts).as("nothing to cut").isZero();
        for (long offset = 0; offset < 50; offset++) {
            finish(tracker, offset);
            cycle(worker, Duration.ofMillis(100));
        }
        assertThat(cutter.cuts).as("in 5 s").isEqualTo(10);
        assertThat(log.finished).as("accounts").hasSize(10);
        cycle(worker, Duration.ofMillis(500));
        assertThat(cutter.starts).containsEntry(PARTITION, 50L);
        cycle(worker, Duration.ofMinutes(5));
        int before = cutter.cuts;
        finish(tracker, 50);
        cycle(worker, Duration.ofMillis(1));
        assertThat(cutter.cuts).isEqualTo(before + 1);
        assertThat(cutter.starts).containsEntry(PARTITION, 51L);
    }

    @Test
    void a_clock_that_is_set_back_does_not_put_cuts_off() {
        CompletionTracker tracker = new CompletionTracker(0);
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, tracker);
        finish(tracker, 0);
        cycle(worker, Duration.ZERO);
        step(Duration.ofHours(-1));
        finish(tracker, 1);
        cycle(worker, Duration.ofMillis(500));
        assertThat(cutter.starts).containsEntry(PARTITION, 2L);
    }

    /** The real thread, with Kafka in memory: it does nothing of its own accord, and news wake it. */
    @Test
    void the_thread_sleeps_while_there_is_nothing_to_do_and_a_finished_record_wakes_it() {
        CutterInMemory counting = new CutterInMemory();
        CompletionTracker tracker = new CompletionTracker(0);
        try (PurgeWorker worker = new PurgeWorker(
                new PurgeWorker.Parts(
                        custody,
                        counting,
                        new CutterInMemory(),
                        Brokers::nothingSetAside,
                        log,
                        () -> reports,
                        (event, at) -> {}),
                new PurgeWorker.Terms(Duration.ofSeconds(1), () -> Examples.CEILING, RESERVE, Duration.ofMinutes(2)),
                signupId -> PARTITION,
                InstantSource.system(),
                () -> Duration.ofNanos(System.nanoTime()))) {
            worker.start();
            worker.assigned(PARTITION, tracker);
            for (long offset = 0; offset < 3; offset++) {
                long next = offset + 1;
                finish(tracker, offset);
                await().atMost(Duration.ofSeconds(4))
                        .until(() -> counting.starts.getOrDefault(PARTITION, 0L).equals(next));
            }
            // A record behind an unfinished one changes nothing that may be cut.
            tracker.begin(3);
            finish(tracker, 4);
            int before = counting.cuts;
            tracker.complete(3, Finish.ended(UUID.randomUUID()));
            await().atMost(Duration.ofSeconds(4)).until(() -> counting.starts.getOrDefault(PARTITION, 0L) == 5);
            assertThat(counting.cuts).isEqualTo(before + 1);
        }
    }
}
