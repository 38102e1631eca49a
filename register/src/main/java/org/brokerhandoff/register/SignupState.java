package org.brokerhandoff.register;

import java.util.Optional;
import org.brokerhandoff.event.PurgeReason;

/** State of a signup. */
public enum SignupState {
    /** Accepted; no broker has it or is about to get it. */
    RECEIVED,
    /** Assigned to a broker without a final answer. */
    ASSIGNED,
    /** A broker confirmed that it has the signup. */
    DELIVERED,
    /** The consent was withdrawn, whether before or after the handoff. */
    WITHDRAWN,
    /** Purged at its deadline. */
    EXPIRED,
    /** Purged, or to be purged, because no broker can take it or its record could not be read. */
    UNDELIVERABLE;

    /**
     * The state implied by the facts known so far. Facts of different topics arrive in any order, so each is checked separately, and the
     * purge's reason, which custody decided, substitutes for the event that caused it.
     *
     * <p>A withdrawal takes precedence over a delivery, since it is the person's current will. A delivery takes precedence over every other
     * reason of a purge: if the deadline passed while the broker was answering, the broker has the data.
     *
     * @param withdrawn whether there is a withdrawal
     * @param delivered whether a broker has confirmed
     * @param undeliverable whether the router has given up
     * @param purged the purge's reason, once purged
     * @param assigned whether there is an assignment whose broker has not refused
     */
    public static SignupState of(
            boolean withdrawn,
            boolean delivered,
            boolean undeliverable,
            Optional<PurgeReason> purged,
            boolean assigned) {
        if (withdrawn || purged.filter(PurgeReason.WITHDRAWN::equals).isPresent()) {
            return WITHDRAWN;
        }
        if (delivered) {
            return DELIVERED;
        }
        if (purged.isPresent()) {
            return switch (purged.get()) {
                case DELIVERED -> DELIVERED;
                case WITHDRAWN -> WITHDRAWN;
                case EXPIRED, LOST -> EXPIRED;
                case UNDELIVERABLE, INVALID -> UNDELIVERABLE;
            };
        }
        if (undeliverable) {
            return UNDELIVERABLE;
        }
        return assigned ? ASSIGNED : RECEIVED;
    }
}
