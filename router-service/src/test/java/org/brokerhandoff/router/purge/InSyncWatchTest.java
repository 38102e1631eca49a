package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.event.PurgeLevel;
import org.junit.jupiter.api.Test;

/** From when the checkpoint interval of a cut runs, and what voids it. */
class InSyncWatchTest {
    private static final Instant T0 = Instant.parse("2026-11-28T12:00:00Z");
    private static final Duration CHECKPOINT = Duration.ofSeconds(60);
    private static final Duration MARGIN = Duration.ofMillis(100);
    private static final PurgePlanner PLANNER =
            new PurgePlanner(CHECKPOINT, Duration.ofSeconds(1), PurgeLevel.ERASED, Duration.ZERO);

    private static LogCutter.Observation look(Replicas replicas, int epoch, long lostBefore, long lostAfter) {
        return new LogCutter.Observation(9, replicas, new LogCutter.Witness(epoch, lostBefore, lostAfter));
    }

    private static final LogCutter.Observation ALL = look(Brokers.replicas(3, 3), 4, 7, 7);

    private static InSyncWatch after(LogCutter.Observation first, LogCutter.Observation second) {
        return after(first, second, Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    private static InSyncWatch after(
            LogCutter.Observation first, LogCutter.Observation second, Duration byClock, Duration passed) {
        Duration uptime = Duration.ofHours(-5);
        return InSyncWatch.NOTHING
                .seen(new InSyncWatch.Seen(T0, uptime, first))
                .seen(new InSyncWatch.Seen(T0.plus(byClock), uptime.plus(passed), second));
    }

    @Test
    void a_clock_that_ran_ahead_of_the_time_that_passed_leaves_nothing_to_go_on_from() {
        Duration passed = Duration.ofSeconds(30);
        assertThat(after(ALL, ALL, passed.plusMillis(50), passed).since()).contains(T0);
        assertThat(after(ALL, ALL, passed.plusMillis(51), passed).since())
                .contains(T0.plus(passed).plusMillis(51));
        assertThat(after(ALL, ALL, Duration.ofDays(2), passed).since()).contains(T0.plus(Duration.ofDays(2)));
        assertThat(after(ALL, ALL, Duration.ofDays(-2), passed).since())
                .as("set back: it lasts longer, never shorter")
                .contains(T0);
    }

    @Test
    void looks_that_find_nothing_changed_go_on_from_the_first() {
        assertThat(after(ALL, ALL).since()).contains(T0);
    }

    @Test
    void a_replica_that_is_away_leaves_nothing_to_go_on_from() {
        assertThat(after(ALL, look(Brokers.replicas(3, 2), 4, 7, 7)).since()).isEmpty();
        assertThat(after(look(Brokers.replicas(3, 2), 4, 7, 7), ALL).since()).contains(T0.plusSeconds(30));
    }

    @Test
    void a_broker_that_went_and_came_back_unseen_shows_in_a_lost_connection() {
        assertThat(after(ALL, look(Brokers.replicas(3, 3), 4, 8, 8)).since()).contains(T0.plusSeconds(30));
    }

    @Test
    void a_connection_lost_during_the_look_that_would_verify_counts() {
        assertThat(after(ALL, look(Brokers.replicas(3, 3), 4, 7, 8)).since()).contains(T0.plusSeconds(30));
    }

    /** It may have been lost after its broker had answered, and so after what that look saw. */
    @Test
    void a_connection_lost_during_the_first_look_counts() {
        LogCutter.Observation disturbed = look(Brokers.replicas(3, 3), 4, 7, 8);
        LogCutter.Observation next = look(Brokers.replicas(3, 3), 4, 8, 8);
        assertThat(after(disturbed, next).since()).contains(T0.plusSeconds(30));
    }

    @Test
    void a_single_replica_or_leader_that_was_restarted_shows_in_the_leader_epoch() {
        LogCutter.Observation before = look(Brokers.replicas(1, 1), 4, 7, 7);
        LogCutter.Observation restarted = look(Brokers.replicas(1, 1), 6, 7, 7);
        assertThat(after(before, restarted).since()).contains(T0.plusSeconds(30));
    }

    @Test
    void another_broker_that_has_the_partition_since_has_written_nothing_down_yet() {
        LogCutter.Observation moved = look(new Replicas(Set.of(1, 2, 4), Set.of(1, 2, 4)), 4, 7, 7);
        assertThat(after(ALL, moved).since()).contains(T0.plusSeconds(30));
    }

    @Test
    void a_cut_is_verified_an_interval_after_all_replicas_came_to_be_in_sync_and_not_after_the_cut() {
        PartitionPurge state = PartitionPurge.NONE.cut(9, T0);
        Optional<Instant> back = Optional.of(T0.plusSeconds(500));
        Instant due = T0.plusSeconds(500).plus(CHECKPOINT).plus(MARGIN);
        assertThat(PLANNER.verify(state, back, due.minusMillis(1))).isEmpty();
        assertThat(PLANNER.verify(state, back, due)).isPresent();
        assertThat(PLANNER.verify(state, Optional.empty(), due.plusSeconds(1_000)))
                .isEmpty();
    }

    @Test
    void a_cut_that_is_younger_than_the_look_waits_from_its_own_time_on() {
        PartitionPurge state = PartitionPurge.NONE.cut(9, T0.plusSeconds(500));
        Instant due = T0.plusSeconds(500).plus(CHECKPOINT).plus(MARGIN);
        assertThat(PLANNER.verify(state, Optional.of(T0), due.minusMillis(1))).isEmpty();
        assertThat(PLANNER.verify(state, Optional.of(T0), due)).isPresent();
    }

    @Test
    void while_a_replica_is_away_one_cut_is_kept_for_all_that_are_made() {
        PartitionPurge state = PartitionPurge.NONE;
        for (int i = 1; i <= 1_000; i++) {
            state = state.cut(i, T0.plusSeconds(i)).lookedAt(i, Brokers.replicas(3, 2));
        }
        assertThat(state.unverified()).containsExactly(new PartitionPurge.Cut(1_000, T0.plusSeconds(1_000)));
        assertThat(state.away()).containsExactly(3);
    }
}
