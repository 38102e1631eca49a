package org.brokerhandoff.router.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Instant;
import org.brokerhandoff.event.ExclusionReason;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");

    @Test
    void of_one_hop_the_first_assignment_stands_and_of_two_hops_the_later() {
        Assignment first = new Assignment("a", 0, NOW);
        Assignment rival = new Assignment("b", 0, NOW);
        Assignment later = new Assignment("c", 1, NOW);
        assertThat(History.NONE.assigned(first).assigned(rival).assignment()).contains(first);
        assertThat(History.NONE.assigned(first).assigned(later).assignment()).contains(later);
        assertThat(History.NONE.assigned(later).assigned(first).assignment()).contains(later);
    }

    @Test
    void a_repeat_of_an_assignment_keeps_the_first_time() {
        Assignment first = new Assignment("a", 0, NOW);
        History history = History.NONE.assigned(first).assigned(new Assignment("a", 0, NOW.plusSeconds(9)));
        assertThat(history.open()).containsExactly(first);
    }

    @Test
    void a_refusal_ends_the_assignment_to_that_broker_for_ever() {
        History history =
                History.NONE.assigned(new Assignment("a", 0, NOW)).refused("a").assigned(new Assignment("a", 0, NOW));
        assertThat(history.assignment()).isEmpty();
        assertThat(history.nextHop()).isEqualTo(1);
    }

    @Test
    void a_broker_that_declined_a_ping_of_one_router_may_have_been_assigned_by_another() {
        Assignment made = new Assignment("a", 0, NOW);
        assertThat(History.NONE.declined("a").assigned(made).assignment()).contains(made);
        assertThat(History.NONE.assigned(made).declined("a").refused("a").passedOver())
                .containsExactly(entry("a", ExclusionReason.REFUSED_BEFORE));
        assertThat(History.NONE.refused("a").declined("a").ended("a")).isTrue();
    }

    @Test
    void a_later_part_of_the_log_is_applied_after_what_was_known() {
        History known = History.NONE.assigned(new Assignment("a", 0, NOW)).foundParked();
        History later = History.NONE.refused("a").assigned(new Assignment("b", 1, NOW));
        History joined = known.followedBy(later);
        assertThat(joined.assignment()).contains(new Assignment("b", 1, NOW));
        assertThat(joined.open()).hasSize(1);
        assertThat(joined.passedOver()).containsExactly(entry("a", ExclusionReason.REFUSED_BEFORE));
        assertThat(joined.parked()).isTrue();
        assertThat(known.followedBy(History.NONE.delivered("a")).deliveredTo()).contains("a");
        assertThat(known.followedBy(History.NONE)).isEqualTo(known);
    }
}
