package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.event.PurgeLevel;
import org.junit.jupiter.api.Test;

/** Purges that wait for what agents see of the files. */
class PurgeWorkerFilesTest extends PurgeWorkerCycles {
    @Test
    void what_a_purge_waits_for_is_told_as_a_value() {
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        assertThat(worker.waits()).isEqualTo(new PurgeWaits(1, 0, 0, Set.of()));
        cutter.inSync = 0;
        cycle(worker, Duration.ofMinutes(2));
        assertThat(worker.waits()).isEqualTo(new PurgeWaits(0, 1, 0, Set.of(1)));
        cutter.inSync = 1;
        cycle(worker, Duration.ofSeconds(1));
        assertThat(worker.waits()).isEqualTo(new PurgeWaits(1, 0, 0, Set.of()));
        reports = reports.with(List.of(ErasureReportsTest.look(1, PARTITION, 0L, now)));
        cycle(worker, Duration.ofSeconds(61));
        assertThat(worker.waits()).isEqualTo(new PurgeWaits(0, 0, 1, Set.of()));
        reports = reports.with(List.of(ErasureReportsTest.look(1, PARTITION, 41L, now)));
        cycle(worker, Duration.ofSeconds(1));
        assertThat(worker.waits()).isEqualTo(PurgeWaits.NONE);
        assertThat(log.purged)
                .singleElement()
                .satisfies(event -> assertThat(event.getLevel()).isEqualTo(PurgeLevel.ERASED));
    }

    @Test
    void an_erased_slot_keeps_its_purge_while_files_are_waited_for_and_is_freed_after_the_weaker_claim() {
        Erased signup = erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofSeconds(2));
        int markers = cutter.markers.size();
        for (int second = 0; second < 119; second++) {
            reports = reports.with(List.of(ErasureReportsTest.look(1, PARTITION, 40L, now)));
            cycle(worker, second == 0 ? Duration.ofSeconds(60) : Duration.ofSeconds(1));
        }
        assertThat(log.purged).isEmpty();
        assertThat(awaited(custody.read(signup.slot()))).isPresent();
        assertThat(cutter.markers.size() - markers).as("markers while waiting").isBetween(20, 24);
        cycle(worker, Duration.ofSeconds(3));
        assertThat(log.purged)
                .singleElement()
                .satisfies(event -> assertThat(event.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE));
        assertThat(awaited(custody.read(signup.slot()))).isEmpty();
    }

    @Test
    void a_router_that_starts_anew_claims_nothing_by_looks_from_before_its_own_cut() {
        erased(EraseReason.DELIVERED, Optional.of(LogPosition.inSignups(PARTITION, 40)));
        reports = reports.with(List.of(ErasureReportsTest.look(1, PARTITION, 41L, now)));
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ofMillis(1));
        cycle(worker, Duration.ofSeconds(61));
        assertThat(log.purged).isEmpty();
        assertThat(worker.waits().forErasure()).isEqualTo(1);
        reports = reports.with(List.of(ErasureReportsTest.look(1, PARTITION, 41L, now)));
        cycle(worker, Duration.ofSeconds(1));
        assertThat(log.purged).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(PurgeLevel.ERASED);
            assertThat(event.getReplicas()).isEqualTo(1);
            assertThat(event.getStartOffset()).isEqualTo(41);
        });
    }
}
