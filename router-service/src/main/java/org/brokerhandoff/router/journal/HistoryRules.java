package org.brokerhandoff.router.journal;

import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.PingMade;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;

/** How each event of {@code handoffs} changes a signup's history. Pure. */
public final class HistoryRules {
    private HistoryRules() {}

    /** The history with {@code event}. */
    public static History apply(History history, SpecificRecord event) {
        if (event instanceof Assigned assigned) {
            return history.assigned(new Assignment(assigned.getBroker(), assigned.getHop(), assigned.getDecidedAt()));
        } else if (event instanceof Refused refused) {
            return history.refused(refused.getBroker()).with(history.attempts().settledTo(refused.getAttempt()));
        } else if (event instanceof AttemptMade made) {
            return history.with(history.attempts()
                    .with(made.getAttempt(), made.getEndedAt(), made.getOutcome() != AttemptOutcome.NOT_SENT));
        } else if (event instanceof Released released) {
            if (released.getAttempts() == 0 && history.ended(released.getBroker())) {
                // A repeat. Which attempts came before the first, only the first says.
                return history;
            }
            // None: the signup was never offered, or the router did not record the number yet.
            int settled = released.getAttempts() == 0 ? history.attempts().last() : released.getAttempts();
            return history.released(released.getBroker())
                    .with(history.attempts().settledTo(settled));
        } else if (event instanceof PingMade ping) {
            return history.declined(ping.getBroker());
        } else if (event instanceof Postponed) {
            return history.foundPostponed();
        } else if (event instanceof Delivered delivered) {
            return history.delivered(delivered.getBroker());
        } else if (event instanceof Undeliverable) {
            return history.foundUndeliverable();
        } else if (event instanceof Parked) {
            return history.foundParked();
        }
        return history;
    }
}
