package org.brokerhandoff.router.handoff;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokerhandoff.event.BrokerLoad;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.routing.BrokerFacts;
import org.brokerhandoff.routing.Load;
import org.brokerhandoff.routing.RoutingInput;
import org.brokerhandoff.schemas.LanguageTags;

/**
 * What the world is like when a step is decided for one signup.
 *
 * @param directory the directory version in force
 * @param loads states of the brokers that the consent lists, as far as there is something to say of them
 * @param placesKnown whether the places under caps are known; without them no broker with caps is chosen or asked
 * @param places brokers under whose caps the signup has a place in the current hour
 * @param pinged brokers that said, without knowing the person, that they want the signup
 * @param downForLong brokers that are no longer waited for, since their breakers have been open for so long
 * @param nonReceiptAfter time after the last attempt from which a broker's word that it does not know the signup is final
 */
public record Circumstances(
        BrokerDirectory directory,
        Map<String, Load> loads,
        boolean placesKnown,
        Set<String> places,
        Set<String> pinged,
        Set<String> downForLong,
        Duration nonReceiptAfter) {
    private static final Duration USUAL_NON_RECEIPT_AFTER = Duration.ofMinutes(6);

    /** Copies the collections. */
    public Circumstances {
        loads = Map.copyOf(loads);
        places = Set.copyOf(places);
        pinged = Set.copyOf(pinged);
        downForLong = Set.copyOf(downForLong);
    }

    /**
     * No broker is down for long.
     *
     * @param directory the directory version in force
     * @param loads states of the brokers that the consent lists
     * @param placesKnown whether the places under caps are known
     * @param places brokers under whose caps the signup has a place
     * @param pinged brokers that want the signup
     */
    public Circumstances(
            BrokerDirectory directory,
            Map<String, Load> loads,
            boolean placesKnown,
            Set<String> places,
            Set<String> pinged) {
        this(directory, loads, placesKnown, places, pinged, Set.of(), USUAL_NON_RECEIPT_AFTER);
    }

    /** Every broker is well and has places. */
    public static Circumstances of(BrokerDirectory directory) {
        return new Circumstances(directory, Map.of(), true, Set.of(), Set.of());
    }

    RoutingInput input(PendingSignup signup, History history, Instant now) {
        return input(signup, history.passedOver(), now);
    }

    RoutingInput input(PendingSignup signup, Map<String, ExclusionReason> passedOver, Instant now) {
        return new RoutingInput(
                signup.signupId(),
                signup.purpose(),
                signup.country(),
                // A record from before the upgrade may have a longer tag.
                signup.language().flatMap(LanguageTags::canonical),
                signup.recipients(),
                passedOver,
                loads,
                now);
    }

    /** The loads as events have them, by broker id. */
    List<BrokerLoad> loadEvents() {
        return directory.facts().stream()
                .filter(broker -> loads.containsKey(broker.id()))
                .map(broker -> load(broker).event(broker))
                .toList();
    }

    Load load(BrokerFacts broker) {
        return loads.getOrDefault(broker.id(), Load.NONE);
    }
}
