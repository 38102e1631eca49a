package org.brokerhandoff.router.deliver;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.PendingSignup;

/** One delivery, over all its attempts, which come one after the other in one lane. */
final class DeliveryTask {
    final PendingSignup signup;
    final Assignment assignment;
    final Broker broker;
    final Optional<Instant> until;
    final Ownership ours;
    /** Whether an attempt may have reached the broker without our learning its answer. */
    boolean mayHaveIt;
    /** Attempts that the slot counts, as far as this router knows. */
    int counted;
    /** Attempts made in this delivery. */
    int made;
    /** How often no place was free. */
    int busy;

    Attempts attempts;

    DeliveryTask(PendingSignup signup, Delivery.Order order, Attempts attempts, Ownership ours) {
        this.signup = signup;
        this.assignment = order.assignment();
        this.broker = order.broker();
        this.counted = order.attempts();
        this.until = order.until();
        this.mayHaveIt = order.offeredBefore();
        this.attempts = attempts;
        this.ours = ours;
    }
}
