package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.router.purge.PlannedPurges.CHECKPOINT;
import static org.brokerhandoff.router.purge.PlannedPurges.PLANNER;
import static org.brokerhandoff.router.purge.PlannedPurges.SEGMENT;
import static org.brokerhandoff.router.purge.PlannedPurges.T0;
import static org.brokerhandoff.router.purge.PlannedPurges.parked;
import static org.brokerhandoff.router.purge.PlannedPurges.purge;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.SealedTopic;
import org.junit.jupiter.api.Test;

/** Purges that wait for what agents see of the files. */
class PurgePlannerFilesTest {
    private static final PendingPurge AT_EIGHT = purge(PurgeReason.DELIVERED, OptionalLong.of(8));
    /** Cut at T0 to 9 on brokers 1 to 3, seen to hold at T0 + 61 s. */
    private static final PartitionPurge VERIFIED =
            PartitionPurge.NONE.cut(9, T0).observed(new PartitionPurge.Cut(9, T0), 9, Brokers.replicas(3, 3));

    private static final Instant SEEN = T0.plusSeconds(61);

    private static PurgeDecision decide(PartitionPurge state, ErasureReports reports, boolean crowded, Instant now) {
        Optional<PurgePlanner.Reached> reached =
                PLANNER.reached(AT_EIGHT, state, PartitionPurge.NONE, Optional.empty(), SEEN);
        return PLANNER.decide(AT_EIGHT, 2, state, PartitionPurge.NONE, reached, reports, crowded, now);
    }

    private static ErasureReports reports(long one, long two, long three, Instant at) {
        return ErasureReports.NONE.with(List.of(
                ErasureReportsTest.look(1, 2, one, at),
                ErasureReportsTest.look(2, 2, two, at),
                ErasureReportsTest.look(3, 2, three, at)));
    }

    @Test
    void without_agents_a_purge_is_claimed_unreachable_at_once() {
        assertThat(decide(VERIFIED, ErasureReports.NONE, false, SEEN))
                .isEqualTo(new PurgeDecision.Claim(PurgeLevel.UNREACHABLE));
    }

    @Test
    void where_the_agents_of_all_replicas_have_seen_it_gone_a_purge_is_claimed_erased() {
        assertThat(decide(VERIFIED, reports(9, 9, 12, T0.plusSeconds(2)), false, SEEN))
                .isEqualTo(new PurgeDecision.Claim(PurgeLevel.ERASED));
    }

    @Test
    void where_no_more_than_unreachable_may_be_claimed_the_files_are_neither_waited_for_nor_believed() {
        PurgePlanner middle = new PurgePlanner(CHECKPOINT, SEGMENT, PurgeLevel.UNREACHABLE, Duration.ofMinutes(2));
        Optional<PurgePlanner.Reached> reached =
                middle.reached(AT_EIGHT, VERIFIED, PartitionPurge.NONE, Optional.empty(), SEEN);
        for (ErasureReports reports :
                List.of(reports(9, 9, 12, T0.plusSeconds(2)), reports(9, 8, 0, T0.plusSeconds(2)))) {
            assertThat(middle.decide(AT_EIGHT, 2, VERIFIED, PartitionPurge.NONE, reached, reports, false, SEEN))
                    .isEqualTo(new PurgeDecision.Claim(PurgeLevel.UNREACHABLE));
        }
    }

    @Test
    void a_purge_waits_for_the_files_of_living_agents_brokers_and_says_for_whose() {
        assertThat(decide(VERIFIED, reports(9, 8, 0, T0.plusSeconds(2)), false, SEEN))
                .isEqualTo(new PurgeDecision.Wait(new PurgeWait.ForErasure(Set.of(2, 3), Set.of())));
    }

    @Test
    void one_silent_agent_of_three_ends_the_wait_for_all() {
        ErasureReports two = ErasureReports.NONE.with(List.of(
                ErasureReportsTest.look(1, 2, 9L, T0.plusSeconds(2)),
                ErasureReportsTest.look(2, 2, 9L, T0.plusSeconds(2))));
        assertThat(decide(VERIFIED, two, false, SEEN)).isEqualTo(new PurgeDecision.Claim(PurgeLevel.UNREACHABLE));
        assertThat(decide(
                        VERIFIED,
                        reports(9, 9, 0, SEEN.minus(ErasureReports.SILENCE).minusMillis(1)),
                        false,
                        SEEN))
                .isEqualTo(new PurgeDecision.Claim(PurgeLevel.UNREACHABLE));
    }

    @Test
    void the_wait_for_files_is_bounded_by_its_setting_by_the_promise_and_by_a_crowd() {
        ErasureReports holding = reports(9, 9, 0, SEEN.plusSeconds(60));
        assertThat(decide(VERIFIED, holding, false, SEEN.plusMillis(119_999))).isInstanceOf(PurgeDecision.Wait.class);
        assertThat(decide(VERIFIED, holding, false, SEEN.plusSeconds(120)))
                .isEqualTo(new PurgeDecision.Claim(PurgeLevel.UNREACHABLE));
        assertThat(decide(VERIFIED, holding, true, SEEN.plusSeconds(1)))
                .isEqualTo(new PurgeDecision.Claim(PurgeLevel.UNREACHABLE));
        PurgePlanner patient = new PurgePlanner(CHECKPOINT, SEGMENT, PurgeLevel.ERASED, Duration.ofHours(1));
        Optional<PurgePlanner.Reached> reached =
                patient.reached(AT_EIGHT, VERIFIED, PartitionPurge.NONE, Optional.empty(), SEEN);
        ErasureReports late = reports(9, 9, 0, AT_EIGHT.fallbackAt());
        assertThat(patient.decide(
                        AT_EIGHT,
                        2,
                        VERIFIED,
                        PartitionPurge.NONE,
                        reached,
                        late,
                        false,
                        AT_EIGHT.fallbackAt().minusMillis(1)))
                .isInstanceOf(PurgeDecision.Wait.class);
        assertThat(patient.decide(
                        AT_EIGHT, 2, VERIFIED, PartitionPurge.NONE, reached, late, false, AT_EIGHT.fallbackAt()))
                .isEqualTo(new PurgeDecision.Claim(PurgeLevel.UNREACHABLE));
    }

    @Test
    void a_replica_that_is_away_is_named_as_the_reason_and_nothing_more_than_unreadable_is_claimed() {
        PartitionPurge away =
                PartitionPurge.NONE.cut(9, T0).observed(new PartitionPurge.Cut(9, T0), 9, Brokers.replicas(3, 2));
        ErasureReports gone = reports(9, 9, 9, T0.plusSeconds(2));
        assertThat(decide(away, gone, false, SEEN))
                .isEqualTo(new PurgeDecision.Wait(new PurgeWait.ForReplicas(Set.of(3))));
        assertThat(decide(away, gone, false, AT_EIGHT.fallbackAt()))
                .isEqualTo(new PurgeDecision.Claim(PurgeLevel.UNREADABLE));
        assertThat(decide(PartitionPurge.NONE, gone, false, SEEN))
                .isEqualTo(new PurgeDecision.Wait(new PurgeWait.ForCut()));
    }

    @Test
    void a_look_counts_from_the_first_cut_that_covers_the_record_though_newer_ones_are_verified_meanwhile() {
        Optional<PurgePlanner.Reached> first =
                PLANNER.reached(AT_EIGHT, VERIFIED, PartitionPurge.NONE, Optional.empty(), SEEN);
        PartitionPurge.Cut newer = new PartitionPurge.Cut(20, T0.plusSeconds(30));
        PartitionPurge later = VERIFIED.cut(20, newer.confirmedAt()).observed(newer, 20, Brokers.replicas(3, 3));
        Optional<PurgePlanner.Reached> still =
                PLANNER.reached(AT_EIGHT, later, PartitionPurge.NONE, first, SEEN.plusSeconds(40));
        assertThat(still).isEqualTo(first);
        assertThat(PLANNER.decide(
                        AT_EIGHT,
                        2,
                        later,
                        PartitionPurge.NONE,
                        still,
                        reports(9, 9, 9, T0.plusSeconds(2)),
                        false,
                        SEEN))
                .isEqualTo(new PurgeDecision.Claim(PurgeLevel.ERASED));
    }

    @Test
    void a_cut_that_was_undone_takes_back_that_the_record_was_out_of_reach() {
        Optional<PurgePlanner.Reached> before =
                PLANNER.reached(AT_EIGHT, VERIFIED, PartitionPurge.NONE, Optional.empty(), SEEN);
        assertThat(before).isPresent();
        assertThat(PLANNER.reached(AT_EIGHT, VERIFIED.undone(0), PartitionPurge.NONE, before, SEEN))
                .isEmpty();
    }

    @Test
    void where_a_later_record_of_the_same_signup_turns_up_the_earlier_cut_no_longer_counts() {
        Optional<PurgePlanner.Reached> before =
                PLANNER.reached(AT_EIGHT, VERIFIED, PartitionPurge.NONE, Optional.empty(), SEEN);
        PendingPurge later = purge(PurgeReason.DELIVERED, OptionalLong.of(11));
        assertThat(PLANNER.reached(later, VERIFIED, PartitionPurge.NONE, before, SEEN))
                .isEmpty();
    }

    @Test
    void while_files_are_waited_for_a_marker_is_appended_every_few_seconds() {
        assertThat(PLANNER.erasureMarker(Optional.empty(), Instant.EPOCH, SEEN)).isEmpty();
        assertThat(PLANNER.erasureMarker(Optional.of(SEEN), Instant.EPOCH, SEEN.plusMillis(4_999)))
                .isEmpty();
        assertThat(PLANNER.erasureMarker(Optional.of(SEEN), Instant.EPOCH, SEEN.plusSeconds(5)))
                .isPresent();
        assertThat(PLANNER.erasureMarker(Optional.of(SEEN), SEEN.plusSeconds(5), SEEN.plusSeconds(9)))
                .isEmpty();
        assertThat(PLANNER.erasureMarker(Optional.of(SEEN), SEEN.plusSeconds(5), SEEN.plusSeconds(10)))
                .isPresent();
    }

    @Test
    void of_a_signup_that_was_parked_the_files_of_both_topics_are_waited_for() {
        PendingPurge parkedToo = new PendingPurge(
                UUID.randomUUID(),
                new SlotReference(1, 1),
                PurgeReason.DELIVERED,
                OptionalLong.empty(),
                true,
                OptionalLong.of(5),
                OptionalLong.of(9),
                T0,
                ReadBack.DIRECT,
                List.of(),
                Optional.of(T0.plusSeconds(600)),
                T0.plusSeconds(450));
        PartitionPurge parked =
                PartitionPurge.NONE.cut(5, T0).observed(new PartitionPurge.Cut(5, T0), 5, Brokers.replicas(1, 1));
        PartitionPurge one =
                PartitionPurge.NONE.cut(9, T0).observed(new PartitionPurge.Cut(9, T0), 9, Brokers.replicas(1, 1));
        Optional<PurgePlanner.Reached> reached = PLANNER.reached(parkedToo, one, parked, Optional.empty(), SEEN);
        ErasureReports signupsOnly =
                ErasureReports.NONE.with(List.of(ErasureReportsTest.look(1, 2, 9L, T0.plusSeconds(2))));
        assertThat(PLANNER.decide(parkedToo, 2, one, parked, reached, signupsOnly, false, SEEN))
                .isEqualTo(new PurgeDecision.Wait(new PurgeWait.ForErasure(Set.of(), Set.of(1))));
        LogErased parkedLook = LogErased.newBuilder(ErasureReportsTest.look(1, 2, 5L, T0.plusSeconds(2)))
                .setTopic(SealedTopic.SIGNUPS_PARKED)
                .build();
        assertThat(PLANNER.decide(
                        parkedToo, 2, one, parked, reached, signupsOnly.with(List.of(parkedLook)), false, SEEN))
                .isEqualTo(new PurgeDecision.Claim(PurgeLevel.ERASED));
        assertThat(PLANNER.reached(parkedToo, one, parked.undone(0), reached, SEEN))
                .isEmpty();
    }
}
