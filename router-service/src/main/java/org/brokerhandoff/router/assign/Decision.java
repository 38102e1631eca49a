package org.brokerhandoff.router.assign;

import java.util.List;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.UndeliverableReason;
import org.brokerhandoff.router.directory.Broker;

/** What was decided for a signup, with the reasons. */
public sealed interface Decision {
    /**
     * A broker was chosen.
     *
     * @param broker the choice
     * @param candidates who could have been chosen, the choice among them
     * @param exclusions who could not, and why
     */
    record Assign(Broker broker, List<Broker> candidates, List<Exclusion> exclusions) implements Decision {}

    /**
     * No broker of the directory can take the signup.
     *
     * @param reason why
     * @param exclusions every broker with its reason
     */
    record NoBroker(UndeliverableReason reason, List<Exclusion> exclusions) implements Decision {}
}
