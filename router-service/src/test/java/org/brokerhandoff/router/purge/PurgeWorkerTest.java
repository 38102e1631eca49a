package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.FinishedRecords;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.HandoffEnd;
import org.brokerhandoff.router.purge.CompletionTracker.Finish;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker's cycle over a real slot file and a log that misbehaves; time is the test's. */
class PurgeWorkerTest {
    private static final Duration RESERVE = Duration.ofMinutes(10);
    private static final int PARTITION = 2;

    @TempDir
    Path directory;

    private SlotFile custody;
    private final Log log = new Log();
    private final Cutter cutter = new Cutter();
    private final Cutter parkedCutter = new Cutter();
    private Instant now = Examples.RECEIVED;
    /** By how much the clock was set, in all. */
    private Duration stepped = Duration.ZERO;

    private ErasureReports reports = ErasureReports.NONE;
    private final Set<UUID> setAside = new HashSet<>();
    private boolean setAsideAway;

    /** The cluster, in memory. */
    private static final class Cutter implements LogCutter {
        final Map<Integer, Long> starts = new ConcurrentHashMap<>();
        final List<Integer> markers = new ArrayList<>();
        final Set<Integer> withoutLeader = new HashSet<>();
        int cuts;
        int inSync = 1;
        LogCutter.Witness witness = Brokers.WITNESS;
        long end = 1_000;
        boolean away;

        private void check() {
            if (away) {
                throw new EventLogUnavailable("away", new IllegalStateException());
            }
        }

        @Override
        public Set<Integer> cut(Map<Integer, Long> offsets) {
            check();
            cuts++;
            Set<Integer> confirmed = new HashSet<>(offsets.keySet());
            confirmed.removeAll(withoutLeader);
            confirmed.forEach(partition -> starts.merge(partition, offsets.get(partition), Math::max));
            return confirmed;
        }

        @Override
        public Map<Integer, Observation> observe(Collection<Integer> partitions) {
            check();
            Map<Integer, Observation> seen = new HashMap<>();
            partitions.forEach(partition -> seen.put(
                    partition,
                    new Observation(starts.getOrDefault(partition, 0L), Brokers.replicas(1, inSync), witness)));
            return seen;
        }

        @Override
        public long endOffset(int partition) {
            check();
            return end;
        }

        @Override
        public void appendMarker(int partition) {
            check();
            markers.add(partition);
        }

        @Override
        public Duration checkpointInterval() {
            return Duration.ofMinutes(1);
        }
    }

    /** Topic {@code purges}, which may fail for some. */
    private static final class Log implements PurgeLog {
        final List<Purged> purged = new ArrayList<>();
        final List<ConsentWithdrawn> withdrawn = new ArrayList<>();
        final List<RecordsFinished> finished = new ArrayList<>();
        boolean silent;
        final Set<UUID> failing = new HashSet<>();

        @Override
        public CompletionStage<?> publish(UUID signupId, Purged event) {
            if (failing.contains(signupId)) {
                return CompletableFuture.failedFuture(new IllegalStateException("no acknowledgement"));
            }
            purged.add(event);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> publish(UUID signupId, ConsentWithdrawn event) {
            withdrawn.add(event);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> publish(RecordsFinished event) {
            if (silent) {
                return CompletableFuture.failedFuture(new IllegalStateException("no acknowledgement"));
            }
            finished.add(event);
            return CompletableFuture.completedFuture(null);
        }
    }

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

    private PurgeWorker worker() {
        return worker(PurgeLevel.ERASED);
    }

    private PurgeWorker worker(PurgeLevel highest) {
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

    private record Erased(UUID signupId, SlotReference slot) {}

    private Erased erased(EraseReason reason, Optional<LogPosition> position) {
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
    private void step(Duration difference) {
        now = now.plus(difference);
        stepped = stepped.plus(difference);
    }

    private void cycle(PurgeWorker worker, Duration later) {
        now = now.plus(later);
        worker.cycle();
    }

    private static CompletionTracker finished(long prefix) {
        return new CompletionTracker(prefix);
    }

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
    void what_was_cut_before_a_crash_and_undone_after_its_purge_is_cut_again_by_whoever_takes_over() {
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, finished(41));
        cycle(worker, Duration.ZERO);
        assertThat(cutter.starts).containsEntry(PARTITION, 41L);
        cycle(worker, Duration.ofSeconds(2));
        assertThat(cutter.markers).containsExactly(PARTITION);
    }

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
        assertThat(log.purged).isEmpty();
        now = Examples.KEY_EXPIRY.plus(RESERVE.multipliedBy(3).dividedBy(4));
        cycle(worker, Duration.ofSeconds(1));
        assertThat(log.purged)
                .singleElement()
                .satisfies(event -> assertThat(event.getLevel()).isEqualTo(PurgeLevel.UNREADABLE));
    }

    /** The partition is stopped at a record of a newer version, so it is unknown what comes after it. */
    @Test
    void a_slot_without_a_position_is_purged_in_time_though_its_partition_is_not_consumed() {
        erased(EraseReason.EXPIRED, Optional.empty());
        PurgeWorker worker = worker();
        worker.assigned(PARTITION, new CompletionTracker(7));
        cycle(worker, Duration.ZERO);
        cycle(worker, Duration.ofMinutes(1));
        assertThat(log.purged).isEmpty();
        now = Examples.KEY_EXPIRY.plus(RESERVE.multipliedBy(3).dividedBy(4));
        cycle(worker, Duration.ofSeconds(1));
        assertThat(log.purged)
                .singleElement()
                .satisfies(event -> assertThat(event.getLevel()).isEqualTo(PurgeLevel.UNREADABLE));
    }

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

    private static void finish(CompletionTracker tracker, long offset) {
        tracker.begin(offset);
        tracker.complete(offset, Finish.ended(UUID.randomUUID()));
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
        Cutter counting = new Cutter();
        CompletionTracker tracker = new CompletionTracker(0);
        try (PurgeWorker worker = new PurgeWorker(
                new PurgeWorker.Parts(
                        custody,
                        counting,
                        new Cutter(),
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
