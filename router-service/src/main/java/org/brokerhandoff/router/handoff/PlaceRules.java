package org.brokerhandoff.router.handoff;

import java.util.List;
import java.util.Optional;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.routing.Places.Place;

/** Which of a signup's places are free again. Pure. */
final class PlaceRules {
    private PlaceRules() {}

    /**
     * The places to give back: of a broker that certainly has not accepted, and to which no router can be about to send the signup. In
     * doubt a place is kept, which costs the broker a signup at the most; the other way round its cap would be exceeded.
     */
    static List<Place> free(List<Place> held, Optional<SlotView> slot, History history) {
        return held.stream()
                .filter(place -> free(place.broker(), slot, history))
                .toList();
    }

    private static boolean free(String broker, Optional<SlotView> slot, History history) {
        if (history.deliveredTo().filter(broker::equals).isPresent()) {
            return false;
        }
        if (history.ended(broker)) {
            return slot.filter(
                            view -> view.broker().equals(BrokerTag.of(broker)) && ReleaseRules.sentAgain(view, history))
                    .isEmpty();
        }
        if (slot.isEmpty()
                || slot.get().broker().equals(BrokerTag.of(broker))
                || history.open().stream().map(Assignment::broker).anyMatch(broker::equals)) {
            // It may have had an attempt, or is about to.
            return slot.filter(view -> erased(view) && !view.broker().equals(BrokerTag.of(broker)))
                    .isPresent();
        }
        // Erased, the slot is no longer offered to any broker. Offered to another one, it settles only the
        // place of a broker that declined: a slot still names a broker that has refused or was released while
        // the place is that of the next offer. What is kept here is free when the signup has ended.
        return erased(slot.get())
                || (history.passedOver().containsKey(broker)
                        && !slot.get().broker().equals(BrokerTag.NONE)
                        && !ReleaseRules.ended(slot.get().broker(), history));
    }

    private static boolean erased(SlotView slot) {
        return slot.state() == SlotState.ERASED;
    }
}
