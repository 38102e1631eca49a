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
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.routing.Places.Place;
import org.junit.jupiter.api.Test;

/** The place of the second broker, while the slot still names the first, which refused. */
class PlaceAfterRefusalTest {
    private static final UUID ID = UUID.fromString("01936d2e-0000-7000-8000-000000000001");
    private static final Place PLACE = new Place("next", Examples.RECEIVED, Examples.RECEIVED);
    private static final History OFFERED_TO_FIRST =
            History.NONE.assigned(new Assignment("first", 0, Examples.RECEIVED));

    private static List<Place> free(SlotState state, History history) {
        SlotView slot = Examples.slot(
                ID,
                state,
                state == SlotState.ERASED ? Optional.of(EraseReason.DELIVERED) : Optional.empty(),
                BrokerTag.of("first"));
        return PlaceRules.free(List.of(PLACE), Optional.of(slot), history);
    }

    @Test
    void a_place_that_was_just_granted_is_kept_though_the_slot_names_the_broker_that_refused() {
        assertThat(free(SlotState.OFFERED, OFFERED_TO_FIRST.refused("first"))).isEmpty();
        assertThat(free(SlotState.OFFERED, OFFERED_TO_FIRST.released("first"))).isEmpty();
    }

    @Test
    void it_is_kept_by_a_router_that_has_not_read_of_the_refusal() {
        assertThat(free(SlotState.OFFERED, OFFERED_TO_FIRST)).isEmpty();
        assertThat(free(SlotState.OFFERED, History.NONE)).isEmpty();
    }

    @Test
    void it_is_free_once_the_broker_declined_and_another_was_offered_the_signup_or_the_signup_has_ended() {
        assertThat(free(SlotState.OFFERED, OFFERED_TO_FIRST.declined("next"))).containsExactly(PLACE);
        assertThat(free(SlotState.ERASED, OFFERED_TO_FIRST)).containsExactly(PLACE);
    }
}
