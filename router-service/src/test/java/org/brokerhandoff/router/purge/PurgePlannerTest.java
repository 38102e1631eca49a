package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.SealedTopic;
import org.junit.jupiter.api.Test;

class PurgePlannerTest {
    private static final Instant T0 = Instant.parse("2026-11-22T13:00:00Z");
    private static final Duration CHECKPOINT = Duration.ofMinutes(1);
    private static final Duration SEGMENT = Duration.ofSeconds(1);
    private static final PurgePlanner PLANNER =
            new PurgePlanner(CHECKPOINT, SEGMENT, PurgeLevel.ERASED, Duration.ofMinutes(2));

    private static PendingPurge purge(PurgeReason reason, OptionalLong offset) {
        return new PendingPurge(
                UUID.randomUUID(),
                new SlotReference(1, 1),
                reason,
                offset,
                false,
                OptionalLong.empty(),
                OptionalLong.empty(),
                T0,
                ReadBack.DIRECT,
                List.of(),
                Optional.of(T0.plusSeconds(600)),
                T0.plusSeconds(450));
    }

    private static CompletionTracker.Completed completed(long prefix, long lastSignup) {
        return new CompletionTracker.Completed(prefix, lastSignup);
    }

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

    @Test
    void of_two_things_known_of_one_slot_the_purge_takes_the_better_and_covers_both_records() {
        PendingPurge found = new PendingPurge(
                UUID.randomUUID(),
                new SlotReference(1, 1),
                PurgeReason.DELIVERED,
                OptionalLong.of(12),
                false,
                OptionalLong.empty(),
                OptionalLong.empty(),
                T0,
                ReadBack.UNOBSERVED,
                List.of(),
                Optional.empty(),
                T0.plusSeconds(99));
        PendingPurge told = purge(PurgeReason.DELIVERED, OptionalLong.of(8));
        for (PendingPurge merged : List.of(found.merge(told), told.merge(found))) {
            assertThat(merged.offset()).hasValue(12);
            assertThat(merged.eraseBy()).isPresent();
            assertThat(merged.readBack()).isEqualTo(ReadBack.DIRECT);
        }
    }

    private static PendingPurge parked(OptionalLong offset, OptionalLong parkedEnd) {
        return parked(offset, parkedEnd, OptionalLong.empty());
    }

    private static PendingPurge parked(OptionalLong offset, OptionalLong parkedEnd, OptionalLong signupsEnd) {
        PendingPurge plain = purge(PurgeReason.DELIVERED, offset);
        return new PendingPurge(
                plain.signupId(),
                plain.slot(),
                plain.reason(),
                offset,
                true,
                parkedEnd,
                signupsEnd,
                T0,
                ReadBack.DIRECT,
                List.of(),
                plain.eraseBy(),
                plain.fallbackAt());
    }

    private static PartitionPurge verifiedTo(long offset) {
        return PartitionPurge.NONE
                .cut(offset, T0)
                .observed(new PartitionPurge.Cut(offset, T0), offset, Brokers.replicas(3, 3));
    }

    @Test
    void a_signup_that_was_parked_is_unreachable_when_both_topics_are_cut() {
        PendingPurge purge = parked(OptionalLong.of(8), OptionalLong.of(20));
        assertThat(PLANNER.level(purge, verifiedTo(9), verifiedTo(20), T0)).contains(PurgeLevel.UNREACHABLE);
        assertThat(PLANNER.level(purge, verifiedTo(9), verifiedTo(19), T0)).isEmpty();
        assertThat(PLANNER.level(purge, verifiedTo(8), verifiedTo(20), T0)).isEmpty();
        assertThat(PLANNER.level(purge, verifiedTo(9), PartitionPurge.NONE.cut(20, T0), T0))
                .as("not verified")
                .isEmpty();
        assertThat(PLANNER.level(parked(OptionalLong.of(8), OptionalLong.empty()), verifiedTo(9), verifiedTo(99), T0))
                .as("where the parked topic ends is not known yet")
                .isEmpty();
        PendingPurge copyOnly = parked(OptionalLong.empty(), OptionalLong.of(20), OptionalLong.of(12));
        assertThat(PLANNER.level(copyOnly, verifiedTo(11), verifiedTo(20), T0))
                .as("only the copy is known; the record may be any that stood in the main topic")
                .isEmpty();
        assertThat(PLANNER.level(copyOnly, verifiedTo(12), verifiedTo(20), T0)).contains(PurgeLevel.UNREACHABLE);
        assertThat(PLANNER.level(purge, verifiedTo(9), PartitionPurge.NONE, purge.fallbackAt()))
                .contains(PurgeLevel.UNREADABLE);
    }

    /** The newest record of a parked topic may be a marker: no signup is finished behind it, and yet the purge waits for it. */
    @Test
    void a_purge_that_waits_for_the_end_of_the_parked_topic_gets_its_cut_though_only_markers_are_left() {
        PartitionPurge state = PartitionPurge.NONE.cut(8, T0);
        assertThat(PLANNER.cut(state, completed(9, 7), OptionalLong.of(9))).contains(new PurgePlanner.Operation.Cut(9));
        assertThat(PLANNER.cut(state, completed(8, 7), OptionalLong.of(9)))
                .as("a record before it is not finished")
                .isEmpty();
        assertThat(PLANNER.cut(state.cut(9, T0), completed(9, 7), OptionalLong.of(9)))
                .as("once")
                .isEmpty();
        assertThat(PLANNER.cut(PartitionPurge.NONE, completed(0, -1), OptionalLong.of(0)))
                .as("an empty topic is verified as well")
                .contains(new PurgePlanner.Operation.Cut(0));
    }

    @Test
    void what_is_known_of_the_parked_topic_is_not_forgotten_when_two_findings_are_put_together() {
        PendingPurge found = purge(PurgeReason.DELIVERED, OptionalLong.of(8));
        PendingPurge told = parked(OptionalLong.of(8), OptionalLong.of(20));
        for (PendingPurge merged : List.of(found.merge(told), told.merge(found))) {
            assertThat(merged.parked()).isTrue();
            assertThat(merged.parkedEnd()).hasValue(20);
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
