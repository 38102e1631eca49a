package org.brokerhandoff.router.deliver;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.custody.PriorOffer;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.PendingSignup;

/** One delivery, over all its attempts, which come one after the other. */
final class DeliveryTask {
    final PendingSignup signup;
    final Assignment assignment;
    final Broker broker;
    final PriorOffer prior;
    final Optional<Instant> until;
    /** Whether an attempt may have reached the broker without our learning its answer. */
    volatile boolean mayHaveIt;
    /** Attempts that are known of, made here or before. */
    volatile int known;
    /** Attempts made in this delivery. */
    final AtomicInteger made = new AtomicInteger();
    /** How often no place was free. */
    final AtomicInteger busy = new AtomicInteger();

    volatile Attempts attempts;

    DeliveryTask(
            PendingSignup signup,
            Assignment assignment,
            Broker broker,
            PriorOffer prior,
            Optional<Instant> until,
            boolean mayHaveIt,
            Attempts attempts) {
        this.signup = signup;
        this.assignment = assignment;
        this.broker = broker;
        this.prior = prior;
        this.known = prior.attempts();
        this.until = until;
        this.mayHaveIt = mayHaveIt;
        this.attempts = attempts;
    }
}
