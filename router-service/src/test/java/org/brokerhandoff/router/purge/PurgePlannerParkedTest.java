package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.router.purge.PlannedPurges.PLANNER;
import static org.brokerhandoff.router.purge.PlannedPurges.T0;
import static org.brokerhandoff.router.purge.PlannedPurges.completed;
import static org.brokerhandoff.router.purge.PlannedPurges.parked;
import static org.brokerhandoff.router.purge.PlannedPurges.purge;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.ReadBack;
import org.junit.jupiter.api.Test;

/** Purges of signups that were parked: of two topics. */
class PurgePlannerParkedTest {
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
}
