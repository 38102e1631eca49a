package org.brokerhandoff.router.handoff;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.deliver.BrokerConditions;
import org.brokerhandoff.router.deliver.BrokerPing;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.routing.BrokerFacts;
import org.brokerhandoff.routing.CapWindow;
import org.brokerhandoff.routing.Load;
import org.brokerhandoff.routing.Places.Place;

/**
 * What decisions look at.
 *
 * @param directory the directory version in force; read once for each step
 * @param conditions how brokers are
 * @param places who has a place under which cap
 * @param ping asks brokers that want to be asked first
 */
public record HandoffSurroundings(
        Supplier<BrokerDirectory> directory, BrokerConditions conditions, PlaceBook places, BrokerPing ping) {
    /** What the world is like for one signup now. */
    Circumstances circumstances(PendingSignup signup, Situation situation, Duration nonReceiptAfter, Instant now) {
        BrokerDirectory inForce = directory.get();
        if (signup.concerns().isPresent()) {
            // It goes where the broker takes notices: what is known of its endpoint says nothing of that, and its hours
            // and caps are for signups.
            return new Circumstances(inForce, Map.of(), true, Set.of(), Set.of(), Set.of(), nonReceiptAfter);
        }
        Map<String, Load> loads = new HashMap<>();
        Set<String> placed = new HashSet<>();
        boolean placesKnown = true;
        for (BrokerFacts broker : inForce.facts()) {
            if (!signup.recipients().contains(broker.id())) {
                continue;
            }
            BrokerConditions.Condition condition = conditions.of(broker.id());
            if (broker.capped()) {
                CapWindow window = CapWindow.at(now, broker.zone());
                placesKnown &= places.ready();
                loads.put(
                        broker.id(),
                        new Load(
                                condition.suspended(),
                                condition.unavailable(),
                                places.takenInHour(broker.id(), window.hour(), signup.signupId()),
                                places.takenOnDay(broker.id(), window.day(), signup.signupId())));
                boolean held = places.held(signup.signupId()).stream()
                        .anyMatch(place -> place.broker().equals(broker.id())
                                && place.hour().equals(window.hour()));
                if (held) {
                    placed.add(broker.id());
                }
            } else if (condition.suspended() || condition.unavailable()) {
                loads.put(broker.id(), new Load(condition.suspended(), condition.unavailable(), 0, 0));
            }
        }
        Set<String> downForLong = new HashSet<>();
        for (String recipient : signup.recipients()) {
            // A breaker that lets a few attempts through has to be given them, or the broker would
            // never be found to be back.
            boolean leftAlone = situation.denied().contains(recipient)
                    || conditions.of(recipient).unavailable();
            if (leftAlone && downForLong(recipient, nonReceiptAfter, now)) {
                downForLong.add(recipient);
            }
        }
        return new Circumstances(inForce, loads, placesKnown, placed, situation.pinged(), downForLong, nonReceiptAfter);
    }

    /** Whether a broker's breaker has been open for so long that it is no longer waited for. */
    boolean downForLong(String broker, Duration nonReceiptAfter, Instant now) {
        return conditions
                .unavailableSince(broker)
                .filter(since -> now.isAfter(since.plus(nonReceiptAfter)))
                .isPresent();
    }

    /** Gives back the places that a signup has and can no longer need. */
    void releasePlaces(PendingSignup signup, Optional<SlotView> slot, History history, Instant now) {
        List<Place> held = places.held(signup.signupId());
        if (!held.isEmpty()) {
            PlaceRules.free(held, slot, history)
                    .forEach(place -> places.release(HandoffEvents.placeReleased(signup, place, now)));
        }
    }
}
