package org.brokerhandoff.router.domain;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the event log says of one signup. A value: each fact gives a new one, in the order of the log.
 *
 * @param assignment the assignment that stands: recorded, and not refused since
 * @param refusedBy brokers that did not take it
 * @param deliveredTo the broker that confirmed it
 * @param undeliverable whether it was recorded that no broker can take it
 */
public record History(
        Optional<Assignment> assignment, Set<String> refusedBy, Optional<String> deliveredTo, boolean undeliverable) {
    /** Nothing recorded. */
    public static final History NONE = new History(Optional.empty(), Set.of(), Optional.empty(), false);

    /** Copies the set. */
    public History {
        refusedBy = Set.copyOf(refusedBy);
    }

    /**
     * With an assignment. The first one of a hop stands: should two routers have recorded one each, both have to reach the same
     * broker.
     */
    public History assigned(Assignment made) {
        boolean known = assignment.isPresent() && assignment.get().hop() >= made.hop();
        return known || refusedBy.contains(made.broker())
                ? this
                : new History(Optional.of(made), refusedBy, deliveredTo, undeliverable);
    }

    /** With a refusal, which ends the assignment to that broker. */
    public History refused(String broker) {
        Set<String> refused = new HashSet<>(refusedBy);
        refused.add(broker);
        return new History(
                assignment.filter(standing -> !standing.broker().equals(broker)), refused, deliveredTo, undeliverable);
    }

    /** With a delivery. */
    public History delivered(String broker) {
        return new History(assignment, refusedBy, Optional.of(broker), undeliverable);
    }

    /** With the finding that no broker can take it. */
    public History foundUndeliverable() {
        return new History(assignment, refusedBy, deliveredTo, true);
    }

    /** Number of the hop that the next assignment would be. */
    public int nextHop() {
        return refusedBy.size();
    }
}
