package org.brokerhandoff.quickstart.observe;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.WithdrawalOutcome;

/**
 * What the kept topics say of one signup so far. A value: each event gives a new one; the order in which events of different topics
 * arrive does not matter.
 */
public record Life(
        UUID signupId,
        Optional<Instant> receivedAt,
        Optional<Instant> assignedAt,
        Optional<String> assignedTo,
        Optional<Delivered> delivered,
        Set<String> deliveredTo,
        Optional<WithdrawalOutcome> withdrawal,
        Optional<Purged> purged) {
    /** Copies the set. */
    public Life {
        deliveredTo = Set.copyOf(deliveredTo);
    }

    /** A life of which nothing is known. */
    public static Life of(UUID signupId) {
        return new Life(
                signupId,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** With an event about this signup. */
    public Life with(SpecificRecord event) {
        if (event instanceof ConsentGranted granted) {
            return new Life(
                    signupId,
                    Optional.of(granted.getReceivedAt()),
                    assignedAt,
                    assignedTo,
                    delivered,
                    deliveredTo,
                    withdrawal,
                    purged);
        } else if (event instanceof ContactReceived received) {
            return new Life(
                    signupId,
                    Optional.of(received.getReceivedAt()),
                    assignedAt,
                    assignedTo,
                    delivered,
                    deliveredTo,
                    withdrawal,
                    purged);
        } else if (event instanceof Assigned assigned) {
            Optional<Instant> first = assignedAt.isPresent() ? assignedAt : Optional.of(assigned.getDecidedAt());
            // Of two routers that decided at the same time the first was recorded first; the slot then says who counts.
            Optional<String> broker = assignedTo.isPresent() ? assignedTo : Optional.of(assigned.getBroker());
            return new Life(signupId, receivedAt, first, broker, delivered, deliveredTo, withdrawal, purged);
        } else if (event instanceof Delivered made) {
            Set<String> brokers = new HashSet<>(deliveredTo);
            brokers.add(made.getBroker());
            return new Life(
                    signupId,
                    receivedAt,
                    assignedAt,
                    assignedTo,
                    delivered.isPresent() ? delivered : Optional.of(made),
                    brokers,
                    withdrawal,
                    purged);
        } else if (event instanceof ConsentWithdrawn withdrawn) {
            return new Life(
                    signupId,
                    receivedAt,
                    assignedAt,
                    assignedTo,
                    delivered,
                    deliveredTo,
                    Optional.of(withdrawn.getOutcome()),
                    purged);
        } else if (event instanceof Purged made) {
            return new Life(
                    signupId,
                    receivedAt,
                    assignedAt,
                    assignedTo,
                    delivered,
                    deliveredTo,
                    withdrawal,
                    Optional.of(made));
        }
        return this;
    }
}
