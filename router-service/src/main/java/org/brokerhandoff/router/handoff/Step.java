package org.brokerhandoff.router.handoff;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.routing.BrokerFacts;
import org.brokerhandoff.routing.Decision;

/** What is to be done next for a signup. */
public sealed interface Step {
    /** Whether it begins something with a broker, or finds that no broker gets the signup. */
    default boolean choosesBroker() {
        return this instanceof RecordAssignment
                || this instanceof RecordUndeliverable
                || this instanceof RecordPostponed
                || this instanceof AwaitPlaces
                || this instanceof RequestPlace
                || this instanceof Ping;
    }

    /** Record the assignment, before a byte goes to the broker. */
    record RecordAssignment(Decision.Assign decision, int hop) implements Step {}

    /** Record that no broker can take it. */
    record RecordUndeliverable(Decision.NoBroker decision) implements Step {}

    /** Record, once for each signup, that no broker can take it now, and one may later. */
    record RecordPostponed(Decision.Wait decision) implements Step {}

    /** Wait until the places under caps are known. */
    record AwaitPlaces() implements Step {}

    /** Ask for a place under the caps of the broker that was chosen, or is assigned, in the current windows. */
    record RequestPlace(BrokerFacts broker) implements Step {}

    /** Ask the broker that was chosen whether it would take such a signup, before it is assigned. */
    record Ping(Broker broker, int hop) implements Step {}

    /**
     * Deliver to the broker of the standing assignment.
     *
     * @param attempts how many the slot counts
     * @param offeredBefore whether something may have been sent to this broker: it may have the person's data
     * @param until when its hours or the window of its place end, and no attempt may start any more
     */
    record Deliver(Assignment assignment, Broker broker, int attempts, boolean offeredBefore, Optional<Instant> until)
            implements Step {}

    /**
     * Record that the assignment has ended, since it is certain that its broker does not have the signup.
     *
     * @param attempts how many attempts the slot has counted
     */
    record Release(Assignment assignment, ReleaseReason reason, int attempts) implements Step {}

    /**
     * Ask a broker that gets nothing now whether it has the signup.
     *
     * @param attempt number of the last attempt there
     * @param releases whether its word that it does not know the signup is final
     * @param otherwise why the signup is parked if nothing comes of it
     */
    record Ask(Assignment assignment, Broker broker, int attempt, boolean releases, ParkingReason otherwise)
            implements Step {}

    /** Read the log again: the slot names a broker that the history does not know, and no other may be asked. */
    record ReadHistory() implements Step {}

    /**
     * Wait apart from the others: the assigned broker cannot be asked now, and no other may be; or there is none.
     *
     * @param assignment the standing assignment; empty if it waits for any broker that can take it
     * @param notBefore until when that broker asked to be left alone
     */
    record Park(Optional<Assignment> assignment, ParkingReason reason, Optional<Instant> notBefore) implements Step {}

    /** Nothing: a newer copy of this record waits in the parked topic, and continues it. */
    record LeaveToNewerCopy() implements Step {}

    /**
     * Record an attempt that custody counted after the broker's end, and whose end no router recorded: the broker may have the signup again,
     * and must be notified of a withdrawal.
     *
     * @param attempt its number
     * @param endedAt when it had ended at the latest
     */
    record RecordAttempt(Assignment assignment, int attempt, Instant endedAt) implements Step {}

    /** Destroy the key. */
    record Erase(EraseReason reason) implements Step {}

    /** Done; the purge of this slot is due. */
    record Complete(SlotView slot) implements Step {}

    /** Done; custody does not know the slot any more, so its purge was either acknowledged or has to be looked for in the log. */
    record CompleteWithoutSlot() implements Step {}
}
