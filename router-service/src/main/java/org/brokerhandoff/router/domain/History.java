package org.brokerhandoff.router.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.routing.PassedOverRules;

/**
 * What the event log says of one signup. A value: each fact gives a new one, in the order of the log.
 *
 * @param assignments those that were recorded, the first to each broker, in the order of the log
 * @param passedOver brokers that are not chosen again, and why: {@code REFUSED_BEFORE}, {@code NOT_RECEIVED}, {@code
 *     PING_DECLINED}
 * @param hops number of the hop that the next assignment would be
 * @param deliveredTo the broker that confirmed it
 * @param undeliverable whether it was recorded that no broker can take it
 * @param postponed whether it was recorded that it waits for any broker that can take it
 * @param parked whether it was recorded that the signup is parked, so that copies of it may be in the parked topic
 * @param attempts what is known of the attempts at it
 */
public record History(
        List<Assignment> assignments,
        Map<String, ExclusionReason> passedOver,
        int hops,
        Optional<String> deliveredTo,
        boolean undeliverable,
        boolean postponed,
        boolean parked,
        Attempts attempts) {
    /** Nothing recorded. */
    public static final History NONE =
            new History(List.of(), Map.of(), 0, Optional.empty(), false, false, false, Attempts.NONE);

    /** Copies the collections. */
    public History {
        assignments = List.copyOf(assignments);
        passedOver = Map.copyOf(passedOver);
    }

    /**
     * Assignments that have not ended, in the order of the log. More than one only where two routers decided at the same time; the
     * slot then says which of them counts.
     */
    public List<Assignment> open() {
        return assignments.stream().filter(made -> !ended(made.broker())).toList();
    }

    /** The assignment that stands as long as no slot says otherwise: of the highest hop the first that was recorded. */
    public Optional<Assignment> assignment() {
        return open().stream().reduce((first, later) -> later.hop() > first.hop() ? later : first);
    }

    /** With an assignment. The first one to a broker stands, so that every router sends that broker the same bytes. */
    public History assigned(Assignment made) {
        List<Assignment> all = new ArrayList<>(assignments);
        if (assignments.stream().noneMatch(known -> known.broker().equals(made.broker()))) {
            all.add(made);
        }
        return new History(
                all,
                passedOver,
                Math.max(hops, made.hop() + 1),
                deliveredTo,
                undeliverable,
                postponed,
                parked,
                attempts);
    }

    /** With a refusal, which ends the assignment to that broker. */
    public History refused(String broker) {
        return ended(broker, ExclusionReason.REFUSED_BEFORE);
    }

    /** With the certainty that the broker does not have it, which ends the assignment as a refusal does. */
    public History released(String broker) {
        return ended(broker, ExclusionReason.NOT_RECEIVED);
    }

    /**
     * With a ping that the broker declined. It ends no assignment: of two routers the other may have had another answer, and have
     * sent since. Nor does it take the place of a refusal.
     */
    public History declined(String broker) {
        return passingOver(PassedOverRules.declined(passedOver, broker));
    }

    /** Whether the broker's assignment has ended, and the signup is certain not to be there. */
    public boolean ended(String broker) {
        return PassedOverRules.ended(passedOver, broker);
    }

    private History ended(String broker, ExclusionReason reason) {
        return passingOver(PassedOverRules.ended(passedOver, broker, reason));
    }

    private History passingOver(Map<String, ExclusionReason> over) {
        return new History(assignments, over, hops, deliveredTo, undeliverable, postponed, parked, attempts);
    }

    /** With what is known of the attempts. */
    public History with(Attempts known) {
        return new History(assignments, passedOver, hops, deliveredTo, undeliverable, postponed, parked, known);
    }

    /** With a delivery. */
    public History delivered(String broker) {
        return new History(
                assignments, passedOver, hops, Optional.of(broker), undeliverable, postponed, parked, attempts);
    }

    /** With the finding that no broker can take it. */
    public History foundUndeliverable() {
        return new History(assignments, passedOver, hops, deliveredTo, true, postponed, parked, attempts);
    }

    /** With the finding that no broker can take it now, and one may later. */
    public History foundPostponed() {
        return new History(assignments, passedOver, hops, deliveredTo, undeliverable, true, parked, attempts);
    }

    /** With the intention to park it. */
    public History foundParked() {
        return new History(assignments, passedOver, hops, deliveredTo, undeliverable, postponed, true, attempts);
    }

    /** This history, and after it what a later part of the log says of the same signup. */
    public History followedBy(History later) {
        History joined = this;
        for (Map.Entry<String, ExclusionReason> over : later.passedOver.entrySet()) {
            joined = over.getValue() == ExclusionReason.PING_DECLINED
                    ? joined.declined(over.getKey())
                    : joined.ended(over.getKey(), over.getValue());
        }
        for (Assignment made : later.assignments) {
            joined = joined.assigned(made);
        }
        return new History(
                joined.assignments,
                joined.passedOver,
                Math.max(joined.hops, later.hops),
                deliveredTo.or(later::deliveredTo),
                undeliverable || later.undeliverable,
                postponed || later.postponed,
                parked || later.parked,
                attempts.followedBy(later.attempts));
    }

    /** Number of the hop that the next assignment would be: one more than any that was recorded. */
    public int nextHop() {
        return hops;
    }
}
