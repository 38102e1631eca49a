package org.brokerhandoff.register;

import java.util.Optional;
import org.brokerhandoff.event.PurgeReason;

/** State of a signup. */
public enum SignupState {
    /** Accepted; no broker has it or is about to get it. */
    RECEIVED,
    /** Assigned to a broker that has not answered for good. */
    ASSIGNED,
    /** A broker confirmed that it has the signup. */
    DELIVERED,
    /** The consent was withdrawn, whether before or after the handoff. */
    WITHDRAWN,
    /** Purged because its time was up. */
    EXPIRED,
    /** Purged, or to be purged, because no broker can take it or its record could not be read. */
    UNDELIVERABLE;

    /**
     * The state that the facts known so far amount to. Facts of different topics arrive in any order, so each is asked for by
     * itself, and the purge's reason, which custody decided, stands in for the event that it followed from.
     *
     * <p>A withdrawal wins over a delivery, since it says what the person wants now. A delivery wins over every other reason of
     * a purge: where the clock ran out while the broker was answering, the broker has the data.
     *
     * @param withdrawn there is a withdrawal
     * @param delivered a broker has confirmed
     * @param undeliverable the router has given up
     * @param purged the purge's reason, once it is purged
     * @param assigned there is an assignment whose broker has not refused
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
