package org.brokerhandoff.router.domain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the event log says of one signup. A value: each fact gives a new one, in the order of the log.
 *
 * @param open assignments that were recorded and not refused since, in the order of the log. More than one only where two
 *     routers decided at the same time; the slot then says which of them counts
 * @param refusedBy brokers that did not take it
 * @param deliveredTo the broker that confirmed it
 * @param undeliverable whether it was recorded that no broker can take it
 * @param parked whether it was recorded that the signup is parked, so that copies of it may stand in the parked topic
 */
public record History(
        List<Assignment> open,
        Set<String> refusedBy,
        Optional<String> deliveredTo,
        boolean undeliverable,
        boolean parked) {
    /** Nothing recorded. */
    public static final History NONE = new History(List.of(), Set.of(), Optional.empty(), false, false);

    /** Copies the collections. */
    public History {
        open = List.copyOf(open);
        refusedBy = Set.copyOf(refusedBy);
    }

    /** The assignment that stands as long as no slot says otherwise: of the highest hop the first that was recorded. */
    public Optional<Assignment> assignment() {
        return open.stream().reduce((first, later) -> later.hop() > first.hop() ? later : first);
    }

    /** With an assignment. The first one to a broker stands, so that every router sends that broker the same bytes. */
    public History assigned(Assignment made) {
        boolean known = open.stream().anyMatch(standing -> standing.broker().equals(made.broker()));
        if (known || refusedBy.contains(made.broker())) {
            return this;
        }
        List<Assignment> assignments = new ArrayList<>(open);
        assignments.add(made);
        return new History(assignments, refusedBy, deliveredTo, undeliverable, parked);
    }

    /** With a refusal, which ends the assignment to that broker. */
    public History refused(String broker) {
        Set<String> refused = new HashSet<>(refusedBy);
        refused.add(broker);
        return new History(
                open.stream()
                        .filter(standing -> !standing.broker().equals(broker))
                        .toList(),
                refused,
                deliveredTo,
                undeliverable,
                parked);
    }

    /** With a delivery. */
    public History delivered(String broker) {
        return new History(open, refusedBy, Optional.of(broker), undeliverable, parked);
    }

    /** With the finding that no broker can take it. */
    public History foundUndeliverable() {
        return new History(open, refusedBy, deliveredTo, true, parked);
    }

    /** With the intention to park it. */
    public History foundParked() {
        return new History(open, refusedBy, deliveredTo, undeliverable, true);
    }

    /** This history, and after it what a later part of the log says of the same signup. */
    public History followedBy(History later) {
        History joined = this;
        for (String broker : later.refusedBy) {
            joined = joined.refused(broker);
        }
        for (Assignment made : later.open) {
            joined = joined.assigned(made);
        }
        return new History(
                joined.open,
                joined.refusedBy,
                deliveredTo.or(later::deliveredTo),
                undeliverable || later.undeliverable,
                parked || later.parked);
    }

    /** Number of the hop that the next assignment would be. */
    public int nextHop() {
        return refusedBy.size();
    }
}
