package org.brokerhandoff.routing;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.UndeliverableReason;

/** What was decided for a signup, with the reasons. */
public sealed interface Decision {
    /** The brokers that could not be chosen, by id, and why. */
    List<Exclusion> exclusions();

    /**
     * A broker was chosen.
     *
     * @param broker the choice
     * @param candidates brokers that could have been chosen, including the choice
     */
    record Assign(BrokerFacts broker, List<BrokerFacts> candidates, List<Exclusion> exclusions) implements Decision {}

    /**
     * No broker can take the signup now, but one may later.
     *
     * @param until when the first of them may, if known; possibly sooner, if a place becomes free or the directory changes
     */
    record Wait(Optional<Instant> until, List<Exclusion> exclusions) implements Decision {}

    /**
     * No broker of the directory can take the signup.
     *
     * @param reason why
     */
    record NoBroker(UndeliverableReason reason, List<Exclusion> exclusions) implements Decision {}
}
