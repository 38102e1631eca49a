package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.purge.CompletionTracker.Finish;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The worker's cycle over a real slot file and a log that misbehaves; time is the test's. */
abstract class PurgeWorkerCycles {
    static final Duration RESERVE = Duration.ofMinutes(10);
    static final int PARTITION = 2;

    @TempDir
    Path directory;

    SlotFile custody;
    final PurgeLogInMemory log = new PurgeLogInMemory();
    final CutterInMemory cutter = new CutterInMemory();
    final CutterInMemory parkedCutter = new CutterInMemory();
    Instant now = Examples.RECEIVED;
    /** By how much the clock was set, in all. */
    Duration stepped = Duration.ZERO;

    ErasureReports reports = ErasureReports.NONE;
    final Set<UUID> setAside = new HashSet<>();
    boolean setAsideAway;

    @BeforeEach
    void open() {
        custody = SlotFile.open(
                new CustodySettings(directory.resolve("slots"), 64, 64),
                FileKeyset.openOrCreate(directory.resolve("keyset")),
                () -> now);
    }

    @AfterEach
    void close() {
        custody.close();
    }

    PurgeWorker worker() {
        return worker(PurgeLevel.ERASED);
    }

    PurgeWorker worker(PurgeLevel highest) {
        return new PurgeWorker(
                new PurgeWorker.Parts(
                        custody,
                        cutter,
                        parkedCutter,
                        partitions -> {
                            if (setAsideAway) {
                                throw new EventLogUnavailable("away", new IllegalStateException());
                            }
                            Map<Integer, SetAsideCopies> copies = new HashMap<>();
                            partitions.forEach(each -> copies.put(each, new SetAsideCopies(setAside)));
                            return copies;
                        },
                        log,
                        () -> reports,
                        (event, at) -> {}),
                new PurgeWorker.Terms(
                        Duration.ofSeconds(1),
                        () -> new Ceiling(Examples.CEILING.instance(), highest),
                        RESERVE,
                        Duration.ofMinutes(2)),
                signupId -> PARTITION,
                () -> now,
                () -> Duration.between(Instant.EPOCH, now).minus(stepped));
    }

    record Erased(UUID signupId, SlotReference slot) {}

    Erased erased(EraseReason reason, Optional<LogPosition> position) {
        UUID id = UUID.randomUUID();
        SlotReference slot = ((HoldOutcome.Held) custody.hold(id, Examples.KEY_EXPIRY)
                        .toCompletableFuture()
                        .join())
                .slot();
        position.ifPresent(at -> awaited(custody.position(slot, id, at)));
        assertThat(custody.erase(slot, id, reason).toCompletableFuture().join())
                .isInstanceOf(EraseOutcome.Erased.class);
        return new Erased(id, slot);
    }

    /** The clock is set; no time passes. */
    void step(Duration difference) {
        now = now.plus(difference);
        stepped = stepped.plus(difference);
    }

    void cycle(PurgeWorker worker, Duration later) {
        now = now.plus(later);
        worker.cycle();
    }

    static CompletionTracker finished(long prefix) {
        return new CompletionTracker(prefix);
    }

    static void finish(CompletionTracker tracker, long offset) {
        tracker.begin(offset);
        tracker.complete(offset, Finish.ended(UUID.randomUUID()));
    }

    void assertClaimsUnreadableInTime(PurgeWorker worker) {
        assertThat(log.purged).isEmpty();
        now = Examples.KEY_EXPIRY.plus(RESERVE.multipliedBy(3).dividedBy(4));
        cycle(worker, Duration.ofSeconds(1));
        assertThat(log.purged)
                .singleElement()
                .satisfies(event -> assertThat(event.getLevel()).isEqualTo(PurgeLevel.UNREADABLE));
    }
}
