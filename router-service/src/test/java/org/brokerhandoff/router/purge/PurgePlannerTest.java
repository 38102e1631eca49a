package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.router.purge.PlannedPurges.CHECKPOINT;
import static org.brokerhandoff.router.purge.PlannedPurges.PLANNER;
import static org.brokerhandoff.router.purge.PlannedPurges.SEGMENT;
import static org.brokerhandoff.router.purge.PlannedPurges.T0;
import static org.brokerhandoff.router.purge.PlannedPurges.completed;
import static org.brokerhandoff.router.purge.PlannedPurges.purge;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.junit.jupiter.api.Test;

class PurgePlannerTest {
    @Test
    void a_finished_signup_is_cut_once() {
        assertThat(PLANNER.cut(PartitionPurge.NONE, completed(0, -1), OptionalLong.empty()))
                .isEmpty();
        assertThat(PLANNER.cut(PartitionPurge.NONE, completed(8, 6), OptionalLong.empty()))
                .contains(new PurgePlanner.Operation.Cut(8));
        PartitionPurge cut = PartitionPurge.NONE.cut(8, T0);
        assertThat(PLANNER.cut(cut, completed(8, 6), OptionalLong.empty())).isEmpty();
        assertThat(PLANNER.cut(cut, completed(9, 6), OptionalLong.empty()))
                .as("only markers since")
                .isEmpty();
        assertThat(PLANNER.cut(cut, completed(9, 8), OptionalLong.empty())).contains(new PurgePlanner.Operation.Cut(9));
    }

    @Test
    void an_undone_cut_is_made_again() {
        PartitionPurge undone = PartitionPurge.NONE.cut(8, T0).undone(3);
        assertThat(PLANNER.cut(undone, completed(8, 6), OptionalLong.empty()))
                .contains(new PurgePlanner.Operation.Cut(8));
        assertThat(undone.verified()).isEmpty();
        assertThat(undone.unverified()).isEmpty();
        PartitionPurge.Cut matured = new PartitionPurge.Cut(8, T0);
        assertThat(PartitionPurge.NONE.cut(8, T0).observed(matured, 3, Brokers.replicas(1, 1)))
                .isEqualTo(undone);
    }

    @Test
    void a_cut_is_not_looked_at_before_the_checkpoint_interval_is_over() {
        PartitionPurge state = PartitionPurge.NONE.cut(8, T0).cut(9, T0.plusSeconds(30));
        assertThat(PLANNER.verify(state, Optional.of(T0), T0.plus(CHECKPOINT))).isEmpty();
        assertThat(PLANNER.verify(state, Optional.of(T0), T0.plus(CHECKPOINT).plusMillis(100)))
                .contains(new PurgePlanner.Operation.Verify(new PartitionPurge.Cut(8, T0)));
        assertThat(PLANNER.verify(state, Optional.of(T0), T0.plus(CHECKPOINT).plusSeconds(31)))
                .contains(new PurgePlanner.Operation.Verify(new PartitionPurge.Cut(9, T0.plusSeconds(30))));
    }

    @Test
    void no_claim_of_unreachable_without_a_verified_cut_beyond_the_record() {
        PendingPurge purge = purge(PurgeReason.DELIVERED, OptionalLong.of(8));
        PartitionPurge.Cut cut = new PartitionPurge.Cut(8, T0);
        PartitionPurge tooLow = PartitionPurge.NONE.cut(8, T0).observed(cut, 8, Brokers.replicas(1, 1));
        assertThat(PLANNER.level(purge, PartitionPurge.NONE.cut(9, T0), PartitionPurge.NONE, T0.plusSeconds(400)))
                .isEmpty();
        assertThat(PLANNER.level(purge, tooLow, PartitionPurge.NONE, T0.plusSeconds(400)))
                .isEmpty();
        PartitionPurge.Cut beyond = new PartitionPurge.Cut(9, T0);
        PartitionPurge verified = PartitionPurge.NONE.cut(9, T0).observed(beyond, 9, Brokers.replicas(3, 3));
        assertThat(PLANNER.level(purge, verified, PartitionPurge.NONE, T0.plusSeconds(1)))
                .contains(PurgeLevel.UNREACHABLE);
    }

    @Test
    void with_a_replica_out_of_sync_the_claim_waits_and_the_list_of_cuts_does_not_grow() {
        PartitionPurge state = PartitionPurge.NONE;
        Instant now = T0;
        for (int i = 1; i <= 5_000; i++) {
            now = now.plusMillis(100);
            state = state.cut(i, now);
            Optional<PurgePlanner.Operation.Verify> due = PLANNER.verify(state, Optional.of(T0), now);
            if (due.isPresent()) {
                state = state.observed(due.get().cut(), i, Brokers.replicas(3, 2));
            }
            assertThat(state.verified()).isEmpty();
            assertThat(state.unverified()).hasSizeLessThan(610);
        }
        PurgePlanner.Operation.Verify due =
                PLANNER.verify(state, Optional.of(T0), now).orElseThrow();
        state = state.observed(due.cut(), 5_000, Brokers.replicas(3, 3));
        assertThat(state.verified().orElseThrow().cut().offset()).isGreaterThan(4_000);
    }

    @Test
    void the_weaker_claim_is_made_in_time() {
        PendingPurge purge = purge(PurgeReason.DELIVERED, OptionalLong.of(8));
        assertThat(PLANNER.level(
                        purge,
                        PartitionPurge.NONE,
                        PartitionPurge.NONE,
                        purge.fallbackAt().minusMillis(1)))
                .isEmpty();
        assertThat(PLANNER.level(purge, PartitionPurge.NONE, PartitionPurge.NONE, purge.fallbackAt()))
                .contains(PurgeLevel.UNREADABLE);
        assertThat(purge.fallbackAt()).isBefore(purge.eraseBy().orElseThrow());
    }

    @Test
    void what_was_never_published_or_was_set_aside_is_claimed_unreadable_at_once() {
        PartitionPurge verified =
                PartitionPurge.NONE.cut(9, T0).observed(new PartitionPurge.Cut(9, T0), 9, Brokers.replicas(1, 1));
        assertThat(PLANNER.level(
                        purge(PurgeReason.WITHDRAWN, OptionalLong.empty()),
                        PartitionPurge.NONE,
                        PartitionPurge.NONE,
                        T0))
                .contains(PurgeLevel.UNREADABLE);
        assertThat(PLANNER.level(purge(PurgeReason.INVALID, OptionalLong.of(8)), verified, PartitionPurge.NONE, T0))
                .contains(PurgeLevel.UNREADABLE);
    }

    @Test
    void where_no_more_than_unreadable_may_be_claimed_it_is_claimed_at_once_and_cut_all_the_same() {
        PurgePlanner low = new PurgePlanner(CHECKPOINT, SEGMENT, PurgeLevel.UNREADABLE, Duration.ofMinutes(2));
        PartitionPurge verified =
                PartitionPurge.NONE.cut(9, T0).observed(new PartitionPurge.Cut(9, T0), 9, Brokers.replicas(1, 1));
        PendingPurge purge = purge(PurgeReason.DELIVERED, OptionalLong.of(8));
        assertThat(low.level(purge, PartitionPurge.NONE, PartitionPurge.NONE, T0))
                .contains(PurgeLevel.UNREADABLE);
        assertThat(low.level(purge, verified, PartitionPurge.NONE, T0)).contains(PurgeLevel.UNREADABLE);
        assertThat(low.cut(PartitionPurge.NONE, completed(9, 8), OptionalLong.empty()))
                .isPresent();
        PurgePlanner middle = new PurgePlanner(CHECKPOINT, SEGMENT, PurgeLevel.UNREACHABLE, Duration.ofMinutes(2));
        assertThat(middle.level(purge, PartitionPurge.NONE, PartitionPurge.NONE, T0))
                .isEmpty();
        assertThat(middle.level(purge, verified, PartitionPurge.NONE, T0)).contains(PurgeLevel.UNREACHABLE);
    }

    @Test
    void one_marker_follows_the_newest_cut_when_its_segment_is_old_enough() {
        PartitionPurge state = PartitionPurge.NONE.cut(8, T0);
        assertThat(PLANNER.marker(PartitionPurge.NONE, T0.plusSeconds(9))).isEmpty();
        assertThat(PLANNER.marker(state, T0.plusMillis(999))).isEmpty();
        assertThat(PLANNER.marker(state, T0.plus(SEGMENT))).isPresent();
        assertThat(PLANNER.marker(state.marked(), T0.plusSeconds(9))).isEmpty();
        PartitionPurge again = state.marked().cut(12, T0.plusSeconds(10));
        assertThat(PLANNER.marker(again, T0.plusMillis(10_500))).isEmpty();
        assertThat(PLANNER.marker(again, T0.plusSeconds(11))).isPresent();
    }

    @Test
    void a_cut_that_is_verified_before_its_segment_is_old_enough_gets_its_marker_too() {
        PurgePlanner quick = new PurgePlanner(Duration.ofMillis(100), SEGMENT, PurgeLevel.ERASED, Duration.ZERO);
        PartitionPurge state = PartitionPurge.NONE.cut(8, T0);
        PartitionPurge.Cut cut = quick.verify(state, Optional.of(T0), T0.plusMillis(200))
                .orElseThrow()
                .cut();
        PartitionPurge verified = state.observed(cut, 8, Brokers.replicas(1, 1));
        assertThat(quick.marker(verified, T0.plusMillis(999))).isEmpty();
        assertThat(quick.marker(verified, T0.plusSeconds(1))).isPresent();
        assertThat(quick.marker(verified.marked(), T0.plusSeconds(1))).isEmpty();
    }

    @Test
    void whatever_happens_no_claim_goes_beyond_what_was_seen_to_hold() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            PartitionPurge state = PartitionPurge.NONE;
            Instant now = T0;
            long prefix = 0;
            long start = 0;
            for (int step = 0; step < 200; step++) {
                now = now.plusMillis(random.nextInt(20_000));
                prefix += random.nextInt(3);
                Optional<PurgePlanner.Operation.Cut> cut =
                        PLANNER.cut(state, completed(prefix, prefix - 1), OptionalLong.empty());
                if (cut.isPresent() && random.nextInt(4) != 0) {
                    state = state.cut(cut.get().offset(), now);
                    start = Math.max(start, cut.get().offset());
                }
                if (random.nextInt(30) == 0) {
                    start = random.nextInt((int) start + 1);
                }
                Optional<PurgePlanner.Operation.Verify> due = PLANNER.verify(state, Optional.of(T0), now);
                if (due.isPresent()) {
                    assertThat(due.get().cut().confirmedAt().plus(CHECKPOINT)).isBefore(now);
                    state = state.observed(due.get().cut(), start, Brokers.replicas(3, 2 + random.nextInt(2)));
                    if (state.verified().isPresent()
                            && state.verified().get().cut().equals(due.get().cut())) {
                        long verified = state.verified().get().cut().offset();
                        assertThat(start).isGreaterThanOrEqualTo(verified);
                        PendingPurge beyond = purge(PurgeReason.DELIVERED, OptionalLong.of(verified));
                        assertThat(PLANNER.level(beyond, state, PartitionPurge.NONE, T0))
                                .isEmpty();
                    }
                }
            }
            // A cluster that holds still again is cut and verified in the end.
            for (int step = 0; step < 3; step++) {
                now = now.plusSeconds(120);
                Optional<PurgePlanner.Operation.Cut> cut =
                        PLANNER.cut(state, completed(prefix, prefix - 1), OptionalLong.empty());
                if (cut.isPresent()) {
                    state = state.cut(cut.get().offset(), now);
                    start = Math.max(start, cut.get().offset());
                }
                Optional<PurgePlanner.Operation.Verify> due = PLANNER.verify(state, Optional.of(T0), now);
                if (due.isPresent()) {
                    state = state.observed(due.get().cut(), start, Brokers.replicas(3, 3));
                }
            }
            if (prefix > 0) {
                assertThat(state.verified().orElseThrow().cut().offset()).isEqualTo(prefix);
            }
        }
    }

    @Test
    void a_cut_is_looked_at_at_once_after_a_quiet_time_and_with_the_next_look_under_traffic() {
        PartitionPurge cut = PartitionPurge.NONE.cut(8, T0);
        assertThat(PLANNER.look(PartitionPurge.NONE, Optional.empty(), T0)).isFalse();
        assertThat(PLANNER.look(cut, Optional.empty(), T0)).isTrue();
        assertThat(PLANNER.look(cut, Optional.of(T0.minusSeconds(60)), T0)).isTrue();
        assertThat(PLANNER.look(cut, Optional.of(T0.minusMillis(400)), T0)).isFalse();
        assertThat(PLANNER.look(cut, Optional.of(T0.minusMillis(400)), T0.plusMillis(100)))
                .isTrue();
        // After a step back its age is unknown.
        assertThat(PLANNER.look(cut, Optional.of(T0.plusSeconds(3_600)), T0)).isTrue();
    }

    @Test
    void the_next_look_is_due_when_the_oldest_cut_may_be_verified_or_the_last_look_is_old() {
        PartitionPurge cut =
                PartitionPurge.NONE.cut(8, T0).cut(9, T0.plusSeconds(3)).marked();
        Optional<Instant> never = Optional.empty();
        assertThat(PLANNER.nextAt(PartitionPurge.NONE, never, never, never)).isEmpty();
        assertThat(PLANNER.nextAt(
                        cut,
                        Optional.of(T0.minusSeconds(9)),
                        Optional.of(T0.plusSeconds(59).plusMillis(800)),
                        never))
                .contains(T0.plus(CHECKPOINT).plusMillis(100));
        assertThat(PLANNER.nextAt(
                        cut,
                        Optional.of(T0.plusSeconds(1)),
                        Optional.of(T0.plusSeconds(59).plusMillis(800)),
                        never))
                .as("all in sync since a second after the cut")
                .contains(T0.plus(CHECKPOINT).plusMillis(300));
        assertThat(PLANNER.nextAt(cut, never, Optional.of(T0), never)).contains(T0.plusMillis(500));
        PartitionPurge unmarked = verifiedAt(T0);
        assertThat(PLANNER.nextAt(unmarked, never, Optional.of(T0), never)).contains(T0.plus(SEGMENT));
        assertThat(PLANNER.nextAt(unmarked.marked(), never, Optional.of(T0), never))
                .isEmpty();
        assertThat(PLANNER.nextAt(unmarked.marked(), never, Optional.of(T0), Optional.of(T0.plusSeconds(1))))
                .contains(T0.plusSeconds(6));
    }

    private static PartitionPurge verifiedAt(Instant at) {
        return PartitionPurge.NONE.cut(8, at).observed(new PartitionPurge.Cut(8, at), 8, Brokers.replicas(1, 1));
    }
}
