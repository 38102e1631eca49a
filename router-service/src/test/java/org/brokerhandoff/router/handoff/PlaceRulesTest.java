package org.brokerhandoff.router.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.routing.Places.Place;
import org.junit.jupiter.api.Test;

class PlaceRulesTest {
    private static final UUID ID = UUID.fromString("01936d2e-0000-7000-8000-000000000001");
    private static final Place PLACE = new Place("first", Examples.RECEIVED, Examples.RECEIVED);
    private static final BrokerTag FIRST = BrokerTag.of("first");
    private static final BrokerTag SECOND = BrokerTag.of("second");
    private static final History ASSIGNED = History.NONE.assigned(new Assignment("first", 0, Examples.RECEIVED));

    private static boolean free(SlotState state, BrokerTag broker, History history) {
        SlotView slot = Examples.slot(
                ID, state, state == SlotState.ERASED ? Optional.of(EraseReason.WITHDRAWN) : Optional.empty(), broker);
        return PlaceRules.free(List.of(PLACE), Optional.of(slot), history).equals(List.of(PLACE));
    }

    @Test
    void a_place_is_kept_while_the_broker_may_yet_get_the_signup() {
        assertThat(free(SlotState.HELD, BrokerTag.NONE, History.NONE)).isFalse();
        assertThat(free(SlotState.HELD, BrokerTag.NONE, ASSIGNED)).isFalse();
        assertThat(free(SlotState.OFFERED, FIRST, ASSIGNED)).isFalse();
        // A former owner may have had another answer to its ping, and have assigned it.
        assertThat(free(SlotState.HELD, BrokerTag.NONE, History.NONE.declined("first")))
                .isFalse();
    }

    @Test
    void a_place_is_kept_where_an_attempt_may_have_arrived() {
        assertThat(free(SlotState.ERASED, FIRST, ASSIGNED)).isFalse();
        assertThat(free(SlotState.ERASED, FIRST, History.NONE)).isFalse();
        assertThat(free(SlotState.ERASED, FIRST, ASSIGNED.delivered("first"))).isFalse();
        // Sent again since, by an owner that had not read of the refusal.
        assertThat(free(SlotState.OFFERED, FIRST, ASSIGNED.refused("first"))).isFalse();
        assertThat(PlaceRules.free(List.of(PLACE), Optional.empty(), ASSIGNED)).isEmpty();
    }

    @Test
    void a_place_is_free_once_the_broker_certainly_has_not_accepted_and_cannot_any_more() {
        Attempts settled = Attempts.NONE.settledTo(1);
        assertThat(free(SlotState.OFFERED, FIRST, ASSIGNED.refused("first").with(settled)))
                .isTrue();
        assertThat(free(SlotState.OFFERED, FIRST, ASSIGNED.released("first").with(settled)))
                .isTrue();
        assertThat(free(SlotState.OFFERED, SECOND, History.NONE.declined("first")))
                .isTrue();
        assertThat(free(SlotState.ERASED, SECOND, History.NONE)).isTrue();
        assertThat(free(SlotState.ERASED, BrokerTag.NONE, ASSIGNED)).isTrue();
        assertThat(free(SlotState.ERASED, SECOND, ASSIGNED.refused("first").delivered("second")))
                .isTrue();
    }
}
